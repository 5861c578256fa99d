import Foundation
import NumericalMethods
import Quantities
import Switching
import Testing

@Suite struct FilamentLatticeTests {
  static let thermal = Constants.boltzmann * 300

  /// j₀ = z e/a_c²: an atom in a kink leaves once a second at zero overpotential.
  static func metal(bond: Double = 0, surfaceBarrier: Double? = nil, exchange: Double = 1) -> FilamentMetal {
    let edge = 5e-10
    return FilamentMetal(
      atomEdge: edge, bondEnergy: bond * thermal,
      reaction: ButlerVolmer(
        exchangeDensity: exchange * Constants.elementaryCharge / (edge * edge), transferCoefficient: 0.4, charge: 1,
        temperature: 300),
      surfaceBarrier: surfaceBarrier.map { $0 * thermal }, attemptFrequency: 1)
  }

  @Test(arguments: [-0.05, 0.05]) func aWideFrontMovesAsTheMeanLawSays(overpotential: Double) {
    let metal = Self.metal()
    let sites = SIMD3(40, 40, 90)
    let layers = overpotential < 0 ? 20 : 70
    var filament = FilamentLattice(
      sites: sites, periodic: [.x, .y], metal: metal, faces: .tops, overpotential: overpotential,
      atoms: Array(0..<1600 * layers))
    var random = RandomSource(seed: 61, stream: .switching)
    // (8.33): dg/dt = (Ω/(z e))(j₊ - j₋); V50: 3 % of the way.
    let volume = pow(metal.atomEdge, 3)
    let speed = volume / Constants.elementaryCharge * metal.reaction.netDensity(overpotential: overpotential)
    let start = Double(90 - layers) * metal.atomEdge
    let duration = 40 * metal.atomEdge / abs(speed)
    for part in 1...4 {
      let time = 0.25 * Double(part) * duration
      filament.advance(until: time, random: &random)
      let gap = (90 - Double(filament.atomCount) / 1600) * metal.atomEdge
      #expect(abs((gap - start) / (speed * time) - 1) < 0.03)
    }
    let events = filament.events
    #expect(filament.atomCount == 1600 * layers + events.attached - events.detached)
  }

  @Test func aFrontOfBoundAtomsRestsAtZeroOverpotential() {
    // A kink is in balance with the ions, whatever the bonds: the front only wanders.
    var filament = FilamentLattice(
      sites: SIMD3(24, 24, 40), periodic: [.x, .y], metal: Self.metal(bond: 1), faces: .tops,
      atoms: Array(0..<576 * 20))
    var random = RandomSource(seed: 62, stream: .switching)
    filament.advance(until: 300, random: &random)
    let events = filament.events
    let exchanged = Double(events.attached + events.detached)
    #expect(exchanged > 100_000)
    #expect(abs(Double(events.attached - events.detached)) < 4 * exchanged.squareRoot())
  }

  /// Bonds between atoms and to the electrodes.
  func bonds(_ filament: borrowing FilamentLattice) -> Int {
    var between = 0
    var toElectrodes = 0
    let cells = filament.lattice.cells
    for site in 0..<filament.lattice.siteCount where filament.isAtom(site) {
      for hop in 0..<6 {
        if let other = filament.lattice.neighbor(of: site, hop: hop) {
          between += filament.isAtom(other) ? 1 : 0
        } else {
          let z = filament.lattice.cell(of: site).cell.z
          toElectrodes += hop == 4 && z == cells.z - 1 || hop == 5 && z == 0 ? 1 : 0
        }
      }
    }
    return between / 2 + toElectrodes
  }

