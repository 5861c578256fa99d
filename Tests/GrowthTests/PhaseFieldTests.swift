import Fields
import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Testing

/// Laws of the phase field, in units of W = 1 µm and W²/D = 1 ms.
@Suite struct PhaseFieldTests {
  static let width = 1e-6
  static let diffusivity = 1e-9
  static let unit = width * width / diffusivity

  /// A face whose coupling λ is given: d = 0.884 W/λ.
  static func face(
    coupling: Double, attachmentSpeed: Double? = nil, surface: Double = 0, kinetic: Double = 0
  ) throws -> PhaseFieldInterface {
    try PhaseFieldInterface(
      diffusivity: Diffusivity(si: diffusivity), capillaryLength: Length(si: 0.883883 * width / coupling),
      attachmentSpeed: attachmentSpeed.map { Velocity(si: $0) }, width: Length(si: width),
      surfaceAnisotropy: surface, kineticAnisotropy: kinetic)
  }

  static func box(_ columns: Int, _ rows: Int, edges: PhaseFieldBox.Edges = .periodic) throws -> PhaseFieldBox {
    try PhaseFieldBox(columns: columns, rows: rows, spacing: Length(si: 0.8 * width), edges: edges)
  }

  /// Half width of the strip in the middle of a box.
  static func halfWidth(_ growth: PhaseFieldGrowth) -> Double {
    growth.crystalArea.si / growth.box.size.y / 2
  }

  @Test func aFlatFrontFollowsTheSimilaritySolution() throws {
    let omega = 0.5
    let lambda = try Roots.brent(1e-6, 10, tolerance: 1e-14) { x in
      Double.pi.squareRoot() * x * SpecialFunctions.scaledComplementaryError(x) - omega
    }
    let box = try Self.box(400, 2)
    let seed = PhaseFieldSeed(.strip, center: box.size / 2, radius: Length(si: 12 * Self.width))
    var growth = try PhaseFieldGrowth(
      try Self.face(coupling: 8), supersaturation: Ratio(si: omega), in: box, seeds: [seed], start: .uniform)
    // X² = 4 λ² D t + … once the start is forgotten; the slope of X² needs no origin of time in the exponent 1/2.
    var squares: [(time: Double, square: Double)] = []
    for _ in 0..<3 {
      try growth.advance(steps: 250)
      squares.append((growth.time.si, pow(Self.halfWidth(growth) - seed.radius.si, 2)))
    }
    let slopes = (0..<2).map {
      (squares[$0 + 1].square - squares[$0].square) / (squares[$0 + 1].time - squares[$0].time)
    }
    let expected = 4 * lambda * lambda * Self.diffusivity
    #expect(abs(slopes[1] / expected - 1) < 0.03, "\(slopes[1] / expected)")
    let exponent = 0.5 * log(squares[2].square / squares[1].square) / log(squares[2].time / squares[1].time)
    #expect(abs(exponent - 0.5) < 0.02, "\(exponent)")
  }

  @Test func aSlowFaceKeepsItsKineticSupersaturation() throws {
    // u_i = V/v, once where attachment rules and once where diffusion does.
    for (speed, omega) in [(0.01, 0.15), (0.1, 0.4)] {
      let speed = speed * Self.width / Self.unit
      let box = try Self.box(400, 2)
      let seed = PhaseFieldSeed(.strip, center: box.size / 2, radius: Length(si: 10 * Self.width))
      var growth = try PhaseFieldGrowth(
        try Self.face(coupling: 1, attachmentSpeed: speed), supersaturation: Ratio(si: omega), in: box, seeds: [seed],
        start: .uniform)
      for _ in 0..<3 {
        try growth.advance(steps: 200)
        let before = Self.halfWidth(growth)
        try growth.advance(steps: 10)
        let (half, potential) = (Self.halfWidth(growth), growth.potential)
        try growth.advance(steps: 10)
        let velocity = (Self.halfWidth(growth) - before) / (20 * growth.timeStep.si)
        let outside = [6.0, 8, 10].map { distance in
          let place = (box.size.x / 2 + half + distance * Self.width) / box.spacing.si - 0.5
          let (column, share) = (Int(place), place - place.rounded(.down))
          return (1 - share) * potential[column, 0, 0] + share * potential[column + 1, 0, 0]
        }
        // The liquid's profile, a parabola, continued to the sharp face.
        let face = 10 * outside[0] - 15 * outside[1] + 6 * outside[2]
        #expect(abs(face / (velocity / speed) - 1) < 0.02, "\(face) \(velocity / speed)")
      }
    }
  }

