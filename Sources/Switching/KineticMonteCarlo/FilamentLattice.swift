import Foundation
import NumericalMethods

/// A metal filament between two electrodes, atom by atom.
///
///     attach:  j₋ a_c²/(z e)                              per empty site beside the metal
///     detach:  j₊ a_c²/(z e) exp[−(n_b − n_k) E_b/kT]     per atom
///     hop:     ν₀ exp[−(E_s + n_b E_b)/kT]                per direction along the surface
///
/// Physics (8.12); rejection-free but for hops (18 directions each: those blocked take their time and change nothing,
/// which is as exact). Both electrodes bind like atoms; the lower one is the cathode, on which metal may grow. Pieces
/// without contact to it react like the rest unless the caller gives their sites another overpotential.
public struct FilamentLattice: ~Copyable, Sendable {
  /// Sites of the gap, the lower electrode below plane 0, the upper above the last.
  public let lattice: HopLattice
  public let metal: FilamentMetal
  public let faces: FilamentFaces
  /// Whether metal may start on the bare lower electrode.
  public let startsOnElectrode: Bool
  /// s.
  public private(set) var time = 0.0
  public private(set) var events = FilamentEvents()
  public private(set) var supply: IonSupply
  public private(set) var atomCount = 0
  /// What hops are slowed down to, 1 for none.
  public private(set) var hopScale = 1.0

  var atoms: HeapArray<Bool>
  /// Atoms and electrodes beside each site, occupied or not.
  private var bonds: HeapArray<Int>
  private let frame: Frame
  private var attachTree: EventTree
  private var detachTree: EventTree
  /// Rates of attachment, and of detachment from a kink, at each site, 1/s.
  private var attachRates: HeapArray<Double>
  private var kinkRates: HeapArray<Double>
  private let bondFactors: HeapArray<Double>
  private let hopRates: HeapArray<Double>

  static let directions = 18

  /// What all lattices of one size share: six neighbors of each site, then twelve over the corner; -1 where there is no site.
  public final class Frame: Sendable {
    let lattice: HopLattice
    let around: HeapArray<Int32>

    /// - Parameters:
    ///   - sites: of the gap along x, y, z.
    ///   - edge: a_c, m.
    public init(sites: SIMD3<Int>, periodic: LatticeAxes = [], edge: Double) {
      precondition(!periodic.contains(.z), "electrodes end the lattice along z")
      lattice = .simpleCubic(sites, edge: edge, periodic: periodic)
      around = HeapArray(FilamentLattice.surroundings(lattice))
    }
  }

  /// - Parameters:
  ///   - sites: of the gap along x, y, z.
  ///   - periodic: of the axes x and y, those without walls.
  ///   - atoms: the sites that are metal at first, x fastest.
  public init(
    sites: SIMD3<Int>, periodic: LatticeAxes = [], metal: FilamentMetal, faces: FilamentFaces = .all,
    startsOnElectrode: Bool = true, supply: IonSupply = .unlimited, overpotential: Double = 0, atoms: [Int] = []
  ) {
    self.init(
      Frame(sites: sites, periodic: periodic, edge: metal.atomEdge), metal: metal, faces: faces,
      startsOnElectrode: startsOnElectrode, supply: supply, atoms: atoms)
    setConditions(overpotential: [Double](repeating: overpotential, count: lattice.siteCount))
  }

  /// As above on a frame that other lattices share; nothing happens until rates or conditions are set.
  public init(
    _ frame: Frame, metal: FilamentMetal, faces: FilamentFaces = .all, startsOnElectrode: Bool = true,
    supply: IonSupply = .unlimited, atoms: [Int] = []
  ) {
    precondition(faces == .all || metal.surfaceBarrier == nil, "columns do not exchange atoms by hops")
    self.frame = frame
    lattice = frame.lattice
    self.metal = metal
    self.faces = faces
    self.startsOnElectrode = startsOnElectrode
    self.supply = supply
    let count = lattice.siteCount
    self.atoms = HeapArray(repeating: false, count: count)
    bonds = HeapArray(repeating: 0, count: count)
    attachTree = EventTree(count: count)
    detachTree = EventTree(count: count)
    attachRates = HeapArray(repeating: 0, count: count)
    kinkRates = HeapArray(repeating: 0, count: count)
    bondFactors = HeapArray(metal.bondFactors)
    hopRates = HeapArray(metal.hopRates)
    let plane = lattice.cells.x * lattice.cells.y
    for site in 0..<count {
      if site < plane { bonds[site] += 1 }
      if site >= count - plane { bonds[site] += 1 }
    }
    for site in atoms { put(site, true) }
  }

