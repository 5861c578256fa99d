import CKernels
import Fields
import Foundation
import NumericalMethods

/// The arrays of one solution for a periodic body. A block of columns is worked on while the caches hold it, and its
/// partial sums are kept and added in order.
final class PeriodicStrainSystem: StrainSystem {
  let planes: ElementPlanes
  let meanStiffness: [Double]
  private let grid: Grid
  private let transform: StagedTransform
  /// The residual's spectrum, block by block of columns.
  private let r: UnsafeMutablePointer<Double>
  /// Per thread: a block of columns and its workspace.
  private let columns: UnsafeMutablePointer<Double>
  private let columnStep: Int
  /// Per block of columns: r · z and |r|².
  private let blockSums: UnsafeMutablePointer<Double>
  /// Per block of frequencies along x: d, m, t and the weight; then the same for y and z.
  private let symbolsX, symbolsY, symbolsZ: UnsafeMutablePointer<Double>
  private let referenceConstants: UnsafeMutablePointer<Double>
  private var residuals: Int { 6 * grid.nz * grid.ny * transform.halfWidth }

  /// - Parameters:
  ///   - reference: constants of the preconditioner's medium.
  init(_ body: StrainBody, reference: [Double], transform: StagedTransform, threads: Int) throws {
    grid = body.grid
    self.transform = transform
    meanStiffness = body.meanStiffness
    planes = try ElementPlanes(body, nodes: body.grid.nz, transform: transform, threads: threads)
    columnStep = (transform.columnCount + 2 * transform.halfWidth + 7) / 8 * 8
    let rooms = try StrainRoom.allocate([
      6 * grid.nz * grid.ny * transform.halfWidth, columnStep * planes.threads,
      2 * grid.ny * transform.blocks.count, 4 * transform.halfWidth, 3 * grid.ny, 3 * grid.nz, 12,
    ])
    (r, columns, blockSums) = (rooms[0], rooms[1], rooms[2])
    (symbolsX, symbolsY, symbolsZ, referenceConstants) = (rooms[3], rooms[4], rooms[5], rooms[6])
    for (index, value) in reference.enumerated() { referenceConstants[index] = value }
    // Components of the residual in the body's own units of force.
    for c in 0..<3 { referenceConstants[9 + c] = 1 / (body.units.ratios[c] * body.units.ratios[c]) }
    fillSymbols()
  }

  deinit {
    releaseWork()
    for room in [columns, blockSums, symbolsX, symbolsY, symbolsZ, referenceConstants] { ck_free(room) }
  }

  /// Gives back all arrays but the displacement.
  func releaseWork() {
    guard !isReleased else { return }
    isReleased = true
    ck_free(r)
    planes.releaseWork()
  }
  private var isReleased = false

  /// Per frequency, the symbols of linear elements and the weight.
  private func fillSymbols() {
    for block in transform.blocks {
      let rows = symbolsX + 4 * block.start
      for i in 0..<block.width {
        let m = block.start + i
        (rows[i], rows[block.width + i], rows[2 * block.width + i]) = LateralSymbols.element(m, of: grid.nx)
        // The half spectrum stands for the other half too.
        rows[3 * block.width + i] = m == 0 || 2 * m == grid.nx ? 1 : 2
      }
    }
    for j in 0..<grid.ny {
      (symbolsY[3 * j], symbolsY[3 * j + 1], symbolsY[3 * j + 2]) = LateralSymbols.element(j, of: grid.ny)
    }
    for k in 0..<grid.nz {
      (symbolsZ[k], symbolsZ[grid.nz + k], symbolsZ[2 * grid.nz + k]) = LateralSymbols.element(k, of: grid.nz)
    }
  }

  func load(phaseStress: [Double], fieldStress: ((Int, Bool, UnsafeMutablePointer<Double>) -> Void)?) {
    r.update(repeating: 0, count: residuals)
    planes.load(phaseStress: phaseStress, fieldStress: fieldStress)
  }

  func precondition(step: Double) -> (product: Double, square: Double) {
    let blocks = transform.blocks
    let scale = 1 / Double(transform.pointCount)
    let (threads, buffer) = (planes.threads, planes.buffer)
    planes.inParallel { thread in
      let columns = columns + thread &* columnStep
      let work = columns + transform.columnCount
      for j in (thread * grid.ny / threads)..<((thread + 1) * grid.ny / threads) {
        for (index, block) in blocks.enumerated() {
          let place = 6 &* grid.nz &* (j &* transform.halfWidth &+ block.start)
          transform.forwardColumns(index, row: j, of: buffer, into: columns)
          ck_green(
            block.width, grid.nz, symbolsX + 4 &* block.start, symbolsY + 3 &* j, symbolsZ, referenceConstants,
            referenceConstants + 9, scale, step, r + place, columns, work,
            blockSums + 2 &* (j &* blocks.count &+ index))
          transform.backwardColumns(index, row: j, of: buffer, from: columns)
        }
      }
    }
    var (product, square) = (0.0, 0.0)
    for index in 0..<(grid.ny * blocks.count) {
      product += blockSums[2 &* index]
      square += blockSums[2 &* index &+ 1]
    }
    return (product, square * scale)
  }

  func advanceDirection(
    step: Double, share: Double, mean: UnsafePointer<Double>, stress: UnsafeMutablePointer<Double>?
  ) -> Double {
    planes.advanceDirection(step: step, share: share, mean: mean, stress: stress)
  }
}
