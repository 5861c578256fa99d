import Foundation
import NumericalMethods
import Quantities
import Switching
import Testing

@Suite struct LatticeDiffusionTests {
  static let barrier = 0.3 * Constants.elementaryCharge
  static let thermal = Constants.boltzmann * 300

  static func hop(_ lattice: HopLattice) -> IonHop {
    IonHop(
      attemptFrequency: 2e12, distance: lattice.hopLength, neighbors: lattice.neighbors, charge: 1, temperature: 300)
  }

  static func lattice(halides: Bool, _ n: Int = 6, periodic: LatticeAxes = .all) -> HopLattice {
    let cells = SIMD3(n, n + 1, n - 1)
    return halides
      ? .perovskiteHalides(cells, edge: 5.9e-10, periodic: periodic)
      : .simpleCubic(cells, edge: 4.2e-10, periodic: periodic)
  }

  static func scattered(_ count: Int, of sites: Int, _ random: inout RandomSource) -> [Int] {
    var taken = Set<Int>()
    while taken.count < count { taken.insert(Int(random.next() % UInt64(sites))) }
    return taken.sorted()
  }

  static func landscape(_ sites: Int, depth: Double, _ random: inout RandomSource) -> HopLandscape {
    HopLandscape(
      energies: (0..<sites).map { _ in depth * thermal * random.uniform() },
      potentials: (0..<sites).map { _ in 0.02 * random.uniform() },
      barriers: (0..<sites).map { _ in depth * thermal * random.uniform() })
  }

  @Test(arguments: [false, true]) func aLoneIonDiffusesWithItsClosedForm(halides: Bool) {
    let lattice = Self.lattice(halides: halides)
    let hop = Self.hop(lattice)
    var random = RandomSource(seed: 21, stream: .switching)
    var diffusion = LatticeDiffusion(lattice, hop: hop, barrier: Self.barrier, carriers: [7])
    // 40 000 walks of 50 hops: a relative error of 0.8/√40 000 = 0.4 %.
    var square = 0.0
    for _ in 0..<40_000 {
      diffusion.resetTravel()
      diffusion.advance(eventLimit: 50, random: &random)
      let way = diffusion.travel(of: 0)
      square += (way * way).sum()
    }
    #expect(abs(square / (6 * diffusion.time) / hop.diffusivity(barrier: Self.barrier) - 1) < 0.01)
  }

  @Test(arguments: [false, true]) func aLoneIonDriftsWithTheSumOverItsHops(halides: Bool) {
    let lattice = Self.lattice(halides: halides)
    let hop = Self.hop(lattice)
    let field = SIMD3(1.5e8, 0, 0)
    var random = RandomSource(seed: 22, stream: .switching)
    var diffusion = LatticeDiffusion(lattice, hop: hop, barrier: Self.barrier, field: field, carriers: [7])
    diffusion.advance(eventLimit: 2_000_000, random: &random)
    var expected = 0.0
    for member in 0..<lattice.sitesPerCell {
      for index in 0..<lattice.neighbors {
        let way = lattice.displacement(from: member, hop: index)
        expected += way.x * hop.rate(barrier: Self.barrier, potentialDifference: -field.x * way.x)
      }
    }
    // Each site of a cell is as likely as the others.
    expected /= Double(lattice.sitesPerCell)
    if !halides {
      #expect(abs(expected / hop.driftVelocity(barrier: Self.barrier, field: field.x) - 1) < 1e-12)
    }
    #expect(abs(diffusion.travel(of: 0).x / diffusion.time / expected - 1) < 0.01)
  }

  @Test(arguments: [false, true]) func hopsComeWithTheirRatesAfterExponentialWaits(level: Bool) throws {
    var random = RandomSource(seed: level ? 23 : 24, stream: .switching)
    let lattice = HopLattice.perovskiteHalides(SIMD3(repeating: 3), edge: 5.9e-10)
    let hop = Self.hop(lattice)
    let field = SIMD3(0, 0, 1e8)
    let landscape = level ? .level : Self.landscape(lattice.siteCount, depth: 2, &random)
    // The first and the second are neighbors and block each other.
    let sites = [40, lattice.neighbor(of: 40, hop: 3)!, 9]
    var rates: [Double] = []
    var ends: [[Int]] = []
    for (carrier, site) in sites.enumerated() {
      for index in 0..<8 {
        let target = lattice.neighbor(of: site, hop: index)!
        if sites.contains(target) { continue }
        rates.append(rate(lattice, hop, field, landscape, site, index))
        ends.append([carrier, target])
      }
    }
    let total = rates.reduce(0, +)
    var counts = [Int](repeating: 0, count: rates.count)
    var waits: [Double] = []
    for _ in 0..<20_000 {
      var diffusion = LatticeDiffusion(
        lattice, hop: hop, barrier: Self.barrier, field: field, landscape: landscape, carriers: sites)
      diffusion.advance(eventLimit: 1, random: &random)
      waits.append(diffusion.time)
      let now = diffusion.sites
      let carrier = (0..<3).first { now[$0] != sites[$0] }!
      counts[ends.firstIndex(of: [carrier, now[carrier]])!] += 1
    }
    #expect(try KolmogorovSmirnovTest(waits) { -expm1(-$0 * total) }.pValue > 0.01)
    #expect(try ChiSquaredTest(observed: counts, expected: rates.map { 20_000 * $0 / total }).pValue > 0.01)
  }

