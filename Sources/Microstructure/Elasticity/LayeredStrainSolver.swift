import Fields
import Foundation

/// The elastic strain of a laterally uniform, free-topped stack under an isotropic eigenstrain in its uppermost part.
///
///     div σ = 0,   σ = C(z) : (sym grad u − e* I),   σ·n = 0 on top
///
/// Physics (7.4), (7.6): per lateral wave vector, u(z) in linear finite elements, one per plane of the window; the
/// planes have the window's period. All below the window is eliminated once (`LayeredStack`): it costs a device
/// nothing.
/// The mean over a plane is a film on a thick support: no lateral strain, no stress on top. Bending is left out: it
/// takes off a share of 4 M_f t_f / M_s t_s, about 3 % for 20 µm of a soft crystal on 1 mm of glass.
/// Wave numbers at the Nyquist limit count as 0, as for any real field's derivative.
/// Memory: 15 doubles per half mode and plane kept (61 B per voxel), 60 B per voxel at work, 48 B per voxel of result.
public struct LayeredStrainSolver: Sendable {
  public let grid: Grid
  public let crystal: Stiffness
  private let transform: RealTransform
  private let tiles: Int
  /// Per tile of four modes: k_x and k_y times the height of a plane.
  private let waveNumbers: [Lanes]
  /// Per tile and node, bottom up: D⁻¹ (6 lanes) and M = O D⁻¹ (9 lanes).
  private let factors: [Lanes]

  /// Lanes per tile and node in `factors`.
  private static let block = 15

  /// Factors the stack's matrices.
  /// - Parameters:
  ///   - grid: the window, its top plane at the free surface; even counts along x and y.
  ///   - layers: what is below the window, bottom to top; the first one is the support.
  public init(_ grid: Grid, crystal: Stiffness, below layers: [ElasticLayer]) throws {
    guard !layers.isEmpty else { throw FieldError.noSupport }
    self.grid = grid
    self.crystal = crystal
    transform = try RealTransform.planes(
      nx: grid.nx, ny: grid.ny, batch: grid.nz, spectrumAlignment: Lanes.scalarCount)
    tiles = transform.spectrumStride / (2 * Lanes.scalarCount)
    waveNumbers = Self.waveNumbers(of: grid, tiles: tiles)

    let stack = LayeredStack(layers.map(\.stiffness), thicknesses: layers.map(\.thickness), under: grid)
    let nodes = grid.nz + 1
    var factors = [Lanes](repeating: .zero, count: tiles * nodes * Self.block)
    for tile in 0..<tiles {
      let symbols = LateralSymbols(kx: waveNumbers[2 * tile], ky: waveNumbers[2 * tile + 1])
      let window = LayeredElement(crystal, symbols, scale: crystal.c11)
      // The stack below as a spring at the window's lowest node.
      var spring = stack.spring(symbols, scale: crystal.c11)
      let (lower, upper, coupling) = (window.own(1, side: -1), window.own(1, side: 1), window.coupling(1))
      for node in 0..<nodes {
        let isTop = node == grid.nz
        let inverse = (isTop ? spring : spring + lower).inverse
        let step = inverse.eliminated(coupling, from: upper)
        spring = step.next
        let base = (tile * nodes + node) * Self.block
        for (offset, value) in (inverse.components + step.multiplier.components).enumerated() {
          factors[base + offset] = value
        }
      }
    }
    self.factors = factors
  }

  private static func waveNumbers(of grid: Grid, tiles: Int) -> [Lanes] {
    let half = grid.nx / 2 + 1
    var numbers = [Lanes](repeating: .zero, count: 2 * tiles)
    for mode in 0..<(half * grid.ny) {
      let (i, j) = (mode % half, mode / half)
      let m = 2 * i == grid.nx ? 0 : i
      let n = 2 * j == grid.ny ? 0 : 2 * j < grid.ny ? j : j - grid.ny
      let (tile, lane) = (mode / Lanes.scalarCount, mode % Lanes.scalarCount)
      numbers[2 * tile][lane] = 2 * Double.pi * Double(m) / Double(grid.nx) * (grid.spacing.z / grid.spacing.x)
      numbers[2 * tile + 1][lane] = 2 * Double.pi * Double(n) / Double(grid.ny) * (grid.spacing.z / grid.spacing.y)
    }
    return numbers
  }

