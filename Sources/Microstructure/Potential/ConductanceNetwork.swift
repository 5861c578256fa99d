import CKernels
import Fields

/// Where a network's conductances stand in an array.
struct NetworkLayout: Hashable, Sendable {
  let nx: Int
  let ny: Int
  let nz: Int

  /// Whether cells take something up.
  var hasSinks = false

  var plane: Int { nx * ny }
  var count: Int { nx * ny * nz }
  /// Between arrays: on a grid of a power of two all would start in the same place of the cache, which holds eight.
  private static let gap = 72

  /// Where gy starts; gx is first.
  var gy: Int { count + Self.gap }
  var gz: Int { 2 * gy }
  /// Where 1/Σ g starts: past all conductances.
  var inverseSum: Int { 3 * gy + plane }
  var sinks: Int { 4 * gy + plane }
  var size: Int { (hasSinks ? 5 : 4) * gy + plane }
  /// Places of all conductances.
  var faces: [Int] { Array(0..<count) + Array(gy..<(gy + count)) + Array(gz..<(gz + count + plane)) }

  func network(in storage: UnsafeMutablePointer<Double>) -> ConductanceNetwork {
    ConductanceNetwork(
      nx: nx, ny: ny, nz: nz, gx: storage, gy: storage + gy, gz: storage + gz, inverseSum: storage + inverseSum,
      sinks: hasSinks ? storage + sinks : nil)
  }
}

/// What the conductances of a grid's faces share.
private struct FaceConductances {
  let boundary: PotentialBoundary
  let wraps: Bool
  /// Areas of faces over the distances of centers.
  let area: SIMD3<Double>
  /// Of a cell's face at the bottom and at the top.
  let transfers: (bottom: Double, top: Double)

  init(_ grid: Grid, _ boundary: PotentialBoundary) {
    let h = grid.spacing
    self.boundary = boundary
    wraps = boundary.lateral == .periodic
    area = SIMD3(h.y * h.z / h.x, h.x * h.z / h.y, h.x * h.y / h.z)
    transfers = (h.x * h.y * boundary.bottomTransfer, h.x * h.y * boundary.topTransfer)
  }
}

/// Cells joined by conductances through their faces, x fastest; sides wrap, and where they insulate hold 0.
///
/// g_x[i] is the face toward lower x of cell i, g_y likewise; g_z has one more plane: its first and last lead to the
/// electrodes and are 0 where there is none. A conductance is κ times the face's area over the distance of centers.
struct ConductanceNetwork {
  let nx: Int
  let ny: Int
  let nz: Int
  let gx: UnsafeMutablePointer<Double>
  let gy: UnsafeMutablePointer<Double>
  let gz: UnsafeMutablePointer<Double>
  /// One over the sum of a cell's conductances and its sink, 0 where it has none.
  let inverseSum: UnsafeMutablePointer<Double>
  /// What each cell takes up per unit of its potential, as a conductance to potential 0; or none.
  let sinks: UnsafeMutablePointer<Double>?

  @inline(__always) var plane: Int { nx &* ny }
  @inline(__always) var count: Int { nx &* ny &* nz }

  /// Places of a cell and of its neighbors in a plane, sides joined.
  @inline(__always)
  func neighbors(_ i: Int, _ j: Int, _ k: Int) -> (own: Int, west: Int, east: Int, south: Int, north: Int) {
    let floor = k &* plane
    let row = floor &+ j &* nx
    return (
      row &+ i, row &+ (i > 0 ? i &- 1 : nx &- 1), row &+ (i &+ 1 < nx ? i &+ 1 : 0),
      floor &+ (j > 0 ? j &- 1 : ny &- 1) &* nx &+ i, floor &+ (j &+ 1 < ny ? j &+ 1 : 0) &* nx &+ i
    )
  }

  /// Fills all conductances: harmonic means of the conductivities on both sides of a face.
  func fill(_ grid: Grid, _ conductivity: Conductivity, _ boundary: PotentialBoundary) {
    let faces = FaceConductances(grid, boundary)
    for k in 0..<nz {
      for j in 0..<ny { for i in 0..<nx { fillLowerFaces(i, j, k, faces, conductivity) } }
    }
    for cell in 0..<plane { fillElectrodes(cell, faces, conductivity) }
    fillSums()
  }

  /// Fills the conductances of some cells' faces afresh.
  func refill(_ cells: [Int], _ grid: Grid, _ conductivity: Conductivity, _ boundary: PotentialBoundary) {
    let faces = FaceConductances(grid, boundary)
    for cell in cells {
      let at = grid.cell(cell)
      let (east, north) = (at.x + 1 < nx ? at.x + 1 : 0, at.y + 1 < ny ? at.y + 1 : 0)
      fillLowerFaces(at.x, at.y, at.z, faces, conductivity)
      fillLowerFaces(east, at.y, at.z, faces, conductivity)
      fillLowerFaces(at.x, north, at.z, faces, conductivity)
      if at.z + 1 < nz { fillLowerFaces(at.x, at.y, at.z + 1, faces, conductivity) }
      if at.z == 0 || at.z + 1 == nz { fillElectrodes(cell % plane, faces, conductivity) }
    }
    for cell in cells {
      let at = grid.cell(cell)
      let (east, north) = (at.x + 1 < nx ? at.x + 1 : 0, at.y + 1 < ny ? at.y + 1 : 0)
      let (west, south) = (at.x > 0 ? at.x - 1 : nx - 1, at.y > 0 ? at.y - 1 : ny - 1)
      for i in [west, at.x, east] { fillSum(i, at.y, at.z) }
      for j in [south, north] { fillSum(at.x, j, at.z) }
      for k in [at.z - 1, at.z + 1] where k >= 0 && k < nz { fillSum(at.x, at.y, k) }
    }
  }