  @Test func aRoundCrystalRestsWhereTheSolutionSuitsItsCurvature() throws {
    let face = try Self.face(coupling: 2)
    let box = try Self.box(48, 48)
    let seed = PhaseFieldSeed(center: box.size / 2, radius: Length(si: 8 * Self.width))
    for omega in [0.08, 0.16] {
      var growth = try PhaseFieldGrowth(
        face, supersaturation: Ratio(si: omega), in: box, seeds: [seed], start: .uniform)
      try growth.advance(steps: Int(900 * Self.unit / growth.timeStep.si))
      let radius = try #require(growth.faceDistance(from: box.size / 2, along: SIMD2(1, 0))).si
      // Gibbs and Thomson: u = d/R.
      let liquid = growth.potential[0, 0, 0]
      #expect(abs(liquid * radius / face.capillaryLength.si - 1) < 0.01)
    }
  }

  @Test func surfaceAnisotropyGivesWulffsShape() throws {
    let anisotropy = 0.04
    let box = try Self.box(48, 48)
    let seed = PhaseFieldSeed(center: box.size / 2, radius: Length(si: 9 * Self.width))
    var growth = try PhaseFieldGrowth(
      try Self.face(coupling: 2, surface: anisotropy), supersaturation: Ratio(si: 0.05), in: box, seeds: [seed],
      start: .uniform)
    try growth.advance(steps: 3000)
    let along = try #require(growth.faceDistance(from: box.size / 2, along: SIMD2(1, 0))).si
    let across = try #require(growth.faceDistance(from: box.size / 2, along: SIMD2(1, 1))).si
    // Both are extremes of γ(n), so their distances from the middle are as γ.
    let expected = (1 + anisotropy) / (1 - anisotropy)
    #expect(abs(along / across - expected) < 0.15 * (expected - 1), "\(along / across) \(expected)")
  }

  @Test func soluteIsNeitherMadeNorLost() throws {
    let box = try Self.box(64, 48, edges: .walls)
    let seeds = [SIMD2(12e-6, 9e-6), SIMD2(36e-6, 25e-6)].map {
      PhaseFieldSeed(center: $0, radius: Length(si: 4 * Self.width))
    }
    let face = try Self.face(
      coupling: 4, attachmentSpeed: 2 * Self.width / Self.unit, surface: 0.02, kinetic: 0.5)
    var growth = try PhaseFieldGrowth(face, supersaturation: Ratio(si: 0.3), in: box, seeds: seeds)
    func total() -> Double { growth.potential.mean + 0.5 * growth.phase.mean + 0.5 }
    let before = total()
    let area = growth.crystalArea.si
    try growth.advance(steps: 300)
    #expect(growth.crystalArea.si > 1.5 * area)
    #expect(abs(total() / before - 1) < 1e-10)
    #expect(growth.balanceError < 1e-10)
  }

  @Test func wallsReflect() throws {
    // A crystal in the corner of a walled box is a quarter of the crystal in the middle of a periodic one.
    let face = try Self.face(coupling: 10)
    let walled = try Self.box(32, 32, edges: .walls)
    let periodic = try Self.box(64, 64)
    let radius = Length(si: 6 * Self.width)
    var quarter = try PhaseFieldGrowth(
      face, supersaturation: Ratio(si: 0.3), in: walled, seeds: [PhaseFieldSeed(center: .zero, radius: radius)])
    var whole = try PhaseFieldGrowth(
      face, supersaturation: Ratio(si: 0.3), in: periodic,
      seeds: [PhaseFieldSeed(center: periodic.size / 2, radius: radius)])
    try quarter.advance(steps: 60)
    try whole.advance(steps: 60)
    #expect(abs(4 * quarter.crystalArea.si / whole.crystalArea.si - 1) < 1e-9)
  }

  @Test func halvingTheTimeStepQuartersTheError() throws {
    let box = try Self.box(64, 64)
    let seed = PhaseFieldSeed(center: box.size / 2, radius: Length(si: 6 * Self.width))
    let areas = try [64, 128, 256].map { steps in
      var growth = try PhaseFieldGrowth(
        try Self.face(coupling: 6), supersaturation: Ratio(si: 0.3), in: box, seeds: [seed],
        timeStep: TimeSpan(si: 64 * Self.unit / Double(steps)))
      try growth.advance(steps: steps)
      return growth.crystalArea.si
    }
    let order = log2(abs((areas[0] - areas[1]) / (areas[1] - areas[2])))
    #expect(abs(order - 2) < 0.3, "\(order)")
  }