  fileprivate static func surroundings(_ lattice: HopLattice) -> [Int32] {
    var list: [Int32] = []
    list.reserveCapacity(directions * lattice.siteCount)
    for site in 0..<lattice.siteCount {
      let six = (0..<6).map { lattice.neighbor(of: site, hop: $0) }
      list += six.map { Int32($0 ?? -1) }
      for first in 0..<6 {
        // Over the corner: a step along one axis and one along the next.
        for second in 0..<6 where second / 2 == (first / 2 + 1) % 3 {
          // Behind a wall there is nothing, whichever step comes first.
          let middle = six[first]
          let end = middle.flatMap { lattice.neighbor(of: $0, hop: second) }
          list.append(Int32(end ?? -1))
        }
      }
    }
    return list
  }

  /// Takes the overpotential at each site in V, and how active its ions are against those of the exchange current (1 if
  /// empty); the atoms stay.
  public mutating func setConditions(overpotential: [Double], activity: [Double] = []) {
    precondition(overpotential.count == atoms.count, "one overpotential per site")
    precondition(activity.isEmpty || activity.count == atoms.count, "one activity per site")
    var last = Double.nan
    var rates = (attach: 0.0, kink: 0.0)
    for site in 0..<atoms.count {
      if overpotential[site] != last {
        last = overpotential[site]
        rates = (metal.attachRate(last), metal.detachRate(last))
      }
      setRates(site, attach: rates.attach * (activity.isEmpty ? 1 : activity[site]), kink: rates.kink)
    }
    rebuild()
  }

  /// Takes the rates at each site, 1/s: of attachment where it is empty, of detachment from a kink where it is metal.
  public mutating func setRates(_ rates: (_ site: Int) -> (attach: Double, kink: Double)) {
    for site in 0..<atoms.count {
      let (attach, kink) = rates(site)
      setRates(site, attach: attach, kink: kink)
    }
    rebuild()
  }

  private mutating func setRates(_ site: Int, attach: Double, kink: Double) {
    attachRates[site] = attach
    kinkRates[site] = kink
    if atoms[site] {
      detachTree.set(site, rate: leavingRate(site))
    } else if bonds[site] > 0 || faces == .tops {
      attachTree.set(site, rate: attachRate(site))
    }
  }

  private mutating func rebuild() {
    attachTree.rebuild()
    detachTree.rebuild()
  }

  /// The same overpotential everywhere, V.
  public mutating func setOverpotential(_ value: Double) {
    setConditions(overpotential: [Double](repeating: value, count: atoms.count))
  }

  /// Slows all hops to a share of their rate, as if their barrier were higher: against hops back and forth that take all
  /// events.
  ///
  /// The equilibrium stays, for all hops slow down alike. The course stays while the surface relaxes faster than it
  /// reacts: `events.hopsPerReaction` well above the number of surface atoms says that there is no bias.
  public mutating func slowHops(to share: Double) {
    precondition(share > 0 && share <= 1, "hops are slowed to a share of their rate")
    hopScale = share
    for site in 0..<atoms.count { detachTree.set(site, rate: leavingRate(site)) }
    detachTree.rebuild()
  }

  public func isAtom(_ site: Int) -> Bool { atoms[site] }

  /// The sites that are metal: with the supply, all that a filament like this one starts from.
  public var atomSites: [Int] { (0..<atoms.count).filter { atoms[$0] } }

  /// Atoms and electrodes beside a site.
  public func bondCount(_ site: Int) -> Int { bonds[site] }

  /// Events per second.
  public var totalRate: Double { supply.factor * attachTree.total + detachTree.total }

