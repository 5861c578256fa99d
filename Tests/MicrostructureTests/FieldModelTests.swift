import Fields
import Foundation
import Materials
import Microstructure
import NumericalMethods
import Quantities
import Specimens
import Testing

@Suite struct FieldModelTests {
  private func resolve(
    _ resolution: FieldResolution = Fixture.resolution(), on crystal: GrownCrystal = Fixture.crystal(),
    compound: Compound? = nil, support: [(LayerMaterial, Length)]? = nil, seed: UInt64 = 7
  ) throws -> CrystalFields {
    try resolution.resolve(
      crystal, of: try compound ?? Fixture.compound(), on: try support ?? Fixture.glass(),
      electrode: Fixture.electrode, seed: seed)
  }

  @Test func theSameSeedGivesTheSameBits() throws {
    let first = try resolve()
    #expect(try resolve() == first)
    let other = try resolve(seed: 8)
    #expect(other.vacancyDensity != first.vacancyDensity)
    #expect(other.stepMap != first.stepMap)
  }

  @Test func aPreparedModelGivesWhatAFreshOneGives() throws {
    let model = try FieldModel(
      Fixture.resolution(), of: try Fixture.compound(), on: try Fixture.glass(), electrode: Fixture.electrode)
    for device in 0..<3 {
      var random = RandomSource(seed: 7, device: device, stream: .fields)
      let fresh = try Fixture.resolution().resolve(
        Fixture.crystal(), of: try Fixture.compound(), on: try Fixture.glass(), electrode: Fixture.electrode, seed: 7,
        device: device)
      #expect(try model.resolve(Fixture.crystal(), random: &random) == fresh)
    }
  }

  @Test func withoutDisorderTheDensityIsExactlyItsMean() throws {
    let fields = try resolve(Fixture.resolution(deviation: 0, steps: 0))
    #expect(fields.vacancyDensity.values.allSatisfy { $0 == 5e23 })
    #expect(fields.stepMap.values.allSatisfy { $0 == 1 })
    #expect(fields.meanVacancyDensity.si == 5e23)
    #expect(Set(fields.migrationBarrier.values).count == 1)
  }

  /// Check M08, elastic part.
  @Test func withoutEigenstrainTheBarrierIsExactlyUnstrained() throws {
    let fields = try resolve(
      Fixture.resolution(deviation: 0), on: Fixture.crystal(grownAt: 350, temperature: 350))
    #expect(fields.strain.components.allSatisfy { $0.values.allSatisfy { $0 == 0 } })
    #expect(fields.migrationBarrier.values.allSatisfy { $0 == fields.unstrainedBarrier.si })
    #expect(fields.residualStress.si == 0)
  }

  /// Check L15: films cooled by 75 K on glass are under some 50 MPa (10.1038/s41467-020-15338-1, abstract); 10.2 GPa.
  @Test func aFilmCooledOnGlassIsUnderSomeTensOfMegapascals() throws {
    let (young, poisson) = (10.2, 0.3)
    let shear = young / 2 / (1 + poisson)
    let lame = young * poisson / (1 + poisson) / (1 - 2 * poisson)
    let fields = try resolve(
      Fixture.resolution(deviation: 0),
      on: Fixture.crystal(thickness: .nanometers(400), grownAt: 373, temperature: 298),
      compound: try Fixture.compound(c11: lame + 2 * shear, c12: lame, c44: shear))
    #expect((20e6...60e6).contains(fields.residualStress.si), "\(fields.residualStress.si)")
  }

  /// Check V33: s = E/(1 − ν) (α_f − α_s)(T_g − T).
  @Test func aCooledCrystalIsInTensionByTheMisfit() throws {
    let (young, poisson) = (20.0, 0.3)
    let shear = young / 2 / (1 + poisson)
    let lame = young * poisson / (1 + poisson) / (1 - 2 * poisson)
    let fields = try resolve(
      Fixture.resolution(deviation: 0), compound: try Fixture.compound(c11: lame + 2 * shear, c12: lame, c44: shear))
    let strain = (3.7e-5 - 9e-6) * 50
    #expect(abs(fields.residualStrain.si / strain - 1) < 1e-12)
    #expect(abs(fields.residualStress.si / (young * 1e9 / (1 - poisson) * strain) - 1) < 1e-12)
    let trace = strain * (2 - 2 * poisson / (1 - poisson))
    let bulk = young * 1e9 / 3 / (1 - 2 * poisson)
    let lowering = 0.05 * pow(5.93e-10, 3) * bulk * trace
    for barrier in fields.migrationBarrier.values {
      #expect(abs((fields.unstrainedBarrier.si - barrier) / lowering - 1) < 1e-9)
    }
  }

