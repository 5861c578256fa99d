import Fields
import Foundation
import NumericalMethods
import Quantities
import Specimens

/// The elastic strain of a window under the eigenstrain of its defects and the misfit of its support.
struct WindowStrain {
  /// What resists the strain.
  enum Medium {
    /// One stiffness in layers: its solver is prepared once.
    case layered(LayeredStrainSolver)
    /// Each voxel's own stiffness: the phase of each column, and the phases' stiffness in the window's axes, Pa.
    case voxels(labels: [Int], stiffness: [ElasticTensor], below: [ElasticLayer])
  }

  /// Elastic strain.
  let strain: SymmetricTensorField
  /// A trace to count from: exactly that of every voxel where misfit alone strains it.
  let misfitTrace: Double
  /// Mean in-plane stress of the window, Pa: of misfit, and of defects where they are more or fewer than around it.
  let stress: Double

  /// - Parameters:
  ///   - eigenstrain: of defects, equal along all axes, per voxel.
  ///   - imposed: elastic strain along x and along y that the support and the outside impose.
  /// - Throws: `StrainError`, `TransformError`.
  init(_ medium: Medium, eigenstrain: Field, imposed: SIMD2<Double>) throws {
    let mean = 0.5 * (imposed.x + imposed.y)
    switch medium {
    case .layered(let solver):
      var found = solver.strain(from: eigenstrain)
      // The layer answers along z alike to stretch along x and along y.
      let normal = solver.crystal.normalStrain(biaxial: mean)
      for (component, strain) in [imposed.x, imposed.y, normal].enumerated() where strain != 0 {
        found.components[component].values.withUnsafeMutableBufferPointer { values in
          for i in values.indices { values[i] += strain }
        }
      }
      let stress = solver.crystal.stress(of: found.components.map(\.mean))
      (strain, misfitTrace, self.stress) = (found, imposed.x + imposed.y + normal, 0.5 * (stress[0] + stress[1]))
    case .voxels(let labels, let stiffness, let below):
      let grid = eigenstrain.grid
      let plane = grid.planeCount
      // What would shrink freely by the imposed strain is held.
      let free = [imposed.x, imposed.y, mean].map { strain in
        Field(grid, values: eigenstrain.values.map { $0 - strain })
      }
      let phases = (0..<grid.count).map { UInt16(labels[$0 % plane]) }
      let solver = try FilmStrainSolver(grid, phases: .words(phases), stiffness: stiffness, on: .layers(below))
      let zero = Field(grid)
      let solution = try solver.solve(
        eigenstrain: Eigenstrain(field: SymmetricTensorField(components: free + [zero, zero, zero])),
        tolerance: Self.tolerance)
      var found = solution.strain
      for component in 0..<3 {
        found.components[component].values.withUnsafeMutableBufferPointer { values in
          for i in values.indices { values[i] -= free[component].values[i] }
        }
      }
      (strain, misfitTrace) = (found, found.components[0].mean + found.components[1].mean + found.components[2].mean)
      stress = 0.5 * (solution.meanStress.xx + solution.meanStress.yy)
    }
  }

  /// Of the forces out of balance: fields are told to four digits.
  private static let tolerance = 1e-6
}
