import Foundation
import Growth
import NumericalMethods
import Quantities
import Testing

/// Growth of a disc by the phase field against the exact law of the sharp front, physics (2.4).
@Suite struct PhaseFieldTests {
  static let diffusivity = 1e-9
  static let width = 1e-6

  static func face(coupling: Double, width: Double = width) throws -> PhaseFieldInterface {
    try PhaseFieldInterface(
      diffusivity: Diffusivity(si: diffusivity), capillaryLength: Length(si: 0.883883 * width / coupling),
      width: Length(si: width))
  }

  /// λ from dA/dt = 4π λ² D over the later half of a growth from one radius to another, against Frank's.
  ///
  /// The start is Frank's profile, and the rim sits at u = d/R, which (2.4) takes off the supersaturation. The exponent
  /// is that of R against the age t + R₀²/4λ²D.
  static func disc(
    supersaturation omega: Double, points: Int, from first: Double, to last: Double, width: Double = width,
    coupling: Double = 30
  ) throws -> (deviation: Double, exponent: Double) {
    let face = try face(coupling: coupling, width: width)
    let box = try PhaseFieldBox(columns: points, rows: points, spacing: Length(si: 0.9 * width))
    let seed = PhaseFieldSeed(center: box.size / 2, radius: Length(si: first))
    var growth = try PhaseFieldGrowth(face, supersaturation: Ratio(si: omega), in: box, seeds: [seed])
    let bare = try FrankGrowth.discCoefficient(supersaturation: omega)
    let age = first * first / (4 * bare * bare * diffusivity)
    let duration = age * (last * last / (first * first) - 1)
    var moments: [(age: Double, area: Double)] = []
    for _ in 0..<2 {
      try growth.advance(steps: Int(0.5 * duration / growth.timeStep.si))
      moments.append((age + growth.time.si, growth.crystalArea.si))
    }
    #expect(growth.balanceError < 1e-10)
    let slope = (moments[1].area - moments[0].area) / (moments[1].age - moments[0].age)
    let radius = (0.5 * (moments[0].area + moments[1].area) / Double.pi).squareRoot()
    let expected = try FrankGrowth.discCoefficient(
      supersaturation: omega - face.capillaryLength.si / radius)
    return (
      (slope / (4 * Double.pi * diffusivity)).squareRoot() / expected - 1,
      0.5 * log(moments[1].area / moments[0].area) / log(moments[1].age / moments[0].age)
    )
  }

  @Test(arguments: [(0.05, 192, 9.0), (0.1, 160, 10.0), (0.2, 128, 12.0)])
  func aDiscGrowsAsFrankSays(supersaturation: Double, points: Int, last: Double) throws {
    let long = Fixture.effort > 1
    let scale = long ? 2.5 : 1
    let (deviation, exponent) = try Self.disc(
      supersaturation: supersaturation, points: long ? 512 : points, from: 6 * scale * Self.width,
      to: last * scale * Self.width, coupling: 6 / supersaturation)
    #expect(abs(deviation) < (long ? 0.01 : 0.03), "\(supersaturation): \(deviation)")
    #expect(abs(exponent - 0.5) < 0.015, "\(supersaturation): \(exponent)")
  }

  @Test func halvingTheInterfaceBringsTheDiscCloserToFrank() throws {
    let deviations = try [(1.0, 96), (0.5, 192)].map { width, points in
      try Self.disc(
        supersaturation: 0.3, points: points, from: 7e-6, to: 12e-6, width: width * Self.width,
        coupling: 30 * width)
    }.map { abs($0.deviation) }
    #expect(deviations[1] < 0.7 * deviations[0], "\(deviations)")
    #expect(deviations[1] < 0.015, "\(deviations)")
  }

  @Test func theResultDoesNotHangOnTheInterfacesWidth() throws {
    // The same crystal in the same solution, twice as sharply resolved.
    let areas = try [(1.0, 96), (0.5, 192)].map { width, points in
      let face = try Self.face(coupling: 16 * width, width: width * Self.width)
      let box = try PhaseFieldBox(columns: points, rows: points, spacing: Length(si: 0.8 * width * Self.width))
      let seed = PhaseFieldSeed(center: box.size / 2, radius: Length(si: 7 * Self.width))
      var growth = try PhaseFieldGrowth(face, supersaturation: Ratio(si: 0.3), in: box, seeds: [seed])
      let before = growth.crystalArea.si
      try growth.advance(steps: Int(120e-3 / growth.timeStep.si))
      return growth.crystalArea.si - before
    }
    #expect(abs(areas[1] / areas[0] - 1) < 0.04, "\(areas)")
  }
}
