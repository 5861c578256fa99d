import Fields

/// Where a network's conductances stand in an array.
struct NetworkLayout: Hashable, Sendable {
  let nx: Int
  let ny: Int
  let nz: Int

  var plane: Int { nx * ny }
  var count: Int { nx * ny * nz }
  var size: Int { 4 * count + plane }

  func network(in storage: UnsafeMutablePointer<Double>) -> ConductanceNetwork {
    ConductanceNetwork(
      nx: nx, ny: ny, nz: nz, gx: storage, gy: storage + count, gz: storage + 2 * count,
      inverseSum: storage + 3 * count + plane)
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
  /// One over the sum of a cell's conductances, 0 where it has none.
  let inverseSum: UnsafeMutablePointer<Double>

  @inline(__always) var plane: Int { nx &* ny }
  @inline(__always) var count: Int { nx &* ny &* nz }

  /// Fills all conductances: harmonic means of the conductivities on both sides of a face.
  func fill(_ grid: Grid, _ conductivity: Conductivity, _ boundary: PotentialBoundary) {
    let h = grid.spacing
    let (ax, ay, az) = (h.y * h.z / h.x, h.x * h.z / h.y, h.x * h.y / h.z)
    let wraps = boundary.lateral == .periodic
    func harmonic(_ a: Double, _ b: Double) -> Double { a > 0 && b > 0 ? 2 * a * (b / (a + b)) : 0 }
    let (x, y, z) = (conductivity.x.values, conductivity.y.values, conductivity.z.values)
    for k in 0..<nz {
      for j in 0..<ny {
        for i in 0..<nx {
          let own = grid.index(i, j, k)
          let west = grid.index(i > 0 ? i - 1 : nx - 1, j, k)
          let south = grid.index(i, j > 0 ? j - 1 : ny - 1, k)
          gx[own] = (i > 0 || wraps) && nx > 1 ? ax * harmonic(x[west], x[own]) : 0
          gy[own] = (j > 0 || wraps) && ny > 1 ? ay * harmonic(y[south], y[own]) : 0
          if k > 0 { gz[own] = az * harmonic(z[own - plane], z[own]) }
        }
      }
    }
    let last = (nz - 1) * plane
    for cell in 0..<plane {
      gz[cell] = boundary.bottomElectrode(cell) == nil ? 0 : 2 * az * z[cell]
      gz[nz * plane + cell] = boundary.topElectrode(cell) == nil ? 0 : 2 * az * z[last + cell]
    }
    fillSums()
  }

  /// Sums the conductances of each cell.
  func fillSums() {
    for k in 0..<nz {
      for j in 0..<ny {
        let row = k * plane + j * nx
        let north = k * plane + (j + 1 < ny ? j + 1 : 0) * nx
        for i in 0..<nx {
          let own = row + i
          let east = row + (i + 1 < nx ? i + 1 : 0)
          let sum = gx[own] + gx[east] + gy[own] + gy[north + i] + gz[own] + gz[own + plane]
          inverseSum[own] = sum > 0 ? 1 / sum : 0
        }
      }
    }
  }

  /// Calls `body` with each cell and the current that leaves it, from potentials x and those of the electrodes.
  ///
  /// Currents are sums of differences, so that an equal potential gives exactly 0.
  @inline(__always)
  private func forEachOutflow(
    _ x: UnsafePointer<Double>, bottom: UnsafePointer<Double>, top: UnsafePointer<Double>,
    _ body: (_ cell: Int, _ outflow: Double) -> Void
  ) {
    let (nx, ny, nz, plane) = (self.nx, self.ny, self.nz, self.plane)
    for k in 0..<nz {
      let floor = k &* plane
      let below = k > 0 ? x + (floor &- plane) : bottom
      let above = k &+ 1 < nz ? x + (floor &+ plane) : top
      for j in 0..<ny {
        let across = j &* nx
        let row = floor &+ across
        let here = x + row
        let southOffset = floor &+ (j > 0 ? j &- 1 : ny &- 1) &* nx
        let northOffset = floor &+ (j &+ 1 < ny ? j &+ 1 : 0) &* nx
        let (south, north) = (x + southOffset, x + northOffset)
        let (b, a) = (below + across, above + across)
        let (gw, gs, gn, gb, ga) = (gx + row, gy + row, gy + northOffset, gz + row, gz + (row &+ plane))
        @inline(__always) func outflow(_ i: Int, _ west: Int, _ east: Int) -> Double {
          let c = here[i]
          return gw[i] * (c - here[west]) + gw[east] * (c - here[east]) + gs[i] * (c - south[i])
            + gn[i] * (c - north[i]) + gb[i] * (c - b[i]) + ga[i] * (c - a[i])
        }
        body(row, outflow(0, nx &- 1, nx > 1 ? 1 : 0))
        if nx > 1 {
          for i in 1..<(nx &- 1) { body(row &+ i, outflow(i, i &- 1, i &+ 1)) }
          body(row &+ nx &- 1, outflow(nx &- 1, nx &- 2, 0))
        }
      }
    }
  }

  /// y = A x, electrodes at 0; gives x · y.
  /// - Parameter zeros: a plane of zeros.
  func apply(
    _ x: UnsafePointer<Double>, into y: UnsafeMutablePointer<Double>, zeros: UnsafePointer<Double>
  ) -> Double {
    var product = 0.0
    forEachOutflow(x, bottom: zeros, top: zeros) { cell, outflow in
      y[cell] = outflow
      product += x[cell] * outflow
    }
    return product
  }

  /// r = f − (what leaves each cell), with the electrodes' potentials per cell of each face.
  func residual(
    _ x: UnsafePointer<Double>, source f: UnsafePointer<Double>, bottom: UnsafePointer<Double>,
    top: UnsafePointer<Double>, into r: UnsafeMutablePointer<Double>
  ) {
    forEachOutflow(x, bottom: bottom, top: top) { cell, outflow in r[cell] = f[cell] - outflow }
  }

  /// One Gauss-Seidel sweep over the cells of both colors; backward is exactly the reverse of forward.
  func smooth(
    _ x: UnsafeMutablePointer<Double>, _ f: UnsafePointer<Double>, zeros: UnsafePointer<Double>, backward: Bool
  ) {
    for pass in 0..<2 {
      let color = backward ? 1 &- pass : pass
      for step in 0..<nz {
        let k = backward ? nz &- 1 &- step : step
        let floor = k &* plane
        let below = k > 0 ? UnsafePointer(x + (floor &- plane)) : zeros
        let above = k &+ 1 < nz ? UnsafePointer(x + (floor &+ plane)) : zeros
        for line in 0..<ny {
          let j = backward ? ny &- 1 &- line : line
          let across = j &* nx
          let row = floor &+ across
          let here = x + row
          let southOffset = floor &+ (j > 0 ? j &- 1 : ny &- 1) &* nx
          let northOffset = floor &+ (j &+ 1 < ny ? j &+ 1 : 0) &* nx
          let (south, north) = (x + southOffset, x + northOffset)
          let (b, a) = (below + across, above + across)
          let (gw, gs, gn, gb, ga) = (gx + row, gy + row, gy + northOffset, gz + row, gz + (row &+ plane))
          let (rf, ri) = (f + row, inverseSum + row)
          @inline(__always) func relax(_ i: Int, _ west: Int, _ east: Int) {
            let lateral = gw[i] * here[west] + gw[east] * here[east] + gs[i] * south[i] + gn[i] * north[i]
            here[i] = ri[i] * (rf[i] + lateral + gb[i] * b[i] + ga[i] * a[i])
          }
          let first = (color &+ j &+ k) & 1
          let cells = (nx &- first &+ 1) / 2
          for m in 0..<cells {
            let i = first &+ 2 &* (backward ? cells &- 1 &- m : m)
            relax(i, i > 0 ? i &- 1 : nx &- 1, i &+ 1 < nx ? i &+ 1 : 0)
          }
        }
      }
    }
  }
}