  /// Check M05.
  @Test func theUnitOfLengthDoesNotMatter() throws {
    let a = try resolve(Fixture.resolution())
    let b = try resolve(Fixture.resolution(unit: Length.micrometers, scale: 1e-3))
    for (x, y) in zip(a.vacancyDensity.values, b.vacancyDensity.values) { #expect(abs(x / y - 1) < 1e-12) }
    for (x, y) in zip(a.migrationBarrier.values, b.migrationBarrier.values) { #expect(abs(x / y - 1) < 1e-12) }
    #expect(a.vacancyCount.values == b.vacancyCount.values)
  }

  @Test func theWindowStandsInTheRichestStepCell() throws {
    let fields = try resolve(Fixture.resolution(deviation: 0))
    let richest = fields.stepMap.values.max()!
    #expect(fields.stepMap[fields.windowCell.x, fields.windowCell.y, 0] == richest)
    #expect(richest > 1.1)
    #expect(fields.vacancyDensity.values.allSatisfy { abs($0 / (5e23 * richest) - 1) < 1e-14 })
    #expect(fields.stepMap.grid.nx == 32 && abs(fields.stepMap.grid.spacing.x * 32 - 2e-4) < 1e-18)
  }

  @Test func vacanciesFollowTheStrainWithoutChangingTheirNumber() throws {
    let crystal = Fixture.crystal(density: 2e25)
    let still = try resolve(on: crystal, compound: Fixture.compound(relaxationVolume: 0))
    let moved = try resolve(on: crystal, compound: Fixture.compound(relaxationVolume: 0.1))
    #expect(abs(moved.vacancyDensity.mean / still.vacancyDensity.mean - 1) < 1e-12)
    // Swelling vacancies press on each other where they crowd, and thin out there.
    #expect(moved.vacancyDensity.extremes.high < still.vacancyDensity.extremes.high)
    #expect(moved.vacancyDensity.extremes.low > still.vacancyDensity.extremes.low)
  }

  @Test func aDeviceSeesTheRingOnWhichItStands() throws {
    let densities = try (0..<200).map { seed in
      try resolve(
        Fixture.resolution(width: 4, height: 4), on: Fixture.crystal(zoned: true), seed: UInt64(seed)
      ).meanVacancyDensity.si
    }
    // Centers reach 400 µm from the nucleus at most: the electrode must fit.
    #expect(densities.allSatisfy { $0 >= 5e23 && $0 <= 5 * 5e23 * (1 + 1e-12) })
    let mean = densities.reduce(0, +) / 200
    // The electrode's mean of a density that grows with distance, over all places: by the midpoint rule.
    let crystal = Fixture.crystal(zoned: true)
    let points = (0..<60).map { (Double($0) + 0.5) / 60 - 0.5 }
    var sum = 0.0
    for x in points {
      for y in points {
        for u in stride(from: -0.45, to: 0.5, by: 0.1) {
          for v in stride(from: -0.45, to: 0.5, by: 0.1) {
            sum += crystal.halideVacancies(at: crystal.center + 8e-4 * SIMD2(x, y) + 2e-4 * SIMD2(u, v))
          }
        }
      }
    }
    let expected = sum / 360_000
    let error = 5e23 * (16.0 / 18 / 200).squareRoot()
    #expect(abs(mean - expected) < 3.5 * error)
  }

  @Test func aThinCrystalFillsItsWindowAndFeelsItsSupport() throws {
    let resolution = Fixture.resolution(height: nil)
    let thin = Fixture.crystal(thickness: .nanometers(81))
    let soft = try resolve(resolution, on: thin, support: [(Fixture.layer(1, expansion: 9e-6), .millimeters(1))])
    let hard = try resolve(resolution, on: thin, support: [(Fixture.layer(400, expansion: 9e-6), .millimeters(1))])
    #expect(soft.vacancyDensity.grid.nz == 20)
    #expect(soft.strain != hard.strain)
    let thick = try resolve(Fixture.resolution(width: 8, height: nil))
    #expect(thick.vacancyDensity.grid.nz == FieldWindow.planeLimit)
    #expect(abs(thick.vacancyDensity.grid.origin.z - (20e-6 - 128 * 4e-9)) < 1e-15)
  }

  @Test func limitsThatWerePassedAreTold() throws {
    let codes = { (fields: CrystalFields) -> Set<String> in Set(fields.warnings.map(\.code)) }
    #expect(try codes(resolve()).isSuperset(of: ["narrowWindow", "clippedSpectrum"]))
    let wide = try codes(resolve(Fixture.resolution(width: 64, height: 8)))
    #expect(!wide.contains("narrowWindow"))
    #expect(try codes(resolve(on: Fixture.crystal(grownAt: 1300))).contains("largeStrain"))
    #expect(!wide.contains("largeStrain"))
    #expect(try codes(resolve(on: Fixture.crystal(density: 5e26))).contains("strongCoupling"))
    #expect(!wide.contains("strongCoupling"))
  }

  @Test func wrongInputIsNamed() throws {
    #expect(throws: FieldError.oddWindow(key: "size[0]", voxels: 15)) { try resolve(Fixture.resolution(width: 15)) }
    #expect(throws: FieldError.smallWindow(key: "size[0]", voxels: 2)) { try resolve(Fixture.resolution(width: 2)) }
    #expect(throws: FieldError.noSupport) { try resolve(support: []) }
    #expect(throws: FieldError.noCrystal) { try resolve(on: Fixture.crystal(thickness: .nanometers(0))) }
    #expect(throws: FieldError.notFinite("the crystal's halide vacancy density")) {
      try resolve(on: Fixture.crystal(density: .nan))
    }
    #expect(throws: FieldError.self) {
      try resolve(Fixture.resolution(height: 100), on: Fixture.crystal(thickness: .nanometers(100)))
    }
  }

