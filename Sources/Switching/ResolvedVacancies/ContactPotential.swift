import Fields
import Foundation
import Quantities

/// The potential under a window of the switching contact, in three dimensions, over ions in local equilibrium.
///
///     −∇·(ε ∇φ) = q [z c(φ; µ, c₀) + z' n(φ; ν, c₀) − (z + z') c₀],   C_S (V − φ) = −ε ∂φ/∂z at the contact
///
/// Periodic in the plane, with the first planes of a column's mesh along the depth, and the column's own potential below the
/// last: so the mesh reaches to the middle of the crystal, and no face of the window is a fiction. µ and ν of each plane are
/// those of the column: ions cross the window (0.1 s to 1 ms) long before they cross the crystal. Bikerman's densities,
/// physics (8.6); damped Newton's method, whose linear systems conjugate gradients solve with the plane means of the
/// coefficients as preconditioner, which Fourier transforms in the plane and elimination along the depth invert exactly.
struct ContactPotential: Hashable, Sendable {
  let nx: Int
  let ny: Int
  let planes: Int
  /// Edges of a column of cells, m.
  let edges: SIMD2<Double>
  private let heights: [Double]
  private let composition: IonColumn.Composition
  /// c₀/(c_max − c₀) of ions and countercharge, and c₀.
  private let firstOdds: [Double]
  private let secondOdds: [Double]
  private let rest: [Double]
  /// As in the column: down each face of the planes, F/m².
  private let couplings: [Double]
  /// φ, kT/q, x fastest, then y, then depth.
  private(set) var potential: [Double]
  private let solver: PlaneSolver
  private var workspace: Workspace
  /// Odds of countercharge that stays where it is need no ν.
  private let counterMoves: Bool

  struct Workspace: Sendable {
    var residual: [Double]
    var slope: [Double]
    var change: [Double]
    var direction: [Double]
    var image: [Double]
    var preconditioned: [Double]
    var spectrum: [Double]
    var elimination: [Double]
  }

  /// - Parameters:
  ///   - rest: c₀ of each cell, 1/m³.
  ///   - column: whose first planes the window takes.
  /// - Throws: `TransformError`.
  init(nx: Int, ny: Int, edges: SIMD2<Double>, rest: [Double], column: IonColumn) throws {
    planes = rest.count / (nx * ny)
    precondition(
      planes * nx * ny == rest.count && planes < column.mesh.count, "whole planes, fewer than the column has")
    self.nx = nx
    self.ny = ny
    self.edges = edges
    self.rest = rest
    heights = Array(column.mesh.heights.prefix(planes))
    composition = column.composition
    couplings = Array(column.couplings.prefix(planes + 1))
    counterMoves = composition.countercharge.diffusivity > 0
    let floor = column.hasIons ? 1e-12 : 0
    firstOdds = rest.map { max($0, floor) / (column.composition.ions.siteDensity - $0) }
    secondOdds = rest.map { max($0, floor) / (column.composition.countercharge.siteDensity - $0) }
    let zeros = [Double](repeating: 0, count: rest.count)
    potential = zeros
    solver = try PlaneSolver(
      nx: nx, ny: ny, planes: planes, edges: edges, heights: heights, permittivity: composition.permittivity)
    workspace = Workspace(
      residual: zeros, slope: zeros, change: zeros, direction: zeros, image: zeros, preconditioned: zeros,
      spectrum: [Double](repeating: 0, count: solver.spectrumCount),
      elimination: [Double](repeating: 0, count: solver.spectrumCount))
  }

  static func == (a: ContactPotential, b: ContactPotential) -> Bool { a.potential == b.potential }
  func hash(into hasher: inout Hasher) { hasher.combine(potential.count) }

  /// Takes the column's state and solves for φ; `former` is the column's potential at the last solution, a first guess of how
  /// the window's has changed.
  /// - Throws: `SwitchingError.notConverged`.
  mutating func follow(_ column: IonColumn, former: [Double], tolerance: Double = 1e-3) throws {
    let plane = nx * ny
    for k in 0..<planes {
      let change = column.potential[k] - former[k]
      if change != 0 { for i in k * plane..<(k + 1) * plane { potential[i] += change } }
    }
    for _ in 0..<60 {
      linearize(column)
      let largest = try correct(tolerance: tolerance, column: column)
      if largest < tolerance { return }
    }
    throw SwitchingError.notConverged(
      what: "the potential under the contact", at: column.contactPotential * composition.thermalVoltage)
  }

