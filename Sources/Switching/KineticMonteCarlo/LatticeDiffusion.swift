import Foundation
import NumericalMethods
import Quantities

/// Ions or vacancies that hop on a lattice, at most one per site, event by event.
///
///     Γ_ij = ν₀ exp{−[E_a + (E_a,i + E_a,j)/2 + (U_j − U_i)/2 + z q (φ_j − φ_i)/2]/kT}  into empty sites
///
/// Rejection-free (Bortz, Kalos & Lebowitz, *J. Comput. Phys.* 17 (1975) 10) with the rates of `IonHop`, physics (8.1).
/// On a level landscape the hops are grouped by direction, else they stand in a tree. Carriers meet by exclusion alone:
/// their charge enters through the potential, which the caller renews by `setLandscape`.
public struct LatticeDiffusion: ~Copyable, Sendable {
  public let lattice: HopLattice
  public let hop: IonHop
  /// E_a, J.
  public let barrier: Double
  /// Uniform field, V/m; along a periodic axis too.
  public let field: SIMD3<Double>
  public let carrierCount: Int
  /// s.
  public private(set) var time = 0.0
  /// Hops so far.
  public private(set) var events = 0

  private var board: HopBoard
  private var classes: ClassLedger
  private var tree: TreeLedger
  private var isLevel = true

  /// - Parameters:
  ///   - hop: its distance and neighbors are those of the lattice.
  ///   - barrier: E_a, J.
  ///   - field: V/m.
  ///   - sites: where the carriers are, no site twice.
  public init(
    _ lattice: HopLattice, hop: IonHop, barrier: Double, field: SIMD3<Double> = .zero,
    landscape: HopLandscape = .level, carriers sites: [Int]
  ) {
    precondition(
      hop.neighbors == lattice.neighbors && abs(hop.distance / lattice.hopLength - 1) < 1e-6,
      "the hops are not those of the lattice")
    self.lattice = lattice
    self.hop = hop
    self.barrier = barrier
    self.field = field
    carrierCount = sites.count
    board = HopBoard(lattice, carriers: sites)
    classes = ClassLedger(rates: [], carriers: 0)
    tree = TreeLedger(rates: [], leaving: [], entering: [], carriers: 0)
    setLandscape(landscape)
  }

  /// Rates of the lattice's moves on a level landscape, 1/s.
  private var moveRates: [Double] {
    (0..<lattice.sitesPerCell * lattice.neighbors).map { move in
      let (member, index) = move.quotientAndRemainder(dividingBy: lattice.neighbors)
      let way = lattice.displacement(from: member, hop: index)
      return hop.rate(barrier: barrier, potentialDifference: -(field * way).sum())
    }
  }

  /// Takes the site energies, potentials and barriers from a landscape; carriers stay where they are.
  public mutating func setLandscape(_ landscape: HopLandscape) {
    isLevel = landscape.isLevel
    if isLevel {
      classes = ClassLedger(rates: moveRates, carriers: carrierCount)
      Self.enter(&board, &classes, carrierCount)
    } else {
      // The rate is a product of a factor of the site left and one of the site entered: no exponential per hop.
      let twiceThermal = 2 * Constants.boltzmann * hop.temperature
      let energies = landscape.siteEnergies(lattice.siteCount, charge: hop.charge)
      let mean = energies.reduce(0, +) / Double(energies.count)
      let extra = landscape.barriers.isEmpty ? [Double](repeating: 0, count: energies.count) : landscape.barriers
      tree = TreeLedger(
        rates: moveRates, leaving: zip(energies, extra).map { exp(($0 - mean - $1) / twiceThermal) },
        entering: zip(energies, extra).map { exp(-($0 - mean + $1) / twiceThermal) }, carriers: carrierCount)
      Self.enter(&board, &tree, carrierCount)
    }
  }

  /// Hops until a time or for a number of events, whichever comes first.
  ///
  /// What is drawn beyond `end` is dropped: waiting has no memory, so the state at `end` is exact. A source lasts for
  /// 2³² hops.
  /// - Parameter end: s.
  /// - Returns: the hops made.
  @discardableResult
  public mutating func advance(until end: Double = .infinity, eventLimit: Int = .max, random: inout RandomSource) -> Int
  {
    let made =
      isLevel
      ? Self.walk(&board, &classes, &time, until: end, limit: eventLimit, &random)
      : Self.walk(&board, &tree, &time, until: end, limit: eventLimit, &random)
    events += made
    return made
  }

