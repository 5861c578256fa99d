import Foundation
import NumericalMethods
import Testing

@Suite struct RotationTests {
  static func source(_ seed: UInt64) -> RandomSource { RandomSource(seed: seed, stream: .growth) }

  @Test func aQuarterTurnAboutZTakesXToY() {
    let turn = Rotation(axis: SIMD3(0, 0, 2), angle: Double.pi / 2)
    #expect((turn(SIMD3(1, 0, 0)) - SIMD3(0, 1, 0)).norm < 1e-15)
    #expect((turn(SIMD3(0, 1, 0)) - SIMD3(-1, 0, 0)).norm < 1e-15)
  }

  @Test func aProductIsTheRightFactorFirst() {
    var random = Self.source(1)
    for _ in 0..<100 {
      let (a, b) = (Rotation.uniform(random: &random), Rotation.uniform(random: &random))
      let v = SIMD3(0.3, -1.1, 0.7)
      #expect(((a * b)(v) - a(b(v))).norm < 1e-14)
      #expect((a.inverse(a(v)) - v).norm < 1e-14)
      #expect(abs(a(v).norm - v.norm) < 1e-14)
      #expect(abs(a.angle(to: a * Rotation(axis: v, angle: 0.4)) - 0.4) < 1e-13)
    }
  }

  @Test func columnsAreTheImagesOfTheAxesAndGiveTheRotationBack() {
    var random = Self.source(2)
    for _ in 0..<100 {
      let turn = Rotation.uniform(random: &random)
      let (x, y, z) = turn.columns
      #expect((turn(SIMD3(1, 0, 0)) - x).norm < 1e-14 && (turn(SIMD3(0, 0, 1)) - z).norm < 1e-14)
      #expect((x.cross(y) - z).norm < 1e-14)
      #expect(Rotation(columns: x, y, z).angle(to: turn) < 1e-7)
    }
    // Half turns, whose trace is −1, ask for the other branches.
    for axis in [SIMD3(1.0, 0, 0), SIMD3(0, 1.0, 0), SIMD3(0, 0, 1.0), SIMD3(1.0, 1, 0)] {
      let turn = Rotation(axis: axis, angle: Double.pi)
      let (x, y, z) = turn.columns
      #expect(Rotation(columns: x, y, z).angle(to: turn) < 1e-7)
    }
  }

  @Test func theShortestRotationTakesOneDirectionToTheOther() {
    var random = Self.source(3)
    let z = SIMD3(0.0, 0, 1)
    for _ in 0..<100 {
      let (a, b) = (Rotation.uniform(random: &random)(z), Rotation.uniform(random: &random)(z))
      let turn = Rotation(from: 3 * a, to: b)
      #expect((turn(a) - b).norm < 1e-14)
      #expect(abs(turn.angle - acos(max(-1, min(1, a.dot(b))))) < 1e-7)
    }
    #expect((Rotation(from: z, to: -z)(z) + z).norm < 1e-15)
    #expect(Rotation(from: z, to: z).angle == 0)
  }

  /// The rotation of every axis is as likely: images of z fill the sphere, cos θ evenly, and the angle has density
  /// (1 − cos ω)/π.
  @Test func uniformRotationsFollowTheHaarMeasure() throws {
    var random = Self.source(4)
    let turns = (0..<20_000).map { _ in Rotation.uniform(random: &random) }
    let heights = turns.map { ($0(SIMD3(0, 0, 1)).z + 1) / 2 }
    #expect(try KolmogorovSmirnovTest(heights) { max(0, min(1, $0)) }.pValue > 0.01)
    #expect(try KolmogorovSmirnovTest(turns.map(\.angle)) { ($0 - sin($0)) / Double.pi }.pValue > 0.01)
  }

  /// A rocking curve sees one of the three axes: its full width is √(8 ln 2) standard deviations.
  @Test func mosaicBlocksTiltByTheRockingWidthAboutEachAxis() throws {
    var random = Self.source(5)
    let width = 1e-3
    let tilts = (0..<20_000).map { _ in Rotation.mosaic(fullWidth: width, random: &random)(SIMD3(0, 0, 1)) }
    let variance = width * width / (8 * log(2.0))
    for component in 0..<2 {
      let mean = tilts.reduce(0) { $0 + $1[component] * $1[component] } / Double(tilts.count)
      // Three standard errors of a variance from 20,000 draws.
      #expect(abs(mean / variance - 1) < 0.03)
    }
  }
}