  /// Local state at the contact, one value per column of cells: the share of halide sites that ions hold in the first plane,
  /// and the drop over the compact layer that pulls them there, V.
  func surface(_ column: IonColumn, fractions: inout [Double], drops: inout [Double]) {
    let ions = composition.ions
    let factor = exp(column.first[0])
    let scale = composition.thermalVoltage * couplings[0] / composition.layerCapacitance
    for i in 0..<nx * ny {
      let odds = factor * firstOdds[i] * exp(-ions.charge * potential[i])
      fractions[i] = odds / (1 + odds)
      drops[i] = scale * (potential[i] - column.contactPotential)
    }
  }

  /// Residual of Poisson's equation per area, and the derivative of the charge.
  private mutating func linearize(_ column: IonColumn) {
    let (nx, ny, planes, plane) = (self.nx, self.ny, self.planes, nx * ny)
    let ions = composition.ions
    let counter = composition.countercharge
    let charge = Constants.elementaryCharge / composition.thermalVoltage
    let fixed = ions.charge + counter.charge
    let epsilon = composition.permittivity
    let (gx, gy) = (epsilon / (edges.x * edges.x), epsilon / (edges.y * edges.y))
    // For charges of ±1 one exponential serves both.
    let opposite = ions.charge == 1 && counter.charge == -1
    potential.withUnsafeBufferPointer { φ in
      firstOdds.withUnsafeBufferPointer { firstOdds in
        secondOdds.withUnsafeBufferPointer { secondOdds in
          rest.withUnsafeBufferPointer { rest in
            workspace.residual.withUnsafeMutableBufferPointer { residual in
              workspace.slope.withUnsafeMutableBufferPointer { slope in
                for k in 0..<planes {
                  let height = heights[k]
                  let (factor, counterFactor) = (exp(column.first[k]), exp(column.second[k]))
                  let (up, down) = (couplings[k], couplings[k + 1])
                  let (acrossX, acrossY) = (gx * height, gy * height)
                  let above = column.contactPotential
                  let below = column.potential[k + 1]
                  for j in 0..<ny {
                    let row = (k &* ny &+ j) &* nx
                    let north = (k &* ny &+ (j &+ 1 == ny ? 0 : j &+ 1)) &* nx
                    let south = (k &* ny &+ (j == 0 ? ny &- 1 : j &- 1)) &* nx
                    for i in 0..<nx {
                      let index = row &+ i
                      let value = φ[index]
                      let east = row &+ (i &+ 1 == nx ? 0 : i &+ 1)
                      let west = row &+ (i == 0 ? nx &- 1 : i &- 1)
                      let e = exp(-ions.charge * value)
                      let odds = factor * firstOdds[index] * e
                      let share = odds / (1 + odds)
                      let c = ions.siteDensity * share
                      var n = rest[index]
                      var nSlope = 0.0
                      if counterMoves {
                        let counterOdds =
                          counterFactor * secondOdds[index] * (opposite ? 1 / e : exp(-counter.charge * value))
                        let counterShare = counterOdds / (1 + counterOdds)
                        n = counter.siteDensity * counterShare
                        nSlope = n * (1 - counterShare)
                      }
                      let flux =
                        up * ((k == 0 ? above : φ[index &- plane]) - value)
                        + down * ((k == planes &- 1 ? below : φ[index &+ plane]) - value)
                        + acrossX * (φ[east] + φ[west] - 2 * value) + acrossY
                        * (φ[north &+ i] + φ[south &+ i] - 2 * value)
                      residual[index] =
                        flux + charge * height * (ions.charge * c + counter.charge * n - fixed * rest[index])
                      slope[index] =
                        charge * height
                        * (ions.charge * ions.charge * c * (1 - share) + counter.charge * counter.charge * nSlope)
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// One step of Newton's method; the largest change, kT/q.
  private mutating func correct(tolerance: Double, column: IonColumn) throws -> Double {
    let count = potential.count
    let plane = nx * ny
    var means = [Double](repeating: 0, count: planes)
    workspace.slope.withUnsafeBufferPointer { slope in
      for k in 0..<planes {
        var sum = 0.0
        for i in k * plane..<(k + 1) * plane { sum += slope[i] }
        means[k] = sum / Double(plane)
      }
    }
    solver.prepare(means: means, couplings: couplings, &workspace.elimination)
    for i in 0..<count { workspace.change[i] = 0 }
    var energy = 0.0
    var first = 0.0
    for iteration in 0..<100 {
      solver.solve(
        &workspace.residual, into: &workspace.preconditioned, couplings: couplings, &workspace.spectrum,
        workspace.elimination)
      let product = Self.dot(workspace.residual, workspace.preconditioned)
      guard product.isFinite else {
        throw SwitchingError.notFinite(
          what: "the potential under the contact", at: column.contactPotential * composition.thermalVoltage)
      }
      if iteration == 0 { first = product }
      // A part in 10⁶ of the energy is a part in 10³ of the change.
      if product <= 1e-6 * first || product < 1e-300 { break }
      Self.combine(&workspace.direction, workspace.preconditioned, iteration == 0 ? 0 : product / energy)
      energy = product
      apply()
      let step = product / Self.dot(workspace.direction, workspace.image)
      Self.add(&workspace.change, workspace.direction, step)
      Self.add(&workspace.residual, workspace.image, -step)
    }
    var largest = 0.0
    for value in workspace.change { largest = max(largest, abs(value)) }
    let factor = largest > IonColumn.longestStep ? IonColumn.longestStep / largest : 1
    Self.add(&potential, workspace.change, factor)
    return largest
  }

  /// image = (−∇·ε∇ + ∂ρ/∂φ) direction.
  private mutating func apply() {
    let (nx, ny, planes, plane) = (self.nx, self.ny, self.planes, nx * ny)
    let epsilon = composition.permittivity
    let (gx, gy) = (epsilon / (edges.x * edges.x), epsilon / (edges.y * edges.y))
    workspace.direction.withUnsafeBufferPointer { p in
      workspace.slope.withUnsafeBufferPointer { slope in
        workspace.image.withUnsafeMutableBufferPointer { image in
          for k in 0..<planes {
            let height = heights[k]
            let (up, down) = (couplings[k], couplings[k + 1])
            let (acrossX, acrossY) = (gx * height, gy * height)
            let own = up + down + 2 * (acrossX + acrossY)
            for j in 0..<ny {
              let row = (k &* ny &+ j) &* nx
              let north = (k &* ny &+ (j &+ 1 == ny ? 0 : j &+ 1)) &* nx
              let south = (k &* ny &+ (j == 0 ? ny &- 1 : j &- 1)) &* nx
              let upper = k == 0 ? row : row &- plane
              let lower = k == planes &- 1 ? row : row &+ plane
              let (upShare, downShare) = (k == 0 ? 0 : up, k == planes &- 1 ? 0 : down)
              for i in 0..<nx {
                let east = row &+ (i &+ 1 == nx ? 0 : i &+ 1)
                let west = row &+ (i == 0 ? nx &- 1 : i &- 1)
                image[row &+ i] =
                  (own + slope[row &+ i]) * p[row &+ i] - upShare * p[upper &+ i] - downShare * p[lower &+ i]
                  - acrossX * (p[east] + p[west]) - acrossY * (p[north &+ i] + p[south &+ i])
              }
            }
          }
        }
      }
    }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        var sums = SIMD4<Double>.zero
        let whole = a.count & ~3
        var i = 0
        while i < whole {
          sums +=
            SIMD4(a[i], a[i &+ 1], a[i &+ 2], a[i &+ 3]) * SIMD4(b[i], b[i &+ 1], b[i &+ 2], b[i &+ 3])
          i &+= 4
        }
        var sum = sums.sum()
        while i < a.count {
          sum += a[i] * b[i]
          i &+= 1
        }
        return sum
      }
    }
  }

  /// p = z + β p.
  private static func combine(_ p: inout [Double], _ z: [Double], _ β: Double) {
    p.withUnsafeMutableBufferPointer { p in
      z.withUnsafeBufferPointer { z in
        for i in 0..<z.count { p[i] = z[i] + β * p[i] }
      }
    }
  }

  private static func add(_ a: inout [Double], _ b: [Double], _ factor: Double) {
    a.withUnsafeMutableBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        for i in 0..<b.count { a[i] += factor * b[i] }
      }
    }
  }
}
