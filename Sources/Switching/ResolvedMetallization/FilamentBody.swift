import Foundation

/// The metal between the electrodes, as the current and the ions see it: what is joined to which electrode.
struct FilamentBody {
  /// What an atom is joined to.
  enum Joint: UInt8 {
    case none, lower, upper
  }

  /// Atoms joined to the lower electrode in each plane, from it up, and to the upper one; a bridge belongs to the lower one.
  let lower: [Int]
  let upper: [Int]
  /// Planes that each column with metal leaves open, from the lower piece or electrode to the upper one.
  let openings: [Int]
  let isBridge: Bool
  /// Planes from the lower electrode up to its metal's top; and up to the lowest plane of the upper one's metal.
  let lowerTop: Int
  let upperBottom: Int

  init(_ lattice: borrowing FilamentLattice) {
    let cells = lattice.lattice.cells
    let plane = cells.x * cells.y
    let count = plane * cells.z
    var joints = [Joint](repeating: .none, count: count)
    var open: [Int] = []
    var isBridge = false
    func fill(from seeds: Range<Int>, _ mark: Joint) {
      for site in seeds where lattice.isAtom(site) {
        if joints[site] == .none {
          joints[site] = mark
          open.append(site)
        } else if joints[site] != mark {
          isBridge = true
        }
      }
      while let site = open.popLast() {
        let (x, y, z) = (site % cells.x, site / cells.x % cells.y, site / plane)
        func visit(_ other: Int) {
          guard joints[other] == .none, lattice.isAtom(other) else { return }
          joints[other] = mark
          open.append(other)
        }
        if x > 0 { visit(site - 1) }
        if x + 1 < cells.x { visit(site + 1) }
        if y > 0 { visit(site - cells.x) }
        if y + 1 < cells.y { visit(site + cells.x) }
        if z > 0 { visit(site - plane) }
        if z + 1 < cells.z { visit(site + plane) }
      }
    }
    fill(from: 0..<plane, .lower)
    fill(from: count - plane..<count, .upper)
    var (lower, upper) = ([Int](repeating: 0, count: cells.z), [Int](repeating: 0, count: cells.z))
    var tops = [Int](repeating: -1, count: plane)
    var bottoms = [Int](repeating: cells.z, count: plane)
    for (site, joint) in joints.enumerated() where joint != .none {
      let (column, k) = (site % plane, site / plane)
      if joint == .lower {
        lower[k] += 1
        tops[column] = k
      } else {
        upper[k] += 1
        bottoms[column] = min(bottoms[column], k)
      }
    }
    // Of pieces that overlap sideways the columns' own distances count.
    openings =
      isBridge
      ? [] : zip(tops, bottoms).compactMap { $0 >= 0 || $1 < cells.z ? max(0, $1 - $0 - 1) : nil }
    self.lower = lower
    self.upper = upper
    self.isBridge = isBridge
    lowerTop = lower.lastIndex { $0 > 0 }.map { $0 + 1 } ?? 0
    upperBottom = upper.firstIndex { $0 > 0 } ?? cells.z
  }

  /// What the metal of a plane, or next to it, is joined to: where both pieces stand in one plane, what the larger one is.
  func joint(_ plane: Int) -> Joint {
    if lower[plane] + upper[plane] > 0 { return lower[plane] >= upper[plane] ? .lower : .upper }
    if plane == lowerTop, lowerTop > 0 { return .lower }
    return plane == upperBottom - 1 && upperBottom < upper.count ? .upper : .none
  }

  /// Whether a plane is at the end of a piece that leaves a gap.
  func isTip(_ plane: Int) -> Bool {
    guard !isBridge else { return false }
    return (lowerTop - 2...lowerTop).contains(plane) || (upperBottom - 1...upperBottom + 1).contains(plane)
  }
}
