import Foundation
import Growth
import NumericalMethods
import Quantities
import Testing

@Suite struct ConfinedMapTests {
  static let density = 7960.0
  static let diffusivity = 1e-9

  static func hold(_ time: Double) -> TemperatureProgram {
    try! TemperatureProgram([
      ProgramSegment(from: .kelvin(340), to: .kelvin(340), rate: HeatingRate(si: 1)),
      ProgramSegment(hold: TimeSpan(si: time)),
    ])
  }

  static func gap(_ height: Double, edge: Double) -> GapGeometry {
    GapGeometry(
      middle: Length(si: height), wedge: Angle(si: 0), bow: Curvature(si: 0), plateArea: Area(si: edge * edge),
      wettingFilm: Length(si: 0))
  }

  /// One crystal from nothing, c* kept at its rim, in a plate too large to be felt.
  static func frank(omega: Double, width: Int, time: Double, stepScale: Double = 1) throws -> ConfinedMap {
    let saturation = 600.0
    let c = saturation + omega * (density - saturation)
    let laws = ConfinedLaws(
      crystalDensity: density, saturation: { _ in saturation }, diffusivity: { _ in diffusivity },
      integrationSpeed: { excess, _, _ in 1e-2 * excess })
    var map = try ConfinedMap(
      width: width, geometry: gap(1e-7, edge: 1.6e-2), concentration: c, program: hold(time), laws: laws,
      stepScale: stepScale)
    map.insert(at: SIMD2(0.8e-2 + 3e-5, 0.8e-2 - 2e-5))
    var random = RandomSource(seed: 1, stream: .growth)
    try map.run(random: &random)
    return map
  }

  @Test func probe() throws {
    for omega in [0.05, 0.1, 0.2] {
      let exact = try FrankGrowth.discCoefficient(supersaturation: omega)
      for width in [48, 96, 192] {
        for scale in [1.0, 0.5, 0.25] {
        let clock = ContinuousClock()
        var map: ConfinedMap?
        let t = try clock.measure { map = try Self.frank(omega: omega, width: width, time: 2000, stepScale: scale) }
        let m = map!
        let h = m.history
        func lambda(_ k: Int) -> Double { h[k].edges[0] / Double.pi.squareRoot() / (2 * (Self.diffusivity * h[k].time).squareRoot()) }
        let some = [h.count / 4, h.count / 2, h.count - 1].map { "\(Int(h[$0].time)):\(lambda($0) / exact)" }
        print(omega, width, scale, h.count, t, some, m.balanceError, m.crystals[0].edge)
        }
      }
    }
  }
}