  @Test func columnsOfBoundAtomsHaveBoltzmannsDistribution() {
    // 2 by 2 columns of 0 to 3 atoms: 256 states, of weight e^{(bonds - 3 atoms) E_b/kT - atoms z e η/kT}.
    let eta = 0.01
    let bias = Constants.elementaryCharge * eta / Self.thermal
    func sites(_ heights: [Int]) -> [Int] {
      (0..<12).filter { heights[$0 % 4] > $0 / 4 }
    }
    let size = SIMD3(2, 2, 3)
    var weights: [Double] = []
    var states: [(atoms: Double, bonds: Double)] = []
    for number in 0..<256 {
      let heights = (0..<4).map { number >> (2 * $0) & 3 }
      let filament = FilamentLattice(
        sites: size, metal: Self.metal(bond: 0.8), faces: .tops, atoms: sites(heights))
      let count = Double(bonds(filament))
      states.append((Double(filament.atomCount), count))
      weights.append(exp(0.8 * (count - 3 * Double(filament.atomCount)) - bias * Double(filament.atomCount)))
    }
    let partition = weights.reduce(0, +)
    let atoms = zip(weights, states).map { $0 * $1.atoms }.reduce(0, +) / partition
    let energy = zip(weights, states).map { $0 * $1.bonds }.reduce(0, +) / partition
    var filament = FilamentLattice(
      sites: size, metal: Self.metal(bond: 0.8), faces: .tops, overpotential: eta)
    var random = RandomSource(seed: 63, stream: .switching)
    var meanAtoms = 0.0
    var meanEnergy = 0.0
    let samples = 200_000
    for sample in 1...samples {
      filament.advance(until: 0.5 * Double(sample), random: &random)
      meanAtoms += Double(filament.atomCount) / Double(samples)
      meanEnergy += Double(bonds(filament)) / Double(samples)
    }
    #expect(abs(meanAtoms / atoms - 1) < 0.02)
    #expect(abs(meanEnergy / energy - 1) < 0.02)
  }

  @Test(arguments: [1.0, 0.05]) func hopsAlongTheSurfaceLeadToBoltzmannsDistribution(slowedTo share: Double) {
    // Four atoms on eight sites: 70 states, of weight e^{bonds E_b/kT}.
    let size = SIMD3(2, 2, 2)
    let metal = Self.metal(bond: 0.7, surfaceBarrier: 0, exchange: 0)
    var sum = 0.0
    var mean = 0.0
    for mask in 0..<256 where mask.nonzeroBitCount == 4 {
      let filament = FilamentLattice(sites: size, metal: metal, atoms: (0..<8).filter { mask >> $0 & 1 == 1 })
      let count = Double(bonds(filament))
      sum += exp(0.7 * count)
      mean += count * exp(0.7 * count)
    }
    mean /= sum
    var filament = FilamentLattice(sites: size, metal: metal, atoms: [0, 1, 2, 3])
    filament.slowHops(to: share)
    var random = RandomSource(seed: 64, stream: .switching)
    var found = 0.0
    let samples = 20_000
    for sample in 1...samples {
      filament.advance(until: 20 * Double(sample) / share, random: &random)
      found += Double(bonds(filament)) / Double(samples)
    }
    #expect(filament.atomCount == 4 && filament.events.hops > 10_000)
    #expect(abs(found / mean - 1) < 0.01)
  }

  @Test func theRatesAreThoseOfAFreshLatticeOfTheSameAtoms() {
    let metal = Self.metal(bond: 1, surfaceBarrier: 2)
    let sites = SIMD3(9, 8, 12)
    var filament = FilamentLattice(sites: sites, metal: metal, overpotential: -0.03, atoms: [30, 102])
    var random = RandomSource(seed: 65, stream: .switching)
    for _ in 0..<4 {
      filament.advance(eventLimit: 2000, random: &random)
      let fresh = FilamentLattice(
        sites: sites, metal: metal, overpotential: -0.03,
        atoms: (0..<filament.lattice.siteCount).filter { filament.isAtom($0) })
      #expect(abs(filament.totalRate / fresh.totalRate - 1) < 1e-12)
      #expect(filament.atomCount == fresh.atomCount)
    }
  }

