import Fields
import Foundation
import Microstructure
import NumericalMethods
import Testing

/// Dislocations, balls and their fields.
@Suite struct EigenstrainShapeTests {
  /// Stress of a row of edge dislocations, Burgers vector b along x, at x = n L, y = 0, by D = μ b / 2π (1 − ν).
  ///
  /// The sum of a dislocation's field, J. P. Hirth and J. Lothe, *Theory of Dislocations* (1982), over the row: with
  /// f = Re (π/L) cot(π (x + iy)/L) and g = −Im of the same,
  /// σ_xy = f + y ∂f/∂y, σ_yy = −y ∂f/∂x, σ_xx = −2 g + y ∂f/∂x.
  private func row(_ x: Double, _ y: Double, period: Double) -> (xx: Double, yy: Double, xy: Double) {
    let q = 2 * Double.pi / period
    let n = cosh(q * y) - cos(q * x)
    let f = 0.5 * q * sin(q * x) / n
    let g = 0.5 * q * sinh(q * y) / n
    let slope = 0.5 * q * q * (cos(q * x) * n - sin(q * x) * sin(q * x)) / (n * n)
    let rise = -0.5 * q * q * sin(q * x) * sinh(q * y) / (n * n)
    return (-2 * g + y * slope, -y * slope, f + y * rise)
  }

  /// A pair of edge dislocations in the middle of a thick film: six voxels and more from either, the stress is that of
  /// the isotropic medium within 3 % of μ b / 2π (1 − ν) r.
  @Test func theEdgesOfAPlateAreDislocations() throws {
    let (n, planes, half) = (64, 128, 16)
    let edge = 0.5e-9
    let (young, poisson, burgers) = (20e9, 0.3, 0.4e-9)
    let grid = Grid(nx: n, ny: 1, nz: planes, spacing: SIMD3(repeating: edge))
    var field = SymmetricTensorField(grid)
    field.addSlip(SIMD3(burgers, 0, 0), normal: 2, layer: planes / 2, (n / 2 - half)..<(n / 2 + half), 0..<1)
    let film = try FilmBody.plain(grid, PeriodicBody.isotropic(young, poisson)).solver(on: .free)
    let solution = try film.solve(.free, eigenstrain: Eigenstrain(field: field))
    let d = young / (2 * (1 + poisson)) * burgers / (2 * Double.pi * (1 - poisson))
    let period = Double(n) * edge
    let reach = Double(half) * edge
    var worst = 0.0
    for k in (planes / 2 - 16)..<(planes / 2 + 16) {
      for i in 0..<n {
        let at = grid.center(i, 0, k)
        let (x, y) = (at.x - period / 2, at.z - (Double(planes / 2) + 0.5) * edge)
        let distance = min(hypot(x + reach, y), hypot(x - reach, y))
        // The plate itself is strained by its slip.
        guard distance >= 6 * edge, k != planes / 2 || abs(x) > reach else { continue }
        let (left, right) = (row(x + reach, y, period: period), row(x - reach, y, period: period))
        let stress = solution.stress[grid.index(i, 0, k)]
        let exact = [right.xx - left.xx, right.yy - left.yy, right.xy - left.xy]
        for (found, value) in zip([stress.xx, stress.zz, stress.xz], exact) {
          worst = max(worst, abs(found / d - value) * distance)
        }
        #expect(abs(stress.yy - poisson * (stress.xx + stress.zz)) < 1e-6 * d / edge)
      }
    }
    #expect(worst < 0.03, "\(worst)")
  }

  @Test(arguments: [SIMD3(0.31, 0.47, 0.52), SIMD3(0.02, 0.95, 0.5)])
  func aBallHasItsVolume(_ place: SIMD3<Double>) {
    let grid = Grid(nx: 20, ny: 16, nz: 14, spacing: SIMD3(1e-9, 1.3e-9, 1.1e-9), origin: SIMD3(0, 0, 3e-9))
    let edges = SIMD3(20e-9, 20.8e-9, 15.4e-9)
    let misfit = SymmetricTensor(xx: 1e-3, yy: 2e-3, zz: -1e-3, yz: 4e-4, xz: 5e-4, xy: 6e-4)
    for radius in [0.3e-9, 2.2e-9, 5.5e-9] {
      var field = SymmetricTensorField(grid)
      field.addBall(at: grid.origin + place * edges, radius: radius, misfit)
      let share = 4 * Double.pi / 3 * radius * radius * radius / (edges.x * edges.y * edges.z)
      for (n, c) in [0, 1, 2, 4, 5, 3].enumerated() {
        #expect(abs(field.components[c].mean / (share * misfit.voigt[n]) - 1) < 1e-12)
      }
    }
  }

  /// Inside a ball of another size than its hole, in a large medium, ε = (1 + ν)/(3 (1 − ν)) ε*; within 3 % at its
  /// center.
  @Test func aBallInsideAFilmIsStrainedAsEshelbySays() throws {
    let n = 32
    let grid = Grid(nx: n, ny: n, nz: n, spacing: SIMD3(repeating: 1))
    var field = SymmetricTensorField(grid)
    let center = SIMD3(repeating: Double(n) / 2)
    field.addBall(at: center, radius: 4.3, SymmetricTensor(isotropic: 1e-3))
    let solution = try FilmBody.plain(grid, PeriodicBody.isotropic(1, 0.3)).solver(on: .free)
      .solve(.free, eigenstrain: Eigenstrain(field: field))
    let strain = solution.strain[grid.index(n / 2, n / 2, n / 2)]
    for value in [strain.xx, strain.yy, strain.zz] { #expect(abs(value / (1.3 / 2.1 * 1e-3) - 1) < 0.03) }
  }
}
