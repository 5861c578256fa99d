import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Testing

@Suite struct CrystalHabitTests {
  private static func compound(_ lattice: Lattice, faces: [String: FaceEnergy]? = nil) throws -> Compound {
    var compound = try Fixture.library().material("MAPbBr3")
    compound.lattice = lattice
    compound.faces = faces
    return compound
  }

  private static func energies(_ surface: [String: Double]) -> [String: FaceEnergy] {
    surface.mapValues { FaceEnergy(surface: SurfaceEnergy(si: $0)) }
  }

  /// The widest planes of the three cubic lattices and of diamond: Donnay and Harker's textbook habits.
  @Test(arguments: [
    ("Pm-3m", SIMD3(0, 0, 1)), ("Im-3m", SIMD3(0, 1, 1)), ("Fm-3m", SIMD3(1, 1, 1)), ("Fd-3m", SIMD3(1, 1, 1)),
    ("Ia-3d", SIMD3(1, 1, 2)),
  ])
  func theCenteringChoosesTheHabit(symbol: String, face: SIMD3<Int>) throws {
    let centering = Lattice.Centering(rawValue: String(symbol.prefix(1)))!
    let habit = try CrystalHabit(of: Self.compound(LatticeSymmetryTests.lattice(symbol, centering)))
    #expect(habit.restingFace == face)
  }

  /// L18: Cs2AgBiBr6 is face centered, so it shows {111}, whose platelets are triangles; the simple cubes show {100} alone.
  @Test func theDoublePerovskiteShowsOctahedronFacesAndTheSimpleOnesCubes() throws {
    let library = try Fixture.library()
    let double = try CrystalHabit(of: library.material("Cs2AgBiBr6"))
    #expect(double.restingFace == SIMD3(1, 1, 1) && double.forms[0].share > 0.7)
    // Three-fold about the normal: the section along the plate repeats after 120°, not after 90°.
    #expect(double.forms[0].normals.count == 8)
    for name in ["MAPbBr3", "CsPbBr3", "MAPbI3", "MAPbCl3", "FAPbBr3", "FAPbI3"] {
      let habit = try CrystalHabit(of: library.material(name))
      #expect(habit.restingFace == SIMD3(0, 0, 1) && habit.forms.count == 1)
    }
  }

  @Test func layeredCompoundsRestOnTheirLayers() throws {
    let library = try Fixture.library()
    for name in ["(PEA)2PbI4", "(PEA)2PbBr4", "(BA)2PbI4", "CsPb2Br5"] {
      #expect(try CrystalHabit(of: library.material(name)).restingFace == SIMD3(0, 0, 1), "\(name)")
    }
  }

  /// Glides widen what a bare cell would show: without them CsPb2Br5 would show {011}.
  @Test func glidesChangeTheHabit() throws {
    let with = try CrystalHabit(of: Self.compound(LatticeSymmetryTests.lattice("I4/mcm", .I, a: 8.48, c: 15.25)))
    let without = try CrystalHabit(of: Self.compound(LatticeSymmetryTests.lattice(nil, .I, a: 8.48, c: 15.25)))
    #expect(!with.forms.contains { $0.indices == SIMD3(0, 1, 1) })
    #expect(without.forms.contains { $0.indices == SIMD3(0, 1, 1) })
  }

  /// Attachment energies come before BFDH: the octahedron of a simple cubic lattice.
  @Test func attachmentEnergiesOverruleSpacings() throws {
    let cell = LatticeSymmetryTests.lattice(nil, .P)
    let faces = ["100": 2.0, "111": 1.0].mapValues { FaceEnergy(attachment: Energy(si: $0)) }
    #expect(try CrystalHabit(of: Self.compound(cell, faces: faces)).restingFace == SIMD3(1, 1, 1))
    // A pair of faces closes no body, so spacings decide.
    var plate = LatticeSymmetryTests.lattice(nil, .P, c: 9)
    plate.formulaUnits = 1
    let two = ["001": FaceEnergy(attachment: Energy(si: 9))]
    #expect(try CrystalHabit(of: Self.compound(plate, faces: two)).forms.count == 2)
  }