  /// A crystal that lies on no mirror plane, or askew, is solved voxel by voxel.
  @Test func aCrystalMayLieInAnyWay() throws {
    func fields(_ rotation: Rotation, _ face: SIMD3<Int>, deviation: Double = 0.5) throws -> CrystalFields {
      var resolution = Fixture.resolution(deviation: deviation)
      resolution.correlationLength = .nanometers(32)
      return try resolve(
        resolution,
        on: Fixture.crystal(
          density: 2e25,
          orientation: Orientation(quaternion: rotation.quaternion, face: face, mosaicWidth: Angle(si: 0))))
    }
    let flat = try fields(.identity, SIMD3(0, 0, 1))
    // Just beyond the tilt that counts as flat.
    let askew = try fields(Rotation(axis: SIMD3(1, 0, 0), angle: 1.01 * Double.pi / 180), SIMD3(0, 0, 1))
    #expect(abs(askew.residualStress.si / flat.residualStress.si - 1) < 0.01)
    let spread = { (field: Field) -> Double in
      let mean = field.mean
      return (field.values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(field.values.count)).squareRoot()
    }
    let (a, b) = (flat.strain.components[2], askew.strain.components[2])
    var difference = a
    for i in difference.values.indices { difference.values[i] -= b.values[i] }
    // A degree moves strains by 2θ (c11 − c12 − 2 c44)/2 c44, some 7 %, in a crystal that is so soft in shear.
    #expect(spread(difference) < 0.2 * spread(a), "\(spread(difference) / spread(a))")
    // The stiff and the soft direction: E/(1 − ν) of a film on {111} from the tensor itself.
    let normal = SIMD3(1.0, 1, 1)
    let turned = ElasticTensor(c11: 31.5, c12: 9.7, c44: 3.7).rotated(by: Rotation(from: normal, to: SIMD3(0, 0, 1)))
    let diagonal = try fields(Rotation(from: normal, to: SIMD3(0, 0, 1)), SIMD3(1, 1, 1), deviation: 0)
    let across = -(turned[1, 3] + turned[2, 3]) / turned[3, 3]
    let modulus = turned[1, 1] + turned[1, 2] + turned[1, 3] * across
    #expect(abs(diagonal.residualStress.si / (modulus * 1e9 * diagonal.residualStrain.si) - 1) < 1e-3)
  }

  /// The medium of a film goes from that of one crystal, as its texture is sharp, to that of a powder; every one lies
  /// between the bounds of Voigt and Reuss of its in-plane modulus and answers hydrostatic strain alike.
  @Test func theMediumOfAFilmFollowsItsTexture() throws {
    let (c11, c12, c44) = (31.5, 9.7, 3.7)
    func film(_ r: Double, _ normal: SIMD3<Double> = SIMD3(0, 0, 1)) throws -> Stiffness {
      try Stiffness.film(c11: c11, c12: c12, c44: c44, normal: normal, texture: MarchDollase(r: r))
    }
    func modulus(_ c: Stiffness) -> Double { c.c11 + c.c12 - 2 * c.c13 * c.c13 / c.c33 }
    let (powder, medium) = (try film(1), try Stiffness.polycrystal(c11: c11, c12: c12, c44: c44))
    #expect(abs(modulus(powder) / modulus(medium) - 1) < 2e-3)
    #expect(abs(powder.c44 / medium.c44 - 1) < 2e-3)
    // Biaxial stretch of a plane of a cube: all turns about its normal are alike.
    let sharp = try film(1e-3)
    #expect(abs(modulus(sharp) / (c11 + c12 - 2 * c12 * c12 / c11) - 1) < 1e-3)
    #expect(abs(sharp.c44 / c44 - 1) < 1e-3)
    for r in [1e-3, 0.1, 0.5, 1, 2] {
      for normal in [SIMD3(0.0, 0, 1), SIMD3(1, 1, 0), SIMD3(1, 1, 1)] {
        let c = try film(r, normal)
        let bulk = c11 + 2 * c12
        #expect(abs((c.c11 + c.c12 + c.c13) / bulk - 1) < 1e-12)
        #expect(abs((2 * c.c13 + c.c33) / bulk - 1) < 1e-12)
        #expect(abs(c.c66 - 0.5 * (c.c11 - c.c12)) < 1e-12)
      }
    }
    let middle = modulus(try film(0.3))
    #expect(modulus(sharp) > middle && middle > modulus(powder))
  }

