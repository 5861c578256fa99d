import Fields
import Foundation
import Materials
import Microstructure
import NumericalMethods
import Quantities
import Specimens
import Testing

/// Where defects lie: correlation, faces, grain boundaries, torn edges, single places. Checks V28 and V29.
@Suite struct DefectFieldTests {
  private func mean(_ values: [Double]) -> (value: Double, error: Double) {
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    return (mean, (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1) / n).squareRoot())
  }

  // MARK: correlation

  @Test func oneLengthMeansNoPreferredAxis() throws {
    let grid = Grid(nx: 16, ny: 16, nz: 16, spacing: SIMD3(repeating: 1e-9))
    for covariance in Covariance.allCases {
      let model = try GaussianFieldModel(
        grid, covariance: covariance, deviation: 1, correlationLengths: SIMD3(repeating: 2e-9), periodicity: .none)
      for lag in [1, 3, 7] {
        let along = [model.covariance(atLag: lag, 0, 0), model.covariance(atLag: 0, lag, 0)]
        #expect(abs(along[0] - model.covariance(atLag: 0, 0, lag)) < 1e-12)
        #expect(abs(along[1] - along[0]) < 1e-12)
      }
    }
  }

  /// Drawn fields have as much variance as their spectrum, and their lengths are read back from them.
  @Test func correlationLengthsOfEachAxisAreRecoveredFromFields() throws {
    let grid = Grid(nx: 32, ny: 32, nz: 32, spacing: SIMD3(repeating: 1e-9))
    let lengths = SIMD3(2e-9, 3e-9, 4.5e-9)
    let model = try GaussianFieldModel(
      grid, covariance: .matern32, deviation: 1, correlationLengths: lengths, periodicity: .none)
    var sums = [SIMD3<Double>](repeating: .zero, count: 5)
    for draw in 0..<120 {
      var random = RandomSource(seed: 21, device: draw, stream: .fields)
      let field = model.sample(random: &random)
      for lag in 0..<5 {
        for axis in 0..<3 {
          let step = [1, 32, 1024][axis] * lag
          var sum = 0.0
          var count = 0
          for index in 0..<(grid.count - step) where index / [1, 32, 1024][axis] % 32 + lag < 32 {
            sum += field.values[index] * field.values[index + step]
            count += 1
          }
          sums[lag][axis] += sum / Double(count) / 120
        }
      }
    }
    // A map of some 300 independent pieces, 120 times.
    for axis in 0..<3 { #expect(abs(sums[0][axis] - 1) < 0.03, "\(sums[0])") }
    for axis in 0..<3 {
      // The length for which the law fits the five lags best.
      let misfit = { (length: Double) -> Double in
        (0..<5).reduce(0) { total, lag in
          let d = sums[lag][axis] / sums[0][axis] - Covariance.matern32.value(at: Double(lag) * 1e-9 / length)
          return total + d * d
        }
      }
      let found = stride(from: 0.8, to: 1.2, by: 0.001).map { $0 * lengths[axis] }.min { misfit($0) < misfit($1) }!
      #expect(abs(found / lengths[axis] - 1) < 0.03, "axis \(axis): \(found)")
    }
  }

  /// Parseval: the mean square of a field over its torus is the sum of its spectrum's squares, drawn or not.
  @Test func aFieldHasTheVarianceOfItsSpectrum() throws {
    let grid = Grid(nx: 12, ny: 10, nz: 1, spacing: SIMD3(1e-9, 2e-9, 1e-9))
    let model = try GaussianFieldModel(
      grid, covariance: .matern52, deviation: 1.3, correlationLengths: SIMD3(2e-9, 3e-9, 1e-9), periodicity: .lateral)
    var random = RandomSource(seed: 9, stream: .fields)
    let field = model.sample(random: &random)
    let transform = try RealTransform.volume(nx: 12, ny: 10, nz: 1)
    let spectrum = transform.forward(field.values)
    var sum = 0.0
    for mode in 0..<(7 * 10) {
      let share = mode % 7 == 0 || mode % 7 == 6 ? 1.0 : 2
      sum += share * (spectrum[2 * mode] * spectrum[2 * mode] + spectrum[2 * mode + 1] * spectrum[2 * mode + 1])
    }
    let square = field.values.reduce(0) { $0 + $1 * $1 }
    #expect(abs(sum / 120 / square - 1) < 1e-12)
    #expect(abs(model.covariance(atLag: 0, 0, 0) / 1.69 - 1) < 1e-12)
  }

  /// Wide correlations on a map that does not repeat: a longer torus, or a covariance cut off beyond the map.
  /// Smooth laws as wide as half the map are not quite covariances when cut: then by how much is told.
  @Test(arguments: [
    (Covariance.exponential, 1.0, 1e-9), (.exponential, 0.3, 1e-9), (.matern32, 0.2, 1e-9), (.matern32, 0.5, 1e-4),
    (.matern52, 0.2, 1e-9),
  ])
  func wideCorrelationsAreExactOverTheMap(_ covariance: Covariance, share: Double, clipped: Double) throws {
    let grid = Grid(nx: 32, ny: 32, nz: 1, spacing: SIMD3(repeating: 1e-6))
    let length = 32e-6 * share
    let model = try GaussianFieldModel(
      grid, covariance: covariance, deviation: 0.8, correlationLengths: SIMD3(repeating: length), periodicity: .none)
    #expect(model.clippedFraction < clipped, "\(model.clippedFraction) on \(model.torus)")
    for lag in [(1, 0), (5, 9), (31, 31)] {
      let distance = (Double(lag.0 * lag.0 + lag.1 * lag.1)).squareRoot() * 1e-6
      let target = 0.64 * covariance.value(at: distance / length)
      #expect(abs(model.covariance(atLag: lag.0, lag.1, 0) - target) < clipped + 1e-12)
    }
  }

  // MARK: faces, boundaries and edges

  private func resolution(_ width: Double, height: Double?, spacing: Double = 2) -> FieldResolution {
    FieldResolution(
      spacing: .nanometers(spacing),
      size: FieldExtent(
        width: .nanometers(width), depth: .nanometers(width), height: height.map { .nanometers($0) }),
      logDeviation: Ratio(si: 0), stepLogDeviation: Ratio(si: 0))
  }

  private func resolve(
    _ resolution: FieldResolution, _ crystal: GrownCrystal, electrode: Double = 2e-4, device: Int = 0,
    compound: Compound? = nil
  ) throws -> CrystalFields {
    try resolution.resolve(
      crystal, of: compound ?? Fixture.compound(relaxationVolume: 0), on: Fixture.glass(),
      electrode: Area(si: electrode * electrode), seed: 31, device: device)
  }

  /// ∫ (w − 1) dz = A λ (1 − e^(−t/λ)) from either face, on coarse and fine voxels, of whose planes a crystal need not be
  /// a whole number.
  @Test(arguments: [(1.0, 80.0), (4, 80), (8, 80), (8, 83.5), (8, 77)])
  func whatFacesHoldBeyondTheBulkDoesNotDependOnVoxels(spacing: Double, thickness: Double) throws {
    var resolution = resolution(32, height: nil, spacing: spacing)
    (resolution.surfaceExcess, resolution.interfaceExcess) = (Ratio(si: 3), Ratio(si: 50))
    resolution.excessDepth = .nanometers(2.5)
    let fields = try resolve(resolution, Fixture.crystal(thickness: .nanometers(thickness)))
    let grid = fields.vacancyDensity.grid
    let extra = (0..<grid.nz).reduce(0.0) { $0 + (fields.vacancyDensity[1, 1, $1] / 5e23 - 1) * grid.spacing.z }
    #expect(abs(extra / (53 * 2.5e-9 * (1 - exp(-80 / 2.5))) - 1) < 1e-9)
    let contact = try #require(fields.contactExcess)
    #expect(abs(contact[0, 0, 0] / (fields.vacancyDensity[0, 0, grid.nz - 1] / 5e23) - 1) < 1e-12)
    #expect(fields.vacancyDensity[0, 0, 0] > fields.vacancyDensity[0, 0, grid.nz - 1])
    #expect(fields.warnings.map(\.code).contains("coarseExcess") == (spacing > 2.5))
  }

  /// The emptiest that can be asked for is empty, not below.
  @Test func facesThatLackVacanciesLeaveNoneAtWorst() throws {
    var resolution = resolution(64, height: nil, spacing: 8)
    (resolution.surfaceExcess, resolution.interfaceExcess) = (Ratio(si: -1), Ratio(si: -1))
    (resolution.boundaryExcess, resolution.excessDepth) = (Ratio(si: -1), .micrometers(1))
    var film = film(mapped: false)
    film.thicknessMap = Field(film.thicknessMap.grid, filledWith: 100e-9)
    let fields = try resolve(resolution, film)
    #expect(fields.vacancyDensity.values.allSatisfy { $0 == 0 })
    #expect(fields.contactExcess?.values.allSatisfy { $0 == 0 } == true)
  }

  @Test func moreVacanciesThanFewAreTold() throws {
    var resolution = resolution(32, height: 32)
    resolution.surfaceExcess = Ratio(si: 1e4)
    let fields = try resolve(resolution, Fixture.crystal(density: 1e24), compound: Fixture.compound())
    #expect(Set(fields.warnings.map(\.code)).isSuperset(of: ["crowdedVacancies", "strongCoupling"]))
  }

  @Test func trapsOfBothFacesAreAllInAWindowAsThickAsTheCrystal() throws {
    var crystal = Fixture.crystal(thickness: .nanometers(80))
    crystal.traps.density = NumberDensity(si: 1e22)
    crystal.traps.surfaceDensity = ArealDensity(si: 2e14)
    let fields = try resolve(resolution(64, height: nil), crystal)
    let total = fields.trapDensity.values.reduce(0, +) * fields.trapDensity.grid.voxelVolume
    #expect(abs(total / (64e-9 * 64e-9 * (80e-9 * 1e22 + 2 * 2e14)) - 1) < 1e-12)
    // A window that ends above the support sees one face.
    let upper = try resolve(resolution(64, height: 40), crystal)
    let part = upper.trapDensity.values.reduce(0, +) * upper.trapDensity.grid.voxelVolume
    #expect(abs(part / (64e-9 * 64e-9 * (40e-9 * 1e22 + 2e14)) - 1) < 1e-12)
  }

  @Test func theTrapsOfATornEdgeLieOnItsFourSides() throws {
    var flake = Fixture.crystal(thickness: .nanometers(40))
    flake.lateralSize = .nanometers(47)
    flake.edgeTraps = NumberDensity(si: 3e24)
    flake.traps.density = flake.edgeTraps
    let fields = try resolve(resolution(64, height: nil), flake, electrode: 64e-9)
    let grid = fields.trapDensity.grid
    let total = fields.trapDensity.values.reduce(0, +) * grid.voxelVolume
    #expect(abs(total / (3e24 * 47e-9 * 47e-9 * 40e-9) - 1) < 1e-9)
    #expect(fields.trapDensity[16, 16, 3] == 0)
    #expect(fields.trapDensity.values.filter { $0 > 0 }.count <= grid.nz * 4 * 26)
  }

  private func film(mapped: Bool, size: Double = 60, texture: Double = 1) -> GrownCrystal {
    var film = Fixture.crystal()
    film.grains = GrainStructure(
      size: .nanometers(size), logDeviation: 0.3, boundaryDensity: 2.5e7, texture: Ratio(si: texture),
      boundaryTraps: ArealDensity(si: 4e15))
    film.traps.density = NumberDensity(si: 2.5e7 * 4e15)
    if mapped {
      // 16 grains, in another unit of length than the film's: cells about points on a torus of 96 columns.
      let grid = Grid(nx: 96, ny: 96, nz: 1, spacing: SIMD3(5e-9, 5e-9, 1e-9))
      var random = RandomSource(seed: 77, stream: .growth)
      let points = (0..<16).map { _ in SIMD2(random.uniform(), random.uniform()) * 96 }
      var map = Field(grid)
      for j in 0..<96 {
        for i in 0..<96 {
          let distances = points.map { point -> Double in
            var offset = SIMD2(Double(i), Double(j)) + 0.5 - point
            offset -= 96 * (offset / 96).rounded(.toNearestOrEven)
            return (offset * offset).sum()
          }
          map[i, j, 0] = Double(1 + distances.indices.min { distances[$0] < distances[$1] }!)
        }
      }
      film.grainMap = map
    }
    return film
  }

  /// The mean over places is what growth said, for grains of many voxels and of few, from cells and from a map.
  @Test(arguments: [(false, 60.0), (false, 15), (true, 60), (true, 13)])
  func trapsOfGrainBoundariesLieInThemAndAddUpToTheFilms(mapped: Bool, size: Double) throws {
    let film = film(mapped: mapped, size: size)
    let width = 0.9 * 4 * size
    let means = try (0..<160).map { device in
      try resolve(resolution((width / 10).rounded() * 10, height: 20, spacing: 5), film, device: device)
        .trapDensity.mean
    }
    let found = mean(means)
    #expect(abs(found.value - 1e23) < 3.5 * found.error + 0.01e23, "\(found)")
    #expect(found.error < 0.02e23)
    let fields = try resolve(resolution(240, height: 20, spacing: 5), film)
    let grains = try #require(fields.grains)
    let grid = grains.grid
    // None within a grain.
    for j in 1..<(grid.ny - 1) {
      for i in 1..<(grid.nx - 1) {
        let near = [(1, 0), (-1, 0), (0, 1), (0, -1)].map { grains[i + $0.0, j + $0.1, 0] }
        #expect((fields.trapDensity[i, j, 0] > 0) == near.contains { $0 != grains[i, j, 0] })
      }
    }
  }

  /// A window of sixteen grains' area shows sixteen, on average: by the corners where three meet, two for each.
  @Test(arguments: [false, true])
  func grainsAreAsLargeAsTheFilms(mapped: Bool) throws {
    let counts = try (0..<60).map { device -> Double in
      let film = film(mapped: mapped, size: 100)
      let grains = try #require(
        try resolve(resolution(392, height: 16, spacing: 4), film, device: device).grains)
      var points = 0
      for j in 0..<(grains.grid.ny - 1) {
        for i in 0..<(grains.grid.nx - 1) {
          let around = Set([grains[i, j, 0], grains[i + 1, j, 0], grains[i, j + 1, 0], grains[i + 1, j + 1, 0]])
          points += max(0, around.count - 2)
        }
      }
      return 0.5 * Double(points)
    }
    let found = mean(counts)
    let expected = 388.0 * 388 / 10000
    #expect(abs(found.value / expected - 1) < 0.03 + 3.5 * found.error / expected, "\(found) for \(expected)")
  }

  /// A map that is smaller than the window would show the same grains twice.
  @Test func noGrainStandsTwiceInAWindow() throws {
    let film = film(mapped: true, size: 25)
    let fields = try resolve(resolution(400, height: 20, spacing: 5), film)
    let grains = try #require(fields.grains)
    #expect(Set(grains.values).count > 150)
  }

  /// A map of some grains stands for a film far wider than itself: a device lies on the film's mean, not on a grain.
  @Test func aDeviceOnAFilmIsAsThickAsTheFilm() throws {
    var film = film(mapped: true)
    var map = Field(Grid(nx: 4, ny: 4, nz: 1, spacing: SIMD3(repeating: 1e-7)), filledWith: 2e-5)
    map[0, 0, 0] = 1e-6
    map[3, 3, 0] = 5e-5
    film.thicknessMap = map
    for device in 0..<5 {
      let fields = try resolve(resolution(32, height: 16), film, device: device)
      #expect(fields.thickness == film.thickness)
    }
  }

  // MARK: hops

  /// Three axes at right angles average to the hydrostatic law; without anisotropy every axis obeys it.
  @Test func theShiftOfABarrierIsPressureTimesActivationVolumeOnAverageOverAxes() throws {
    let compound = try Fixture.compound(saddleAnisotropy: 1.5)
    let bulk = 17e9
    let hop = HopBarrier(of: compound, bulkModulus: bulk)
    let strain = SymmetricTensor(xx: 1e-3, yy: -4e-4, zz: 2.5e-3, yz: 3e-4, xz: -7e-4, xy: 2e-4)
    let turn = Rotation(axis: SIMD3(0.3, 1, -0.4), angle: 0.9).columns
    let shifts = [turn.x, turn.y, turn.z].map { hop.shift(along: $0, under: strain) }
    let pressure = -bulk * 3.1e-3
    let expected = pressure * 0.05 * pow(5.93e-10, 3)
    #expect(abs(shifts.reduce(0, +) / 3 / expected - 1) < 1e-12)
    // Stretch along the hop lowers its barrier by A per strain beyond the mean.
    let uniaxial = SymmetricTensor(xx: 2e-3, yy: -1e-3, zz: -1e-3)
    let electronvolt = 1.602176634e-19
    #expect(abs(hop.shift(along: SIMD3(1, 0, 0), under: uniaxial) / (-1.5 * electronvolt * 2e-3) - 1) < 1e-12)
    // The field is the same law.
    let grid = Grid(nx: 2, ny: 1, nz: 1, spacing: SIMD3(repeating: 1e-9))
    let components = [strain.xx, strain.yy, strain.zz, strain.xy, strain.yz, strain.xz]
    let field = SymmetricTensorField(components: components.map { Field(grid, filledWith: $0) })
    let barrier = hop.barrier(along: turn.y, under: field, unstrained: [4e-20])
    #expect(barrier.values.allSatisfy { abs($0 - 4e-20 - shifts[1]) < 1e-13 * 4e-20 })
    #expect(abs(hop.vacancyEnergy(under: field).values[0] / hop.vacancyEnergy(under: strain) - 1) < 1e-13)
    #expect(abs(hop.vacancyEnergy(under: strain) / (bulk * 0.1 * pow(5.93e-10, 3) * -3.1e-3) - 1) < 1e-12)
  }

  /// Layers that lie flat hold ions back by ΔE, layers on edge do not; between, D_zz = D_ab sin² + D_n cos².
  @Test func aLayeredCrystalHoldsIonsBackAcrossItsLayers() throws {
    let compound = try Fixture.compound(relaxationVolume: 0, interlayerBarrier: 0.2)
    let thermal = Constants.boltzmann * 300
    let electronvolt = 1.602176634e-19
    func barrier(_ face: SIMD3<Int>) throws -> Double {
      let normal = compound.lattice.reciprocal(face.x, face.y, face.z)
      let crystal = Fixture.crystal(
        grownAt: 300,
        orientation: Orientation(
          quaternion: Rotation(from: normal, to: SIMD3(0, 0, 1)).quaternion, face: face, mosaicWidth: Angle(si: 0)))
      return try resolve(resolution(64, height: 16), crystal, compound: compound).migrationBarrier.values[0]
    }
    let hop = compound.defects.halideMigrationEnergy.si
    #expect(abs(try barrier(SIMD3(0, 0, 1)) - hop - 0.2 * electronvolt) < 1e-9 * hop)
    #expect(abs(try barrier(SIMD3(1, 0, 0)) - hop) < 1e-9 * hop)
    let between = -thermal * log(0.5 + 0.5 * exp(-0.2 * electronvolt / thermal))
    #expect(abs(try barrier(SIMD3(1, 0, 1)) - hop - between) < 1e-9 * hop)
  }

  /// In a film of fine grains ions take the open ones: D_zz is the mean over grains.
  @Test func fineGrainsOfALayeredCompoundAreWaysSideBySide() throws {
    let compound = try Fixture.compound(relaxationVolume: 0, interlayerBarrier: 0.35)
    var film = film(mapped: false, size: 6)
    film.growthTemperature = film.temperature
    let fields = try resolve(resolution(64, height: 32, spacing: 4), film, compound: compound)
    #expect(fields.warnings.map(\.code).contains("grainsBelowVoxels"))
    // A powder: two of three axes are open.
    let thermal = Constants.boltzmann * 300
    let shift = fields.migrationBarrier.values[0] - compound.defects.halideMigrationEnergy.si
    #expect(abs(shift / (-thermal * log(2.0 / 3)) - 1) < 0.2)
  }

  // MARK: single defects

  @Test func everyCountedDefectHasOnePlaceInItsVoxel() {
    let grid = Grid(nx: 3, ny: 4, nz: 5, spacing: SIMD3(2e-9, 3e-9, 1e-9), origin: SIMD3(1e-8, -2e-8, 0))
    let counts = Field(grid, values: (0..<60).map { Double($0 * 7 % 5) })
    var random = RandomSource(seed: 5, stream: .fields)
    let found = DefectPositions(counts: counts, random: &random)
    var binned = Field(grid)
    for position in found.positions {
      let cell = ((position - grid.origin) / grid.spacing).rounded(.down)
      binned[Int(cell.x), Int(cell.y), Int(cell.z)] += 1
    }
    #expect(binned == counts)
    #expect(found.crowdedOut == 0)
  }

  @Test func placesWithinVoxelsAreUniform() throws {
    let grid = Grid(nx: 1, ny: 1, nz: 1, spacing: SIMD3(repeating: 1))
    var random = RandomSource(seed: 6, stream: .fields)
    let found = DefectPositions(counts: Field(grid, filledWith: 4000), random: &random).positions
    for axis in 0..<3 {
      // Kolmogorov-Smirnov, 1 % level.
      let sorted = found.map { $0[axis] }.sorted()
      let distance = sorted.enumerated().reduce(0.0) { max($0, abs((Double($1.offset) + 0.5) / 4000 - $1.element)) }
      #expect(distance < 1.63 / 4000.0.squareRoot())
    }
  }

  /// No two defects share a site; what does not fit is counted.
  @Test func defectsOnALatticeHaveASiteEach() {
    let grid = Grid(nx: 4, ny: 4, nz: 4, spacing: SIMD3(repeating: 2.1e-9))
    var counts = Field(grid, filledWith: 9)
    counts[0, 0, 0] = 1000
    var random = RandomSource(seed: 7, stream: .fields)
    let found = DefectPositions(counts: counts, siteSpacing: 0.42e-9, random: &random)
    #expect(found.positions.count == 63 * 9 + 125)
    #expect(found.crowdedOut == 875)
    let sites = Set(found.positions.map { ($0 / 0.42e-9).rounded(.down) })
    #expect(sites.count == found.positions.count)
    for position in found.positions {
      let rest = position / 0.42e-9 - (position / 0.42e-9).rounded(.down)
      #expect(abs(rest - 0.5).max() < 1e-6)
    }
  }
}

private func abs(_ v: SIMD3<Double>) -> SIMD3<Double> { v.replacing(with: -v, where: v .< 0) }
