/// What a filament looks like to the current.
public struct FilamentShape: Hashable, Sendable {
  /// All atoms, connected or not.
  public var atoms: Int
  /// m³.
  public var volume: Double
  /// Atoms with contact to the lower electrode through neighbors.
  public var connectedAtoms: Int
  /// Whether the two electrodes are connected.
  public var isBridge: Bool
  /// The fewest connected atoms in a plane, where they bridge the gap; 0 where they do not.
  public var constriction: Int
  /// The plane of the constriction, counted from the lower electrode.
  public var constrictionPlane: Int?
  /// From the topmost connected atom to the upper electrode, m.
  public var gap: Double
  /// Connected atoms in each plane, from the lower electrode up.
  public var planes: [Int]
}

extension FilamentLattice {
  /// The atoms with contact to the lower electrode, by sites.
  public func connected() -> [Bool] {
    var reached = [Bool](repeating: false, count: atoms.count)
    var open: [Int] = []
    for site in 0..<lattice.cells.x * lattice.cells.y where atoms[site] {
      reached[site] = true
      open.append(site)
    }
    while let site = open.popLast() {
      for hop in 0..<lattice.neighbors {
        guard let other = lattice.neighbor(of: site, hop: hop), atoms[other], !reached[other] else { continue }
        reached[other] = true
        open.append(other)
      }
    }
    return reached
  }

  /// Counts, bridge, constriction and volume of the present atoms.
  public func shape() -> FilamentShape {
    let plane = lattice.cells.x * lattice.cells.y
    var planes = [Int](repeating: 0, count: lattice.cells.z)
    for (site, isReached) in connected().enumerated() where isReached { planes[site / plane] += 1 }
    let top = planes.lastIndex { $0 > 0 }.map { $0 + 1 } ?? 0
    let isBridge = top == planes.count
    let constriction = isBridge ? planes.min()! : 0
    let edge = metal.atomEdge
    return FilamentShape(
      atoms: atomCount, volume: Double(atomCount) * edge * edge * edge, connectedAtoms: planes.reduce(0, +),
      isBridge: isBridge, constriction: constriction,
      constrictionPlane: isBridge ? planes.firstIndex(of: constriction) : nil,
      gap: Double(planes.count - top) * edge, planes: planes)
  }
}
