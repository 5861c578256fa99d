import Fields
import Foundation
import Microstructure
import NumericalMethods
import Testing

@Suite struct PeriodicStrainSolverTests {
  private func isotropic(_ young: Double, _ poisson: Double) -> ElasticTensor {
    let shear = young / (2 * (1 + poisson))
    let lame = young * poisson / ((1 + poisson) * (1 - 2 * poisson))
    return ElasticTensor(c11: lame + 2 * shear, c12: lame, c44: shear)
  }

  private func sphere(_ n: Int) -> (Grid, PhaseMap) {
    let grid = Grid(nx: n, ny: n, nz: n, spacing: SIMD3(repeating: 1 / Double(n)))
    var phases = [UInt8](repeating: 0, count: grid.count)
    for k in 0..<n {
      for j in 0..<n {
        for i in 0..<n {
          let d = grid.center(i, j, k) - 0.5
          if (d * d).sum() < 0.0625 { phases[grid.index(i, j, k)] = 1 }
        }
      }
    }
    return (grid, .bytes(phases))
  }

  @Test(arguments: [(64, 10.0, 0.014971563622, 21), (64, 1000, 0.015357210076, 34)])
  func digits(_ n: Int, _ contrast: Double, _ expected: Double, _ limit: Int) throws {
    let (grid, phases) = sphere(n)
    let solver = try PeriodicStrainSolver(
      grid, phases: phases, stiffness: [isotropic(1, 0.3), isotropic(contrast, 0.3)])
    let solution = try solver.solve(.strain(SymmetricTensor(xx: 0.01, yy: 0, zz: 0)))
    print(solution.iterations, solution.meanStress, solution.residual)
    #expect(solution.iterations <= limit)
    #expect(abs(solution.meanStress.xx - expected) < 6e-13)
  }
}