  /// The elastic strain of an eigenstrain e*, equal along all axes, per voxel; e* is 0 below the window.
  ///
  /// Strain is taken at the voxels' centers. Zero eigenstrain gives exactly zero.
  public func strain(from eigenstrain: Field) -> SymmetricTensorField {
    precondition(eigenstrain.grid.count == grid.count, "the eigenstrain lies on the solver's grid")
    let stride = transform.spectrumStride
    let size = transform.spectrumCount
    var source = spectrum(of: eigenstrain)
    let buffer = UnsafeMutablePointer<Double>.allocate(capacity: 6 * size)
    defer { buffer.deallocate() }
    let spectra = (0..<6).map { buffer + $0 * size }
    var nodes = [Lanes](repeating: .zero, count: 6 * (grid.nz + 1))
    source.withUnsafeMutableBufferPointer { source in
      nodes.withUnsafeMutableBufferPointer { nodes in
        factors.withUnsafeBufferPointer { factors in
          for tile in 0..<tiles {
            solve(tile, source.baseAddress!, factors.baseAddress!, nodes.baseAddress!)
            writeStrain(tile, source.baseAddress!, nodes.baseAddress!, to: spectra)
          }
        }
      }
      // The mean of a plane: no lateral strain, no stress along z.
      let total = 3 * crystal.bulkModulus / crystal.c33
      for plane in 0..<grid.nz {
        let mean = source[plane * stride]
        for (component, value) in [-mean, -mean, (total - 1) * mean, 0, 0, 0].enumerated() {
          spectra[component][plane * stride] = value
          spectra[component][plane * stride + 1] = 0
        }
      }
    }
    return SymmetricTensorField(
      components: (0..<6).map { component in
        Field(
          grid,
          values: [Double](unsafeUninitializedCapacity: grid.count) { values, count in
            transform.backward(spectra[component], into: values.baseAddress!)
            count = grid.count
          })
      })
  }

  /// How far the top surface rises over its mean, m: a field of one plane.
  public func relief(from eigenstrain: Field) throws -> Field {
    var source = spectrum(of: eigenstrain)
    let plane = try RealTransform.planes(
      nx: grid.nx, ny: grid.ny, batch: 1, spectrumAlignment: Lanes.scalarCount)
    var heights = [Double](repeating: 0, count: plane.spectrumCount)
    var nodes = [Lanes](repeating: .zero, count: 6 * (grid.nz + 1))
    source.withUnsafeMutableBufferPointer { source in
      nodes.withUnsafeMutableBufferPointer { nodes in
        factors.withUnsafeBufferPointer { factors in
          for tile in 0..<tiles {
            solve(tile, source.baseAddress!, factors.baseAddress!, nodes.baseAddress!)
            for lane in 0..<Lanes.scalarCount {
              let mode = tile * Lanes.scalarCount + lane
              // u_z = i w
              heights[2 * mode] = -nodes[6 * grid.nz + 5][lane] * grid.spacing.z
              heights[2 * mode + 1] = nodes[6 * grid.nz + 4][lane] * grid.spacing.z
            }
          }
        }
      }
    }
    heights[0] = 0
    heights[1] = 0
    var top = grid
    top.nz = 1
    return Field(top, values: plane.backward(heights))
  }

  /// The lateral spectrum of every plane, scaled so that a transform back restores the values.
  private func spectrum(of eigenstrain: Field) -> [Double] {
    var values = eigenstrain.values
    let scale = 1 / Double(transform.pointCount)
    var spectrum = [Double](repeating: 0, count: transform.spectrumCount)
    values.withUnsafeMutableBufferPointer { values in
      for i in values.indices { values[i] *= scale }
      spectrum.withUnsafeMutableBufferPointer { transform.forward(values.baseAddress!, into: $0.baseAddress!) }
    }
    return spectrum
  }