  /// Events until a time or for a number of them, or until the atoms have become more or fewer by a number, whichever
  /// comes first.
  /// - Parameter end: s; the state there is exact. A source lasts for 2³² events.
  /// - Returns: the events.
  @discardableResult
  public mutating func advance(
    until end: Double = .infinity, eventLimit: Int = .max, atomChange: Int = .max, random: inout RandomSource
  ) -> Int {
    let start = atomCount
    var made = 0
    while made < eventLimit && abs(atomCount - start) < atomChange {
      let factor = supply.factor
      let attaching = factor * attachTree.total
      let total = attaching + detachTree.total
      let next = total > 0 ? time + random.exponential() / total : .infinity
      guard next <= end, next < .infinity else {
        if end < .infinity { time = end }
        break
      }
      time = next
      let mark = random.uniform() * total
      // Rounding must not send a mark into the other tree while that is empty.
      if mark < attaching || detachTree.total == 0 {
        change(attachTree.event(at: mark / factor).event, true)
        supply.add(-1)
        events.attached += 1
      } else {
        let (site, rest) = detachTree.event(at: mark - attaching)
        leave(site, rest)
      }
      made += 1
    }
    return made
  }

  /// An atom dissolves or hops.
  private mutating func leave(_ site: Int, _ rest: Double) {
    let detach = detachRate(site)
    let hop = hopRate(site)
    if rest < detach || hop == 0 {
      change(site, false)
      supply.add(1)
      events.detached += 1
      return
    }
    let direction = min(Self.directions - 1, Int((rest - detach) / hop))
    let target = Int(frame.around[Self.directions * site + direction])
    // The first six directions lead to neighbors, whose count of bonds holds the atom itself.
    if target < 0 || atoms[target] || bonds[target] - (direction < 6 ? 1 : 0) < 1 {
      events.blockedHops += 1
      return
    }
    change(site, false)
    change(target, true)
    events.hops += 1
  }

  /// Puts an atom or takes it, without the rates.
  private mutating func put(_ site: Int, _ isAtom: Bool) {
    precondition(atoms[site] != isAtom, "site \(site) is in that state already")
    atoms[site] = isAtom
    atomCount += isAtom ? 1 : -1
    for direction in 0..<6 {
      let other = Int(frame.around[Self.directions * site + direction])
      if other >= 0 { bonds[other] += isAtom ? 1 : -1 }
    }
  }

  private mutating func change(_ site: Int, _ isAtom: Bool) {
    put(site, isAtom)
    refresh(site)
    for direction in 0..<6 {
      let other = Int(frame.around[Self.directions * site + direction])
      if other >= 0 { refresh(other) }
    }
  }

  private mutating func refresh(_ site: Int) {
    attachTree.update(site, rate: attachRate(site))
    detachTree.update(site, rate: leavingRate(site))
  }

  /// 1/s, zero where no ion can become an atom.
  private func attachRate(_ site: Int) -> Double {
    if atoms[site] { return 0 }
    let plane = lattice.cells.x * lattice.cells.y
    let startsHere = startsOnElectrode && site < plane
    switch faces {
    case .tops: return startsHere || site >= plane && atoms[site - plane] ? attachRates[site] : 0
    case .all:
      let electrodes = (site < plane ? 1 : 0) + (site >= atoms.count - plane ? 1 : 0)
      // Ions do not reach a site with metal all around.
      return (startsHere || bonds[site] > electrodes) && bonds[site] < 6 ? attachRates[site] : 0
    }
  }

  /// 1/s, zero for atoms that no ion can leave from.
  private func detachRate(_ site: Int) -> Double {
    switch faces {
    case .tops:
      let above = site + lattice.cells.x * lattice.cells.y
      if above < atoms.count && atoms[above] { return 0 }
    case .all: if bonds[site] == 6 { return 0 }
    }
    return kinkRates[site] * bondFactors[bonds[site]]
  }

  /// 1/s, per direction.
  private func hopRate(_ site: Int) -> Double { hopScale * hopRates[bonds[site]] }

  /// All that an atom can do, 1/s.
  private func leavingRate(_ site: Int) -> Double {
    atoms[site] ? detachRate(site) + Double(Self.directions) * hopRate(site) : 0
  }
}
