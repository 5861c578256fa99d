import Fields
import Microstructure
import NumericalMethods

/// Films and small helpers of the film solver's tests.
struct FilmBody {
  var grid: Grid
  var phases: PhaseMap
  var stiffness: [ElasticTensor]

  init(_ grid: Grid, _ stiffness: [ElasticTensor], phase: (SIMD3<Int>) -> Int) {
    self.grid = grid
    self.stiffness = stiffness
    var numbers = [UInt16](repeating: 0, count: grid.count)
    for k in 0..<grid.nz {
      for j in 0..<grid.ny {
        for i in 0..<grid.nx { numbers[grid.index(i, j, k)] = UInt16(phase(SIMD3(i, j, k))) }
      }
    }
    phases = .words(numbers)
  }

  init(_ body: PeriodicBody) {
    grid = body.grid
    phases = body.phases
    stiffness = body.stiffness
  }

  func solver(on base: FilmBase, threads: Int = 1) throws -> FilmStrainSolver {
    try FilmStrainSolver(grid, phases: phases, stiffness: stiffness, on: base, threads: threads)
  }

  /// Each voxel its own phase, of a stiffness that is a function of the place, the grid's edges 1.
  static func graded(_ grid: Grid, _ stiffness: (SIMD3<Double>) -> ElasticTensor) -> FilmBody {
    let edges = SIMD3(Double(grid.nx), Double(grid.ny), Double(grid.nz)) * grid.spacing
    var tensors: [ElasticTensor] = []
    for k in 0..<grid.nz {
      for j in 0..<grid.ny {
        for i in 0..<grid.nx { tensors.append(stiffness(grid.center(i, j, k) / edges)) }
      }
    }
    return FilmBody(grid, tensors) { grid.index($0.x, $0.y, $0.z) }
  }

  /// A uniform film.
  static func plain(_ grid: Grid, _ stiffness: ElasticTensor) -> FilmBody { FilmBody(grid, [stiffness]) { _ in 0 } }

  /// A field of equal tensors, times a factor per voxel.
  static func field(_ grid: Grid, _ tensor: SymmetricTensor, _ factor: (SIMD3<Double>) -> Double)
    -> SymmetricTensorField
  {
    var field = SymmetricTensorField(grid)
    let values = [tensor.xx, tensor.yy, tensor.zz, tensor.xy, tensor.yz, tensor.xz]
    for k in 0..<grid.nz {
      for j in 0..<grid.ny {
        for i in 0..<grid.nx {
          let value = factor(grid.center(i, j, k))
          for n in 0..<6 { field.components[n][i, j, k] = value * values[n] }
        }
      }
    }
    return field
  }
}

extension SymmetricTensorField {
  /// Largest size of any component.
  var peak: Double { components.flatMap(\.values).reduce(0.0) { max($0, abs($1)) } }

  /// Largest difference of any component in the first voxels of both.
  func distance(_ other: SymmetricTensorField, voxels: Int? = nil) -> Double {
    var worst = 0.0
    for (a, b) in zip(components, other.components) {
      for voxel in 0..<(voxels ?? grid.count) { worst = max(worst, abs(a.values[voxel] - b.values[voxel])) }
    }
    return worst
  }
}