  /// Solves the block-tridiagonal system of four modes; per node a_x, a_y, w, each as real and imaginary part.
  @inline(__always)
  private func solve(
    _ tile: Int, _ source: UnsafeMutablePointer<Double>, _ factors: UnsafePointer<Lanes>,
    _ nodes: UnsafeMutablePointer<Lanes>
  ) {
    let count = grid.nz
    let stride = transform.spectrumStride
    let kx = 0.5 * waveNumbers[2 * tile]
    let ky = 0.5 * waveNumbers[2 * tile + 1]
    let strength = 3 * crystal.bulkModulus / crystal.c11
    let column = UnsafeRawPointer(source + tile * 2 * Lanes.scalarCount)
    var factor = factors + tile * (count + 1) * Self.block
    var below = (re: Lanes.zero, im: Lanes.zero)
    var (xr, xi, yr, yi, wr, wi) = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    for node in 0...count {
      // The force of an element is −i e* (k_x/2, k_y/2, ∓1), in units of 3B.
      var above = (re: Lanes.zero, im: Lanes.zero)
      if node < count {
        let e = (column + 8 * node * stride).loadUnaligned(as: SIMD8<Double>.self)
        above = (strength * e.oddHalf, -strength * e.evenHalf)
      }
      let (sr, si) = (below.re + above.re, below.im + above.im)
      var (fxr, fxi, fyr, fyi) = (kx * sr, kx * si, ky * sr, ky * si)
      var (fwr, fwi) = (below.re - above.re, below.im - above.im)
      if node > 0 {
        let m = factor - Self.block + 6
        fxr -= m[0] * xr + m[1] * yr + m[2] * wr
        fxi -= m[0] * xi + m[1] * yi + m[2] * wi
        fyr -= m[3] * xr + m[4] * yr + m[5] * wr
        fyi -= m[3] * xi + m[4] * yi + m[5] * wi
        fwr -= m[6] * xr + m[7] * yr + m[8] * wr
        fwi -= m[6] * xi + m[7] * yi + m[8] * wi
      }
      (xr, xi, yr, yi, wr, wi) = (fxr, fxi, fyr, fyi, fwr, fwi)
      let target = nodes + 6 * node
      target[0] = xr
      target[1] = xi
      target[2] = yr
      target[3] = yi
      target[4] = wr
      target[5] = wi
      below = above
      factor += Self.block
    }
    (xr, xi, yr, yi, wr, wi) = (.zero, .zero, .zero, .zero, .zero, .zero)
    for node in (0...count).reversed() {
      factor -= Self.block
      let target = nodes + 6 * node
      let (fxr, fxi, fyr, fyi, fwr, fwi) = (target[0], target[1], target[2], target[3], target[4], target[5])
      let m = factor + 6
      let isTop = node == count
      let gxr = isTop ? .zero : m[0] * xr + m[3] * yr + m[6] * wr
      let gxi = isTop ? .zero : m[0] * xi + m[3] * yi + m[6] * wi
      let gyr = isTop ? .zero : m[1] * xr + m[4] * yr + m[7] * wr
      let gyi = isTop ? .zero : m[1] * xi + m[4] * yi + m[7] * wi
      let gwr = isTop ? .zero : m[2] * xr + m[5] * yr + m[8] * wr
      let gwi = isTop ? .zero : m[2] * xi + m[5] * yi + m[8] * wi
      xr = factor[0] * fxr + factor[1] * fyr + factor[2] * fwr - gxr
      xi = factor[0] * fxi + factor[1] * fyi + factor[2] * fwi - gxi
      yr = factor[1] * fxr + factor[3] * fyr + factor[4] * fwr - gyr
      yi = factor[1] * fxi + factor[3] * fyi + factor[4] * fwi - gyi
      wr = factor[2] * fxr + factor[4] * fyr + factor[5] * fwr - gwr
      wi = factor[2] * fxi + factor[4] * fyi + factor[5] * fwi - gwi
      target[0] = xr
      target[1] = xi
      target[2] = yr
      target[3] = yi
      target[4] = wr
      target[5] = wi
    }
  }

  /// Elastic strain at the planes' centers, as spectra of the six components.
  @inline(__always)
  private func writeStrain(
    _ tile: Int, _ source: UnsafeMutablePointer<Double>, _ nodes: UnsafeMutablePointer<Lanes>,
    to spectra: [UnsafeMutablePointer<Double>]
  ) {
    let stride = transform.spectrumStride
    let kx = waveNumbers[2 * tile]
    let ky = waveNumbers[2 * tile + 1]
    let start = tile * 2 * Lanes.scalarCount
    let (xx, yy, zz) = (spectra[0] + start, spectra[1] + start, spectra[2] + start)
    let (xy, yz, xz) = (spectra[3] + start, spectra[4] + start, spectra[5] + start)
    for plane in 0..<grid.nz {
      let a = nodes + 6 * plane
      let b = a + 6
      let offset = plane * stride
      let e = UnsafeRawPointer(source + start + offset).loadUnaligned(as: SIMD8<Double>.self)
      let (er, ei) = (e.evenHalf, e.oddHalf)
      let (mxr, mxi) = (0.5 * (a[0] + b[0]), 0.5 * (a[1] + b[1]))
      let (myr, myi) = (0.5 * (a[2] + b[2]), 0.5 * (a[3] + b[3]))
      let (mwr, mwi) = (0.5 * (a[4] + b[4]), 0.5 * (a[5] + b[5]))
      Self.store(-kx * mxi - er, kx * mxr - ei, at: xx + offset)
      Self.store(-ky * myi - er, ky * myr - ei, at: yy + offset)
      Self.store(a[5] - b[5] - er, b[4] - a[4] - ei, at: zz + offset)
      Self.store(-0.5 * (kx * myi + ky * mxi), 0.5 * (kx * myr + ky * mxr), at: xy + offset)
      Self.store(0.5 * (b[2] - a[2] - ky * mwr), 0.5 * (b[3] - a[3] - ky * mwi), at: yz + offset)
      Self.store(0.5 * (b[0] - a[0] - kx * mwr), 0.5 * (b[1] - a[1] - kx * mwi), at: xz + offset)
    }
  }

  @inline(__always)
  private static func store(_ re: Lanes, _ im: Lanes, at target: UnsafeMutablePointer<Double>) {
    var pairs = SIMD8<Double>.zero
    pairs.evenHalf = re
    pairs.oddHalf = im
    UnsafeMutableRawPointer(target).storeBytes(of: pairs, as: SIMD8<Double>.self)
  }
}