  private func fillLowerFaces(_ i: Int, _ j: Int, _ k: Int, _ faces: FaceConductances, _ kappa: Conductivity) {
    let at = neighbors(i, j, k)
    let (own, west, south) = (at.own, at.west, at.south)
    let (x, y, z) = (kappa.x.values, kappa.y.values, kappa.z.values)
    gx[own] = (i > 0 || faces.wraps) && nx > 1 ? faces.area.x * Self.harmonic(x[west], x[own]) : 0
    gy[own] = (j > 0 || faces.wraps) && ny > 1 ? faces.area.y * Self.harmonic(y[south], y[own]) : 0
    if k > 0 { gz[own] = faces.area.z * Self.harmonic(z[own &- plane], z[own]) }
  }

  private func fillElectrodes(_ cell: Int, _ faces: FaceConductances, _ kappa: Conductivity) {
    let (low, high) = (kappa.z.values[cell], kappa.z.values[(nz - 1) * plane + cell])
    func conductance(_ electrode: Int?, _ own: Double, _ transfer: Double) -> Double {
      guard electrode != nil else { return 0 }
      let half = 2 * faces.area.z * own
      guard transfer < .infinity else { return half }
      return half > 0 && transfer > 0 ? half * (transfer / (half + transfer)) : 0
    }
    gz[cell] = conductance(faces.boundary.bottomElectrode(cell), low, faces.transfers.bottom)
    gz[nz * plane + cell] = conductance(faces.boundary.topElectrode(cell), high, faces.transfers.top)
  }

  private static func harmonic(_ a: Double, _ b: Double) -> Double { a > 0 && b > 0 ? 2 * a * (b / (a + b)) : 0 }

  /// Fills the sinks, given per volume.
  func fillSinks(_ sink: Field) {
    let volume = sink.grid.voxelVolume
    for cell in 0..<count { sinks?[cell] = volume * sink.values[cell] }
  }

  /// Sums the conductances of each cell.
  func fillSums() {
    for k in 0..<nz { for j in 0..<ny { for i in 0..<nx { fillSum(i, j, k) } } }
  }

  @inline(__always)
  private func fillSum(_ i: Int, _ j: Int, _ k: Int) {
    let at = neighbors(i, j, k)
    let own = at.own
    var sum = gx[own] + gx[at.east] + gy[own] + gy[at.north] + gz[own] + gz[own &+ plane]
    if let sinks { sum += sinks[own] }
    inverseSum[own] = sum > 0 ? 1 / sum : 0
  }

  /// y = A x, electrodes at 0; gives x · y.
  /// - Parameter zeros: a plane of zeros.
  func apply(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, zeros: UnsafePointer<Double>
  ) -> Double {
    var network = kernel
    return ck_network_apply(&network, x, zeros, y)
  }

  /// r = f − (what leaves each cell), with the electrodes' potentials per cell of each face; gives Σ r and Σ r².
  ///
  /// Currents are sums of differences, so that an equal potential gives exactly 0.
  @discardableResult
  func residual(
    _ x: UnsafePointer<Double>, source f: UnsafePointer<Double>, bottom: UnsafePointer<Double>,
    top: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>
  ) -> (sum: Double, square: Double) {
    var network = kernel
    var sums = (sum: 0.0, square: 0.0)
    withUnsafeMutablePointer(to: &sums) {
      $0.withMemoryRebound(to: Double.self, capacity: 2) { ck_network_residual(&network, x, f, bottom, top, r, $0) }
    }
    return sums
  }

  private var kernel: ck_network {
    ck_network(nx: nx, ny: ny, nz: nz, gx: gx, gy: gy, gz: gz, sinks: sinks.map { UnsafePointer($0) })
  }

  /// One Gauss-Seidel sweep over the cells of both colors; backward is exactly the reverse of forward.
  func smooth(
    _ x: UnsafeMutablePointer<Double>, _ f: UnsafePointer<Double>, zeros: UnsafePointer<Double>, backward: Bool
  ) {
    var network = kernel
    ck_network_smooth(&network, inverseSum, x, f, zeros, backward ? 1 : 0)
  }

  /// A forward sweep from x = 0, and the residual r that it leaves.
  func presmooth(
    _ f: UnsafePointer<Double>, into x: UnsafeMutablePointer<Double>, residual r: UnsafeMutablePointer<Double>,
    zeros: UnsafePointer<Double>
  ) {
    var network = kernel
    ck_network_presmooth(&network, inverseSum, f, zeros, x, r)
  }
}