@Suite struct MisorientationTests {
  @Test func theCubeHasTwentyFourRotations() { #expect(RotationGroup.cubic.rotations.count == 24) }

  /// Mackenzie's law of random cubes: mean 40.74°, none beyond 62.80°.
  @Test func randomCubesAreTurnedByMackenziesAngles() {
    var random = RotationTests.source(6)
    let angles = (0..<40_000).map { _ in
      RotationGroup.cubic.disorientation(Rotation.uniform(random: &random), Rotation.uniform(random: &random))
        * 180 / Double.pi
    }
    #expect(abs(angles.reduce(0, +) / Double(angles.count) - 40.74) < 0.3)
    #expect((61.5...62.80).contains(angles.max()!))
  }

  @Test func symmetryIsNoDisorientation() {
    var random = RotationTests.source(7)
    for turn in RotationGroup.cubic.rotations {
      let a = Rotation.uniform(random: &random)
      #expect(RotationGroup.cubic.disorientation(a, a * turn) < 1e-7)
      let b = Rotation.uniform(random: &random)
      let there = RotationGroup.cubic.disorientation(a, b * turn)
      #expect(abs(there - RotationGroup.cubic.disorientation(b, a)) < 1e-12)
    }
  }
}

@Suite struct TensorRotationTests {
  static let dipole = SymmetricTensor(xx: 1.3, yy: -0.4, zz: 2.2, yz: 0.7, xz: -0.2, xy: 0.5)

  /// All 21 constants differ; the diagonal makes it stable.
  static var triclinic: ElasticTensor {
    var tensor = ElasticTensor()
    for m in 1...6 {
      for n in m...6 { tensor[m, n] = m == n ? 30 + Double(m) : sin(Double(7 * m + n)) }
    }
    return tensor
  }

  @Test func invariantsOfRankTwoStay() {
    var random = RotationTests.source(8)
    let before = Self.dipole.invariants
    for _ in 0..<100 {
      let after = Self.dipole.rotated(by: .uniform(random: &random)).invariants
      #expect(abs(after.first - before.first) < 1e-12 && abs(after.second - before.second) < 1e-12)
      #expect(abs(after.third - before.third) < 1e-12)
    }
  }

  @Test func invariantsOfRankFourStay() {
    var random = RotationTests.source(9)
    let before = Self.triclinic.invariants
    for _ in 0..<100 {
      let turned = Self.triclinic.rotated(by: .uniform(random: &random))
      let after = turned.invariants
      #expect(abs(after.dilatation / before.dilatation - 1) < 1e-12)
      #expect(abs(after.shear / before.shear - 1) < 1e-12 && abs(after.square / before.square - 1) < 1e-12)
      #expect(turned.isStable)
    }
  }

  /// σ(Q ε Qᵀ) of the turned crystal is Q σ(ε) Qᵀ of the straight one: no frame is special.
  @Test func stressTurnsWithTheCrystal() {
    var random = RotationTests.source(10)
    for _ in 0..<20 {
      let turn = Rotation.uniform(random: &random)
      let a = Self.triclinic.rotated(by: turn)(Self.dipole.rotated(by: turn))
      let b = Self.triclinic(Self.dipole).rotated(by: turn)
      for (p, q) in [(a.xx, b.xx), (a.yy, b.yy), (a.zz, b.zz), (a.yz, b.yz), (a.xz, b.xz), (a.xy, b.xy)] {
        #expect(abs(p - q) < 1e-11)
      }
    }
  }

  @Test func theCubesOwnRotationsChangeNothing() {
    let cubic = ElasticTensor(c11: 31.5, c12: 9.7, c44: 3.7)
    for turn in RotationGroup.cubic.rotations {
      for (a, b) in zip(cubic.rotated(by: turn).voigt, cubic.voigt) { #expect(abs(a - b) < 1e-13) }
    }
  }

  /// 1/E[111] and C₁₁ along [110] of a cubic crystal, both known in closed form.
  @Test func aTurnedCubeHasTheConstantsOfItsDirections() {
    let (c11, c12, c44) = (31.5, 9.7, 3.7)
    let cubic = ElasticTensor(c11: c11, c12: c12, c44: c44)
    let up = SIMD3(0.0, 0, 1)
    let along110 = cubic.rotated(by: Rotation(from: SIMD3(1, 1, 0), to: up))[3, 3]
    #expect(abs(along110 - (c11 + c12 + 2 * c44) / 2) < 1e-12)
    let along111 = cubic.rotated(by: Rotation(from: SIMD3(1, 1, 1), to: up))[3, 3]
    #expect(abs(along111 - (c11 + 2 * c12 + 4 * c44) / 3) < 1e-12)
  }

  @Test func aUniaxialTensorHasItsValuesAlongAndAcross() {
    let axis = SIMD3(1.0, -2, 0.5)
    let tensor = SymmetricTensor(along: 2, across: 7, axis: axis)
    #expect(abs(tensor.along(axis) - 2) < 1e-14 && abs(tensor.along(axis.anyNormal) - 7) < 1e-14)
    let turn = Rotation(from: axis, to: SIMD3(0, 0, 1))
    #expect(abs(tensor.rotated(by: turn).zz - 2) < 1e-14)
  }
}