  private static func enter<Ledger: HopLedger & ~Copyable>(
    _ board: inout HopBoard, _ ledger: inout Ledger, _ count: Int
  ) {
    for carrier in 0..<count {
      let place = board.carriers[carrier].place
      let first = board.firstMove(place)
      for hop in 0..<board.neighbors {
        let target = board.neighbor(place, first + hop)
        if target >= 0 && board.occupants[target] < 0 {
          ledger.open(carrier, hop, move: first + hop, from: board.site(place), to: target)
        }
      }
      ledger.settle(carrier)
    }
  }

  private static func walk<Ledger: HopLedger & ~Copyable>(
    _ board: inout HopBoard, _ ledger: inout Ledger, _ time: inout Double, until end: Double, limit: Int,
    _ random: inout RandomSource
  ) -> Int {
    var source = random
    var made = 0
    defer { random = source }
    while made < limit {
      let total = ledger.total
      let next = total > 0 ? time + source.exponential() / total : .infinity
      guard next <= end, next < .infinity else {
        if end < .infinity { time = end }
        break
      }
      time = next
      let (carrier, hop) = ledger.choose(at: source.uniform() * total)
      perform(&board, &ledger, carrier, hop)
      made += 1
    }
    return made
  }

  /// Moves a carrier and opens and closes the hops that this changes.
  private static func perform<Ledger: HopLedger & ~Copyable>(
    _ board: inout HopBoard, _ ledger: inout Ledger, _ carrier: Int, _ hop: Int
  ) {
    let neighbors = board.neighbors
    let old = board.carriers[carrier]
    let oldFirst = board.firstMove(old.place)
    let oldSite = board.site(old.place)
    let site = board.neighbor(old.place, oldFirst &+ hop)
    let place = board.end(old.place, oldFirst &+ hop)
    let first = board.firstMove(place)
    board.occupants[oldSite] = -1
    board.occupants[site] = Int32(truncatingIfNeeded: carrier)
    board.carriers[carrier] = Carrier(
      place: place, travel: old.travel &+ board.moves[oldFirst &+ hop].halves)
    // The site left is open to its other neighbors.
    for index in 0..<neighbors {
      let from = board.neighbor(old.place, oldFirst &+ index)
      if from < 0 || from == site { continue }
      let other = Int(board.occupants[from])
      if other < 0 { continue }
      let move = board.moves[oldFirst &+ index]
      ledger.open(
        other, move.reverse, move: Int(move.shift.w) &* neighbors &+ move.reverse, from: from, to: oldSite)
      ledger.settle(other)
    }
    for index in 0..<neighbors {
      let target = board.neighbor(place, first &+ index)
      if target < 0 {
        ledger.close(carrier, index)
        continue
      }
      let other = Int(board.occupants[target])
      if other < 0 {
        ledger.open(carrier, index, move: first &+ index, from: site, to: target)
      } else {
        ledger.close(carrier, index)
        ledger.close(other, board.moves[first &+ index].reverse)
        ledger.settle(other)
      }
    }
    ledger.settle(carrier)
  }
}

extension LatticeDiffusion {
  /// Hops per second, of all carriers together.
  public var totalRate: Double { isLevel ? classes.total : tree.total }

  /// The sites of the carriers, in their order.
  public var sites: [Int] { (0..<carrierCount).map { board.site(board.carriers[$0].place) } }

  /// The carrier at a site.
  public func carrier(at site: Int) -> Int? {
    let carrier = Int(board.occupants[site])
    return carrier < 0 ? nil : carrier
  }

  /// What a carrier has traveled since the last reset, m; over periodic ends too.
  public func travel(of carrier: Int) -> SIMD3<Double> {
    let halves = board.carriers[carrier].travel
    return 0.5 * lattice.cellEdge * SIMD3(Double(halves.x), Double(halves.y), Double(halves.z))
  }

  /// Travel of all carriers together, m: z q times it over the volume and the time is the mean current density.
  public var totalTravel: SIMD3<Double> {
    var sum = SIMD3<Double>.zero
    for carrier in 0..<carrierCount { sum += travel(of: carrier) }
    return sum
  }

  public mutating func resetTravel() {
    for carrier in 0..<carrierCount { board.carriers[carrier].travel = .zero }
  }
}