  @Test func atomsAndIonsTogetherKeepTheirNumberAndAnEmptySupplyStopsGrowth() {
    var filament = FilamentLattice(
      sites: SIMD3(10, 10, 20), metal: Self.metal(bond: 2), supply: .reservoir(ions: 300, reference: 100),
      overpotential: -0.2)
    var random = RandomSource(seed: 66, stream: .switching)
    for _ in 0..<20 {
      filament.advance(eventLimit: 100, random: &random)
      guard case .reservoir(let ions, _) = filament.supply else { return }
      #expect(ions >= 0 && ions + filament.atomCount == 300)
    }
    #expect(filament.atomCount > 200)
  }

  @Test func bridgeConstrictionAndVolumeAreThoseOfTheAtoms() {
    let metal = Self.metal()
    // A rod of 3 by 3 atoms with a neck of 2 atoms in plane 4, and an atom apart.
    var atoms: [Int] = []
    for z in 0..<8 {
      for y in 1...3 { for x in 1...3 where z != 4 || y == 2 && x < 3 { atoms.append((z * 6 + y) * 6 + x) } }
    }
    let apart = (6 * 6 + 5) * 6 + 5
    let rod = FilamentLattice(sites: SIMD3(6, 6, 8), metal: metal, atoms: atoms + [apart]).shape()
    #expect(rod.isBridge && rod.constriction == 2 && rod.constrictionPlane == 4 && rod.gap == 0)
    #expect(rod.atoms == 66 && rod.connectedAtoms == 65)
    #expect(abs(rod.volume / (66 * pow(5e-10, 3)) - 1) < 1e-12)
    let cut = FilamentLattice(sites: SIMD3(6, 6, 8), metal: metal, atoms: atoms.filter { $0 / 36 != 4 }).shape()
    #expect(!cut.isBridge && cut.constriction == 0 && cut.constrictionPlane == nil)
    #expect(abs(cut.gap / 2e-9 - 1) < 1e-12)
  }

  @Test func aSeedGrowsUntilItBridgesTheGap() {
    let sites = SIMD3(20, 20, 12)
    var filament = FilamentLattice(
      sites: sites, metal: Self.metal(bond: 1), startsOnElectrode: false, overpotential: -0.15,
      atoms: [20 * 10 + 10])
    var random = RandomSource(seed: 67, stream: .switching)
    while !filament.shape().isBridge { filament.advance(atomChange: 20, random: &random) }
    #expect(filament.shape().constriction > 0)
    // The other way it dissolves and breaks.
    filament.setOverpotential(0.25)
    while filament.shape().isBridge { filament.advance(atomChange: 20, random: &random) }
    #expect(filament.events.detached > 0)
  }

  @Test func theSameSeedGivesTheSameFilament() {
    func run() -> [Int] {
      var filament = FilamentLattice(
        sites: SIMD3(8, 8, 8), metal: Self.metal(bond: 1, surfaceBarrier: 2), overpotential: -0.03)
      var random = RandomSource(seed: 68, stream: .switching)
      filament.advance(eventLimit: 3000, random: &random)
      return filament.atomSites
    }
    #expect(run() == run())
  }

  @Test func conditionsOfEachSiteRuleItsEvents() {
    // Metal grows where ions are and dissolves where the overpotential is positive.
    let sites = SIMD3(8, 8, 8)
    var filament = FilamentLattice(sites: sites, metal: Self.metal(), faces: .tops, atoms: Array(0..<64 * 4))
    let isLeft = (0..<512).map { $0 % 8 < 4 }
    filament.setConditions(
      overpotential: isLeft.map { $0 ? -0.5 : 0.5 }, activity: isLeft.map { $0 ? 1 : 0 })
    var random = RandomSource(seed: 69, stream: .switching)
    filament.advance(until: 1e-2, random: &random)
    let left = filament.atomSites.count { isLeft[$0] }
    #expect(left == 256)
    #expect(filament.atomCount == left)
  }
}