  /// γ = γ₀ − Γ Δμ: the face with the excess grows in area as BX₂ becomes rich, and takes the body at the ratio √3.
  @Test func theEquilibriumShapeFollowsTheChemicalPotential() throws {
    var faces = Self.energies(["100": 1, "111": 1])
    faces["111"]?.metalHalideExcess = ArealDensity(si: 2)
    let compound = try Self.compound(LatticeSymmetryTests.lattice(nil, .P), faces: faces)
    func share(_ potential: Double) throws -> Double {
      let habit = try #require(try CrystalHabit(equilibriumOf: compound, potential: Energy(si: potential)))
      return habit.forms.first { $0.indices == SIMD3(1, 1, 1) }?.share ?? 0
    }
    let shares = try [-0.4, -0.3, -0.1, 0, 0.1, 0.25].map(share)
    #expect(shares[0] == 0 && shares.last == 1)
    for (a, b) in zip(shares, shares.dropFirst()) { #expect(b > a) }
    let limit = (1 - 3.0.squareRoot()) / 2
    #expect(try share(limit - 1e-6) == 0)
    #expect(try share(limit + 1e-2) > 0)
    // No energy left: no shape.
    #expect(try CrystalHabit(equilibriumOf: compound, potential: Energy(si: 0.5)) == nil)
  }

  @Test func aTriclinicBodyHasTheVolumeOfItsThreePairs() throws {
    let cell = LatticeSymmetryTests.lattice("P-1", .P, a: 5, b: 6, c: 7, angles: (80, 95, 105))
    let faces = ["100": 1.0, "010": 1, "001": 1].mapValues { FaceEnergy(attachment: Energy(si: $0)) }
    let habit = try CrystalHabit(of: Self.compound(cell, faces: faces))
    // A parallelepiped of slabs 2 wide: 8 over the triple product of the normals.
    let n = [
      cell.reciprocal(1, 0, 0).normalized, cell.reciprocal(0, 1, 0).normalized, cell.reciprocal(0, 0, 1).normalized,
    ]
    #expect(abs(habit.shape.volume - 8 / abs(n[0].dot(n[1].cross(n[2])))) < 1e-10)
    #expect(abs(habit.forms.reduce(0) { $0 + $1.share } - 1) < 1e-12)
  }
}

@Suite struct RestingOrientationTests {
  /// The resting face's normal stands on the plate, and the azimuth is uniform.
  @Test func theFaceLiesFlatAndTheAzimuthIsFree() throws {
    let library = try Fixture.library()
    for name in ["MAPbBr3", "Cs2AgBiBr6", "(PEA)2PbI4"] {
      let compound = try library.material(name)
      let habit = try CrystalHabit(of: compound)
      var random = RandomSource(seed: 3, stream: .growth)
      var angles: [Double] = []
      for _ in 0..<5000 {
        let orientation = habit.orientation(of: compound, random: &random)
        let turn = Rotation(orientation.quaternion)
        let face = orientation.face
        let normal = turn(compound.lattice.reciprocal(face.x, face.y, face.z).normalized)
        #expect((normal - SIMD3(0, 0, 1)).norm < 1e-12)
        let inPlane = turn(compound.lattice.axes.a)
        angles.append(atan2(inPlane.y, inPlane.x) / (2 * Double.pi) + 0.5)
      }
      #expect(try KolmogorovSmirnovTest(angles) { max(0, min(1, $0)) }.pValue > 0.01)
    }
  }

  /// (2.8): shares of two faces differ by Boltzmann's factor of γ over the nucleus's contact, times how fast their plans spread.
  @Test func nucleiChooseTheFaceByItsEnergyOverTheirContact() throws {
    var compound = try Fixture.library().material("MAPbBr3")
    compound.faces = ["100": 0.010, "111": 0.011].mapValues {
      FaceEnergy(surface: SurfaceEnergy(si: $0), attachment: Energy(si: $0))
    }
    let habit = try CrystalHabit(of: compound)
    #expect(habit.forms.count == 2)
    let temperature = 350.0
    let contact = 1e-18
    let shares = habit.restingShares(of: compound, contact: contact, temperature: temperature)
    let energy = { (i: Int) -> Double in habit.forms[i].indices == SIMD3(1, 1, 1) ? 0.011 : 0.010 }
    let spread = { (i: Int) -> Double in
      Double(habit.forms[i].normals.count) * habit.shape.section(across: habit.forms[i].normals[0])
    }
    let expected =
      exp(-contact * (energy(0) - energy(1)) / (Constants.boltzmann * temperature)) * spread(0) / spread(1)
    #expect(abs(shares[0] / shares[1] / expected - 1) < 1e-12 && abs(shares.reduce(0, +) - 1) < 1e-14)
    var random = RandomSource(seed: 4, stream: .growth)
    let draws = 20_000
    let first = (0..<draws).filter { _ in
      habit.orientation(of: compound, contact: contact, temperature: temperature, random: &random).face
        == habit.forms[0].indices
    }.count
    let error = (shares[0] * shares[1] / Double(draws)).squareRoot()
    #expect(abs(Double(first) / Double(draws) - shares[0]) < 3 * error)
    // A large contact leaves the face of least energy alone.
    let sharp = habit.restingShares(of: compound, contact: 1e-15, temperature: temperature)
    #expect(sharp[habit.forms.firstIndex { $0.indices == SIMD3(0, 0, 1) }!] > 1 - 1e-9)
  }
}