  /// Grains with stiffness of their own: the mean stress is near that of the medium that they make, and they differ.
  @Test func grainsOfTheirOwnStiffnessScatterAboutTheMedium() throws {
    var film = Fixture.crystal(thickness: .nanometers(160))
    film.grains = grains(mobility: 1)
    film.grains?.size = .nanometers(40)
    var resolution = Fixture.resolution(width: 40, height: 40, deviation: 0)
    let medium = try resolve(resolution, on: film)
    resolution.elasticity = .resolved
    let resolved = try resolve(resolution, on: film)
    #expect(medium.grains == resolved.grains)
    #expect(abs(resolved.residualStress.si / medium.residualStress.si - 1) < 0.08)
    let extremes = resolved.strain.components[2].extremes
    #expect(extremes.high - extremes.low > 0.2 * abs(resolved.residualStrain.si))
    #expect(medium.strain.components[2].extremes.high == medium.strain.components[2].extremes.low)
    // In-plane strain is the support's on average.
    #expect(abs(resolved.strain.components[0].mean / resolved.residualStrain.si - 1) < 1e-3)
  }

  /// A film of many grains lies in all ways: one tilted grain is no obstacle, and its stiffness is isotropic, between
  /// the bounds of Voigt and Reuss.
  @Test func aFilmOfGrainsIsAnIsotropicMedium() throws {
    let tilted = Orientation(
      quaternion: SIMD4(cos(0.3), sin(0.3), 0, 0), face: SIMD3(0, 0, 1), mosaicWidth: Angle(si: 1e-3))
    var film = Fixture.crystal(orientation: tilted)
    film.grains = grains(mobility: 1)
    let fields = try resolve(on: film)
    var other = film
    other.orientation = Fixture.crystal().orientation
    #expect(try resolve(on: other).strain == fields.strain)
    let (c11, c12, c44) = (31.5, 9.7, 3.7)
    let medium = try Stiffness.polycrystal(c11: c11, c12: c12, c44: c44)
    #expect(abs(medium.c44 - (medium.c11 - medium.c12) / 2) < 1e-12)
    let (voigt, reuss) = ((c11 - c12 + 3 * c44) / 5, 5 * (c11 - c12) * c44 / (4 * c44 + 3 * (c11 - c12)))
    #expect(medium.c44 > reuss && medium.c44 < voigt)
    #expect(abs(medium.bulkModulus - (c11 + 2 * c12) / 3) < 1e-12)
    // Grains that are isotropic themselves make the same medium.
    let same = try Stiffness.polycrystal(c11: 30, c12: 10, c44: 10)
    #expect(abs(same.c11 - 30) < 1e-12 && abs(same.c44 - 10) < 1e-12)
  }

  /// Boundaries as ways beside the grains: D = D_g [1 + (m − 1) δ S_v]; neutral at m = 1.
  @Test(arguments: [0.01, 1, 100, 1e4])
  func boundariesSpeedOrSlowHopsAsWaysSideBySide(mobility: Double) throws {
    // A window in which boundaries run.
    let seed = try #require(
      try (1..<200).first { seed in
        var film = Fixture.crystal()
        film.grains = grains(mobility: 1)
        return Set(try resolve(on: film, seed: UInt64(seed)).grains!.values).count > 1
      })
    func diffusivities(_ mobility: Double) throws -> [Double] {
      var film = Fixture.crystal()
      film.grains = grains(mobility: mobility)
      return try resolve(on: film, seed: UInt64(seed)).migrationBarrier.values.map {
        exp(-$0 / (Constants.boltzmann * 300))
      }
    }
    let (none, some, twice) = (try diffusivities(1), try diffusivities(mobility), try diffusivities(2))
    // What m = 2 adds is δ S_v of each voxel.
    for ((a, b), c) in zip(zip(none, some), twice) {
      #expect(abs(b / a - 1 - (mobility - 1) * (c / a - 1)) < 1e-9 * max(1, b / a))
    }
    #expect(zip(none, twice).contains { $1 / $0 > 1.05 })
  }

  private func grains(mobility: Double) -> GrainStructure {
    GrainStructure(
      size: .nanometers(200), logDeviation: 0.3, boundaryDensity: 1e7, texture: Ratio(si: 1),
      boundaryTraps: ArealDensity(si: 0), boundaryMobility: Ratio(si: mobility))
  }
}