  @Test func theGridLeavesNoDirectionButSlowFacesDo() throws {
    let box = try Self.box(80, 80)
    let center = box.size / 2 + SIMD2(0.13e-6, 0.21e-6)
    let seed = PhaseFieldSeed(center: center, radius: Length(si: 6 * Self.width))
    func squareness(_ face: PhaseFieldInterface) throws -> Double {
      var growth = try PhaseFieldGrowth(face, supersaturation: Ratio(si: 0.4), in: box, seeds: [seed])
      while growth.crystalArea.si < 300e-12 { try growth.advance(steps: 20) }
      return try #require(growth.faceDistance(from: center, along: SIMD2(1, 1))).si
        / #require(growth.faceDistance(from: center, along: SIMD2(1, 0))).si
    }
    #expect(abs(try squareness(try Self.face(coupling: 5)) - 1) < 0.01)
    let slow = try Self.face(coupling: 5, attachmentSpeed: 0.2 * Self.width / Self.unit, kinetic: 0.7)
    #expect(try squareness(slow) > 1.2)
  }

  @Test func whatCannotBeSetUpIsNamed() throws {
    let face = try Self.face(coupling: 5)
    let box = try Self.box(32, 32)
    let small = PhaseFieldSeed(center: box.size / 2, radius: Length(si: Self.width))
    #expect(throws: PhaseFieldError.smallSeed(radius: small.radius.si, width: Self.width)) {
      try PhaseFieldGrowth(face, supersaturation: Ratio(si: 0.1), in: box, seeds: [small])
    }
    #expect(throws: PhaseFieldError.noSeed) {
      try PhaseFieldGrowth(face, supersaturation: Ratio(si: 0.1), in: box, seeds: [])
    }
    #expect(throws: PhaseFieldError.coarse(spacing: 2e-6, width: Self.width)) {
      let coarse = try PhaseFieldBox(columns: 32, rows: 32, spacing: Length(si: 2e-6))
      return try PhaseFieldGrowth(face, supersaturation: Ratio(si: 0.1), in: coarse, seeds: [small])
    }
    #expect(throws: PhaseFieldError.self) { try Self.face(coupling: 5, surface: 0.1) }
    #expect(throws: PhaseFieldError.self) { try Self.face(coupling: 5, kinetic: 0.5) }
    #expect(throws: PhaseFieldError.self) { try PhaseFieldBox(columns: 31, rows: 32, spacing: Length(si: 1e-6)) }
  }

  @Test func aStepThatIsFarTooLongIsRefusedInWords() throws {
    let box = try Self.box(32, 32)
    let seed = PhaseFieldSeed(center: box.size / 2, radius: Length(si: 6 * Self.width))
    var growth = try PhaseFieldGrowth(
      try Self.face(coupling: 2), supersaturation: Ratio(si: 0.5), in: box, seeds: [seed],
      timeStep: TimeSpan(si: 1000 * Self.unit))
    #expect(throws: PhaseFieldError.self) { try growth.advance(steps: 200) }
  }

  @Test func aPlateOfSolutionGrowsWhatItHoldsTooMuch() throws {
    let library = try Fixture.library()
    let compound = try library.material("MAPbBr3")
    let liquor = try MotherLiquor(of: compound, in: "DMF", library: library)
    let temperature = Temperature.celsius(80)
    let saturation = liquor.saturation(at: temperature.si)
    let edge = 1e-3
    var growth = try PhaseFieldGrowth(
      of: compound, in: liquor, concentration: Concentration(si: 3 * saturation), at: temperature,
      plateEdge: Length(si: edge), points: 80, nuclei: [SIMD2(0.5e-3, 0.5e-3)])
    // Moles over those that stay dissolved, shared out to a crystal of ρ_c.
    let (c, rest) = (3 * saturation, saturation)
    let v = 1 / compound.molarDensity
    let share = (c / (1 + c * v) - rest / (1 + rest * v)) / (compound.molarDensity - rest / (1 + rest * v))
    #expect(abs(growth.supersaturation.si / share - 1) < 1e-12)
    let seed = growth.seeds[0]
    let age = try growth.age(of: seed).si
    #expect(age > 0 && age < edge * edge / growth.interface.diffusivity.si)
    let area = growth.crystalArea.si
    try growth.advance(steps: 150)
    #expect(growth.crystalArea.si > 1.5 * area)
    #expect(growth.crystalArea.si < share * edge * edge)
    for (ratio, points) in [(0.9, 80), (3, 32)] {
      #expect(throws: PhaseFieldError.self) {
        try PhaseFieldGrowth(
          of: compound, in: liquor, concentration: Concentration(si: ratio * saturation), at: temperature,
          plateEdge: Length(si: edge), points: points, nuclei: [SIMD2(0.5e-3, 0.5e-3)])
      }
    }
  }
}