  func rate(
    _ lattice: HopLattice, _ hop: IonHop, _ field: SIMD3<Double>, _ landscape: HopLandscape, _ site: Int, _ index: Int
  ) -> Double {
    let target = lattice.neighbor(of: site, hop: index)!
    let way = lattice.displacement(from: lattice.cell(of: site).member, hop: index)
    func difference(_ list: [Double]) -> Double { list.isEmpty ? 0 : list[target] - list[site] }
    let extra = landscape.barriers.isEmpty ? 0 : 0.5 * (landscape.barriers[site] + landscape.barriers[target])
    return hop.rate(
      barrier: Self.barrier + extra, energyDifference: difference(landscape.energies),
      potentialDifference: difference(landscape.potentials) - (field * way).sum())
  }

  @Test(arguments: [false, true], [false, true])
  func theTotalRateIsThatOfTheOpenHopsAndCarriersKeepTheirNumber(halides: Bool, level: Bool) {
    var random = RandomSource(seed: 25, stream: .switching)
    let lattice = Self.lattice(halides: halides, periodic: [.x, .y])
    let hop = Self.hop(lattice)
    let field = SIMD3(0, 2e7, 5e7)
    let landscape = level ? .level : Self.landscape(lattice.siteCount, depth: 2, &random)
    let count = lattice.siteCount / 3
    var diffusion = LatticeDiffusion(
      lattice, hop: hop, barrier: Self.barrier, field: field, landscape: landscape,
      carriers: Self.scattered(count, of: lattice.siteCount, &random))
    for _ in 0..<5 {
      diffusion.advance(eventLimit: 2000, random: &random)
      let sites = diffusion.sites
      let taken = Set(sites)
      #expect(taken.count == count)
      var total = 0.0
      for site in sites {
        for index in 0..<lattice.neighbors {
          guard let target = lattice.neighbor(of: site, hop: index), !taken.contains(target) else { continue }
          total += rate(lattice, hop, field, landscape, site, index)
        }
      }
      #expect(abs(diffusion.totalRate / total - 1) < 1e-11)
    }
    for (carrier, site) in diffusion.sites.enumerated() { #expect(diffusion.carrier(at: site) == carrier) }
  }

  /// Mean site fractions of planes of a lattice between walls against those of (8.6), and the largest deviations.
  func profile(
    width: Int, planes: Int, carriers: Int, duration: Double, seed: UInt64
  ) -> [(mean: Double, expected: Double)] {
    let lattice = HopLattice.simpleCubic(SIMD3(width, width, planes), edge: 4.2e-10, periodic: [.x, .y])
    let hop = Self.hop(lattice)
    let rate = hop.rate(barrier: Self.barrier)
    // A double layer at one wall: 3 kT deep, decaying over a quarter of the planes.
    let depths = (0..<planes).map { -3 * exp(-4 * Double($0) / Double(planes)) }
    let volt = Self.thermal / Constants.elementaryCharge
    let landscape = HopLandscape(
      potentials: (0..<lattice.siteCount).map { depths[lattice.cell(of: $0).cell.z] * volt })
    var random = RandomSource(seed: seed, stream: .switching)
    var diffusion = LatticeDiffusion(
      lattice, hop: hop, barrier: Self.barrier, landscape: landscape,
      carriers: Self.scattered(carriers, of: lattice.siteCount, &random))
    diffusion.advance(until: 200 / rate, random: &random)
    var sums = [Double](repeating: 0, count: planes)
    let samples = Int(duration)
    for sample in 0..<samples {
      diffusion.advance(until: (201 + Double(sample)) / rate, random: &random)
      for site in diffusion.sites { sums[lattice.cell(of: site).cell.z] += 1 }
    }
    // Fraction 1/(1 + e^{ψ - μ}), with μ from the number of carriers by bisection.
    let sites = Double(width * width)
    var low = -30.0
    var high = 30.0
    func fractions(_ mu: Double) -> [Double] { depths.map { 1 / (1 + exp($0 - mu)) } }
    for _ in 0..<80 {
      let mu = 0.5 * (low + high)
      if sites * fractions(mu).reduce(0, +) > Double(carriers) { high = mu } else { low = mu }
    }
    return zip(sums, fractions(0.5 * (low + high))).map { ($0 / (sites * Double(samples)), $1) }
  }

  @Test func fewIonsInAPotentialFollowBoltzmannsProfile() {
    let rows = profile(width: 16, planes: 8, carriers: 6, duration: 80_000, seed: 26)
    // So few that exclusion changes the ratio of plane 0 to the last by less than 1.5 %.
    #expect(rows[0].expected < 0.015)
    for row in rows { #expect(abs(row.mean / row.expected - 1) < 0.05) }
  }

  @Test func crowdedIonsInAPotentialFollowBikermansProfile() {
    let rows = profile(width: 6, planes: 16, carriers: 200, duration: 4000, seed: 27)
    // Crowding matters here: the fractions run from 0.2 to above 0.8.
    #expect(rows[0].expected > 0.8 && rows[15].expected < 0.3)
    for row in rows { #expect(abs(row.mean / row.expected - 1) < 0.03) }
  }

  @Test func noCurrentFlowsInEquilibriumOnARuggedLandscape() {
    var random = RandomSource(seed: 28, stream: .switching)
    let lattice = Self.lattice(halides: true)
    let hop = Self.hop(lattice)
    let count = lattice.siteCount / 5
    var diffusion = LatticeDiffusion(
      lattice, hop: hop, barrier: Self.barrier, landscape: Self.landscape(lattice.siteCount, depth: 3, &random),
      carriers: Self.scattered(count, of: lattice.siteCount, &random))
    diffusion.advance(eventLimit: 100_000, random: &random)
    diffusion.resetTravel()
    let events = 1_000_000
    diffusion.advance(eventLimit: events, random: &random)
    // Hops back and forth only lower the variance of a sum of free hops, four standard deviations of which bound it.
    let bound = 4 * (Double(events) / 3).squareRoot() * lattice.hopLength
    let travel = diffusion.totalTravel
    for axis in 0..<3 { #expect(abs(travel[axis]) < bound) }
  }

  @Test func theSameSeedGivesTheSameHopsHoweverTheyAreSplit() {
    func run(_ pieces: [Int]) -> ([Int], Double) {
      let lattice = Self.lattice(halides: false)
      var random = RandomSource(seed: 29, stream: .switching)
      var diffusion = LatticeDiffusion(
        lattice, hop: Self.hop(lattice), barrier: Self.barrier, carriers: Array(0..<20))
      for piece in pieces { diffusion.advance(eventLimit: piece, random: &random) }
      return (diffusion.sites, diffusion.time)
    }
    #expect(run([3000]) == run([1000, 1, 1999]))
  }

  @Test func ionsWithoutAnEmptyNeighborWaitUntilTheEnd() {
    let lattice = HopLattice.simpleCubic(SIMD3(2, 1, 1), edge: 4.2e-10, periodic: [])
    var random = RandomSource(seed: 30, stream: .switching)
    var diffusion = LatticeDiffusion(lattice, hop: Self.hop(lattice), barrier: Self.barrier, carriers: [0, 1])
    #expect(diffusion.advance(until: 5, random: &random) == 0)
    #expect(diffusion.time == 5)
  }

  @Test func aPercentOfVacanciesHopsAsOftenAsEmptyNeighborsLetIt() {
    // 6 (1 - 0.01) hops per vacancy and unit of time, what SPPARKS counts too (5.94 within 0.3 %).
    let lattice = HopLattice.simpleCubic(SIMD3(repeating: 100), edge: 1e-9)
    let hop = IonHop(attemptFrequency: 1, distance: 1e-9, neighbors: 6, charge: 1, temperature: 300)
    var random = RandomSource(seed: 36, stream: .switching)
    var diffusion = LatticeDiffusion(
      lattice, hop: hop, barrier: 0, carriers: Self.scattered(10_000, of: lattice.siteCount, &random))
    diffusion.advance(until: 10, random: &random)
    #expect(abs(Double(diffusion.events) / (10 * 10_000 * 5.94) - 1) < 0.005)
  }
}
