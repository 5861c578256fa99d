import Foundation

/// What a network of conductances is on average in each plane, and how far it strays from that.
struct ConductanceLayers {
  private(set) var gx: [Double] = []
  private(set) var gy: [Double] = []
  private(set) var rises: [Double] = []
  private(set) var sinks: [Double] = []
  /// Largest conductance over the smallest among those of one kind in one plane; 1 in layered matter.
  private(set) var contrast = 1.0
  /// From a cell under an electrode to it.
  private(set) var bottomConductance = 0.0
  private(set) var topConductance = 0.0
  /// Cells under electrodes that cover a part of a face.
  private(set) var electrodeCells = 0
  /// Whether every cell under an electrode conducts into it.
  private(set) var reachesElectrodes = true

  init(_ network: ConductanceNetwork, _ boundary: PotentialBoundary) {
    let (nx, ny, nz, plane) = (network.nx, network.ny, network.nz, network.plane)
    let wraps = boundary.lateral == .periodic
    for k in 0..<nz {
      let floor = k * plane
      gx.append(mean(plane) { nx > 1 && (wraps || $0 % nx > 0) ? network.gx[floor + $0] : nil })
      gy.append(mean(plane) { ny > 1 && (wraps || $0 >= nx) ? network.gy[floor + $0] : nil })
      if k > 0 { rises.append(mean(plane) { network.gz[floor + $0] }) }
      sinks.append(network.sinks.map { sinks in mean(plane) { sinks[floor + $0] } } ?? 0)
    }
    let (low, high) = (network.gz, network.gz + nz * plane)
    bottomConductance = mean(plane) { boundary.bottomElectrode($0) == nil ? nil : low[$0] }
    topConductance = mean(plane) { boundary.topElectrode($0) == nil ? nil : high[$0] }
    // As a preconditioner a face that is covered in part is one that conducts accordingly.
    rises.insert(bottomConductance * coverage(of: boundary.bottom, plane), at: 0)
    rises.append(topConductance * coverage(of: boundary.top, plane))
    for cell in 0..<plane {
      if boundary.bottomElectrode(cell) != nil, low[cell] == 0 { reachesElectrodes = false }
      if boundary.topElectrode(cell) != nil, high[cell] == 0 { reachesElectrodes = false }
      if boundary.bottom.isPartial, boundary.bottomElectrode(cell) != nil { electrodeCells += 1 }
      if boundary.top.isPartial, boundary.topElectrode(cell) != nil { electrodeCells += 1 }
    }
  }

  private func coverage(of face: PotentialFace, _ plane: Int) -> Double {
    guard case .electrodes(let cells) = face else { return 1 }
    return Double(cells.count { $0 != nil }) / Double(plane)
  }

  /// The geometric mean of those values that are there, exact where they are equal.
  private mutating func mean(_ count: Int, _ value: (Int) -> Double?) -> Double {
    var (low, high, logs, sum, found) = (Double.infinity, 0.0, 0.0, 0.0, 0)
    for cell in 0..<count {
      guard let g = value(cell) else { continue }
      low = min(low, g)
      high = max(high, g)
      logs += log(g)
      sum += g
      found += 1
    }
    guard found > 0, high > 0 else { return 0 }
    guard low < high else { return low }
    contrast = max(contrast, high / low)
    return low > 0 ? exp(logs / Double(found)) : sum / Double(found)
  }
}
