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
  ///   - misfit: elastic strain along x and y that the support imposes.
  /// - Throws: `StrainError`, `TransformError`.
  init(_ medium: Medium, eigenstrain: Field, misfit: Double) throws {
    switch medium {
    case .layered(let solver):
      var found = solver.strain(from: eigenstrain)
      let normal = solver.crystal.normalStrain(biaxial: misfit)
      for (component, mean) in [misfit, misfit, normal].enumerated() where mean != 0 {
        found.components[component].values.withUnsafeMutableBufferPointer { values in
          for i in values.indices { values[i] += mean }
        }
      }
      let stress = solver.crystal.stress(of: found.components.map(\.mean))
      (strain, misfitTrace, self.stress) = (found, misfit + misfit + normal, 0.5 * (stress[0] + stress[1]))
    case .voxels(let labels, let stiffness, let below):
      let grid = eigenstrain.grid
      let plane = grid.planeCount
      // What would shrink freely by the misfit is held.
      var free = eigenstrain
      free.values.withUnsafeMutableBufferPointer { values in
        for i in values.indices { values[i] -= misfit }
      }
      let phases = (0..<grid.count).map { UInt16(labels[$0 % plane]) }
      let solver = try FilmStrainSolver(grid, phases: .words(phases), stiffness: stiffness, on: .layers(below))
      let zero = Field(grid)
      let solution = try solver.solve(
        eigenstrain: Eigenstrain(field: SymmetricTensorField(components: [free, free, free, zero, zero, zero])),
        tolerance: Self.tolerance)
      var found = solution.strain
      for component in 0..<3 {
        found.components[component].values.withUnsafeMutableBufferPointer { values in
          for i in values.indices { values[i] -= free.values[i] }
        }
      }
      let mean = found.components[0].mean + found.components[1].mean + found.components[2].mean
      (strain, misfitTrace) = (found, mean)
      stress = 0.5 * (solution.meanStress.xx + solution.meanStress.yy)
    }
  }

  /// Of the forces out of balance: fields are told to four digits.
  private static let tolerance = 1e-6
}
