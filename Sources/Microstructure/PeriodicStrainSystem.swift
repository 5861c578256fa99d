import CKernels
import Dispatch
import Fields
import Foundation
import NumericalMethods

/// The arrays of one solution and the passes over them: a plane or a block of columns is worked on while the caches
/// hold it.
///
/// The operator's partial sums are kept per plane and per row and added in order, so that the result does not depend on
/// the number of threads.
final class PeriodicStrainSystem {
  let grid: Grid
  let units: PeriodicStrainUnits
  let transform: StagedTransform
  let threads: Int
  /// Displacement and direction, three components plane by plane; the residual's spectrum, block by block of columns;
  /// and the buffer that holds in turn the spectra of forces and of preconditioned residuals over x and y.
  private(set) var x, r, p, buffer: UnsafeMutablePointer<Double>
  private let valueStep: Int
  private let spectrumStep: Int
  private let phases: UnsafeMutableRawPointer
  private let phaseStep: Int
  private let phaseTable: UnsafeMutablePointer<Double>
  private var medium: ck_medium
  /// Per thread: a plane of z, the forces carried upwards, a plane of forces, a row's workspace, a block of columns.
  private let scratch: UnsafeMutablePointer<Double>
  private let scratchStep: Int
  private let carryPlace, forcePlace, workPlace, columnPlace: Int
  /// Per plane: p · q and six sums of the stress; per block of columns: r · z and |r|².
  private let planeSums: UnsafeMutablePointer<Double>
  private let blockSums: UnsafeMutablePointer<Double>
  /// Per block of frequencies along x: d, m, t and the weight; then the same for y and z.
  private let symbolsX, symbolsY, symbolsZ: UnsafeMutablePointer<Double>
  /// Constants of the reference medium in the preconditioner.
  let reference: [Double]
  private let referenceConstants: UnsafeMutablePointer<Double>

  private static let sums = 7

  init(
    _ grid: Grid, phases map: PhaseMap, stiffness: [ElasticTensor], reference: [Double], units: PeriodicStrainUnits,
    transform: StagedTransform, threads: Int
  ) throws {
    self.grid = grid
    self.units = units
    self.transform = transform
    self.threads = max(1, min(threads, grid.nz / 2))
    self.reference = reference
    valueStep = 3 * transform.valueStride
    spectrumStep = 3 * transform.spectrumStride
    let (kind, table) = units.table(stiffness)

    carryPlace = valueStep
    forcePlace = 2 * valueStep
    workPlace = 3 * valueStep
    columnPlace = workPlace + (ck_element_work(grid.nx) + 7) / 8 * 8
    let greenWork = 2 * transform.halfWidth
    scratchStep = columnPlace + (transform.columnCount + greenWork + 7) / 8 * 8
    let values = valueStep * grid.nz
    let spectra = spectrumStep * grid.nz
    let residuals = 6 * grid.nz * grid.ny * transform.halfWidth
    let sizes = [
      values, residuals, values, spectra, scratchStep * self.threads, Self.sums * grid.nz,
      2 * grid.ny * transform.blocks.count, 4 * transform.halfWidth, 3 * grid.ny, 3 * grid.nz, 12, table.count,
    ]
    var rooms: [UnsafeMutablePointer<Double>] = []
    for size in sizes {
      guard let room = ck_allocate(size) else {
        for room in rooms { ck_free(room) }
        throw PeriodicStrainError.outOfMemory(bytes: 8 * sizes.reduce(0, +))
      }
      rooms.append(room)
    }
    (x, r, p, buffer) = (rooms[0], rooms[1], rooms[2], rooms[3])
    (scratch, planeSums, blockSums) = (rooms[4], rooms[5], rooms[6])
    (symbolsX, symbolsY, symbolsZ, referenceConstants) = (rooms[7], rooms[8], rooms[9], rooms[10])
    phaseTable = rooms[11]
    for (index, value) in table.enumerated() { phaseTable[index] = value }
    for (index, value) in reference.enumerated() { referenceConstants[index] = value }

    // Components of the residual in the body's own units of force.
    for c in 0..<3 { referenceConstants[9 + c] = 1 / (units.ratios[c] * units.ratios[c]) }

    let width = map.byteWidth
    phaseStep = width * grid.planeCount
    phases = UnsafeMutableRawPointer.allocate(byteCount: phaseStep * grid.nz, alignment: 64)
    map.copy(to: phases)
    medium = ck_medium(
      nx: grid.nx, ny: grid.ny, plane: transform.valueStride, kind: kind, phase_bytes: Int32(width),
      table: phaseTable)
    fillSymbols()
  }

  deinit {
    releaseWork()
    for room in [
      x, scratch, planeSums, blockSums, symbolsX, symbolsY, symbolsZ, referenceConstants, phaseTable,
    ] { ck_free(room) }
    phases.deallocate()
  }

  /// Gives back all arrays but the displacement; only `displacements`, `strains` and `averages` may follow.
  func releaseWork() {
    guard !isReleased else { return }
    isReleased = true
    for room in [r, p, buffer] { ck_free(room) }
  }
  private var isReleased = false

  /// Per frequency, with θ = 2π m/n: d = 4 sin²(θ/2), m = 1 − (2/3) sin²(θ/2) and t = sin θ, the symbols of ∫N′N′, ∫NN
  /// and of the product of two ∫NN′ along different axes.
  private func fillSymbols() {
    func symbols(_ m: Int, of n: Int) -> (Double, Double, Double) {
      // From reduced arguments, so that mirrored frequencies have the same digits.
      let signed = 2 * m > n ? m - n : m
      let half = Double.pi * Double(abs(signed)) / Double(n)
      let (s, c) = (sin(half), 2 * abs(signed) == n ? 0 : cos(half))
      return (4 * s * s, 1 - 2 * s * s / 3, signed < 0 ? -2 * s * c : 2 * s * c)
    }
    for block in transform.blocks {
      let rows = symbolsX + 4 * block.start
      for i in 0..<block.width {
        let m = block.start + i
        (rows[i], rows[block.width + i], rows[2 * block.width + i]) = symbols(m, of: grid.nx)
        // The half spectrum stands for the other half too.
        rows[3 * block.width + i] = m == 0 || 2 * m == grid.nx ? 1 : 2
      }
    }
    for j in 0..<grid.ny { (symbolsY[3 * j], symbolsY[3 * j + 1], symbolsY[3 * j + 2]) = symbols(j, of: grid.ny) }
    for k in 0..<grid.nz {
      (symbolsZ[k], symbolsZ[grid.nz + k], symbolsZ[2 * grid.nz + k]) = symbols(k, of: grid.nz)
    }
  }

  /// Runs the body for each thread.
  @inline(__always)
  private func inParallel(_ body: (Int) -> Void) {
    if threads == 1 {
      body(0)
    } else {
      withoutActuallyEscaping(body) { body in
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: threads) { body($0) }
      }
    }
  }

  private func slab(_ thread: Int) -> Range<Int> {
    (thread * grid.nz / threads)..<((thread + 1) * grid.nz / threads)
  }

  private func phasePlane(_ k: Int) -> UnsafeRawPointer { UnsafeRawPointer(phases + k &* phaseStep) }

  // MARK: passes

  /// r −= step q and z = K₀⁻¹ r, from the spectra of q over x and y to those of z, with r · z and |r|² as a result.
  func precondition(step: Double) -> (product: Double, square: Double) {
    let blocks = transform.blocks
    let scale = 1 / Double(transform.pointCount)
    inParallel { thread in
      let columns = scratch + (thread &* scratchStep &+ columnPlace)
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

  /// x += step p, p = z + share p, and then the spectra of q = K (p + mean) over x and y, with p · q as a result.
  /// - Parameter stress: if not null, gets the sums of the elements' stress, divided by 4.
  func advanceDirection(
    step: Double, share: Double, mean: UnsafePointer<Double>, stress: UnsafeMutablePointer<Double>?
  ) -> Double {
    // Neighboring slabs need each other's outermost planes.
    inParallel { thread in
      let planes = slab(thread)
      updatePlane(planes.lowerBound, thread, step, share)
      if planes.count > 1 { updatePlane(planes.upperBound - 1, thread, step, share) }
    }
    return apply(to: p, mean: mean, stress: stress) { k, planes, thread in
      if k < planes.upperBound &- 1 { updatePlane(k, thread, step, share) }
    }
  }

  @inline(__always)
  private func updatePlane(_ k: Int, _ thread: Int, _ step: Double, _ share: Double) {
    let z = scratch + thread &* scratchStep
    transform.backwardPlane(buffer + k &* spectrumStep, into: z)
    ck_direction(valueStep, step, share, z, p + k &* valueStep, x + k &* valueStep)
  }

  /// The spectra over x and y of the forces of a displacement, into the buffer; returns their product with it.
  /// - Parameter prepare: called with each plane of a slab but the first, before it is used.
  @inline(__always)
  private func apply(
    to field: UnsafeMutablePointer<Double>, mean: UnsafePointer<Double>, stress: UnsafeMutablePointer<Double>?,
    prepare: (Int, Range<Int>, Int) -> Void
  ) -> Double {
    let nz = grid.nz
    withUnsafePointer(to: &medium) { medium in
      inParallel { thread in
        let planes = slab(thread)
        let carry = scratch + (thread &* scratchStep &+ carryPlace)
        let force = scratch + (thread &* scratchStep &+ forcePlace)
        let work = scratch + (thread &* scratchStep &+ workPlace)
        var unused = 0.0
        let below = planes.lowerBound == 0 ? nz &- 1 : planes.lowerBound &- 1
        ck_element_plane(
          medium, phasePlane(below), field + below &* valueStep, field + planes.lowerBound &* valueStep, mean, carry,
          nil, work, &unused, nil)
        for k in planes {
          let above = k &+ 1 == nz ? 0 : k &+ 1
          if k &+ 1 < planes.upperBound { prepare(k &+ 1, planes, thread) }
          let sums = planeSums + k &* Self.sums
          for n in 0..<Self.sums { sums[n] = 0 }
          ck_element_plane(
            medium, phasePlane(k), field + k &* valueStep, field + above &* valueStep, mean, carry, force, work, sums,
            stress == nil ? nil : sums + 1)
          transform.forwardPlane(force, into: buffer + k &* spectrumStep)
        }
      }
    }
    var product = 0.0
    for k in 0..<nz { product += planeSums[k &* Self.sums] }
    if let stress {
      for n in 0..<6 {
        stress[n] = 0
        for k in 0..<nz { stress[n] += planeSums[k &* Self.sums &+ 1 &+ n] }
      }
    }
    return product
  }

  /// Sums over the elements of the stress of the displacement, divided by 4; overwrites the buffer.
  func stressSums(mean: [Double]) -> [Double] {
    var sums = [Double](repeating: 0, count: 6)
    _ = apply(to: x, mean: mean, stress: &sums) { _, _, _ in }
    return sums
  }

  /// x += step p.
  func finish(step: Double) {
    inParallel { thread in
      for k in slab(thread) { ck_advance(valueStep, step, p + k &* valueStep, x + k &* valueStep) }
    }
  }

  /// Sets displacement, direction and residual to 0, and the buffer to the spectra over x and y of the forces of stresses
  /// that are uniform in each element.
  /// - Parameters:
  ///   - phaseStress: six numbers per phase.
  ///   - fieldStress: fills six planes of numbers, one after the other, of plane k; or null.
  func load(phaseStress: [Double], fieldStress: ((Int, UnsafeMutablePointer<Double>) -> Void)?) {
    for array in [x, p] { array.update(repeating: 0, count: valueStep * grid.nz) }
    r.update(repeating: 0, count: 6 * grid.nz * grid.ny * transform.halfWidth)
    let carry = scratch + carryPlace
    let force = scratch + forcePlace
    let work = scratch + workPlace
    let count = grid.planeCount
    var extra = [Double](repeating: 0, count: fieldStress == nil ? 1 : 6 * count)
    extra.withUnsafeMutableBufferPointer { extra in
      // From the last plane of elements, below the first plane of nodes, around to itself.
      for step in -1..<grid.nz {
        let k = (step + grid.nz) % grid.nz
        fieldStress?(k, extra.baseAddress!)
        ck_source_plane(
          &medium, phasePlane(k), phaseStress, fieldStress == nil ? nil : UnsafePointer(extra.baseAddress!), count,
          carry, step < 0 ? nil : force, work)
        if step >= 0 { transform.forwardPlane(force, into: buffer + k * spectrumStep) }
      }
    }
  }

  /// e of plane k of elements, six planes of numbers, shear twice the tensor's, times 4.
  func strainPlane(_ k: Int, mean: [Double], into target: UnsafeMutablePointer<Double>) {
    ck_strain_plane(
      &medium, x + k * valueStep, x + (k + 1) % grid.nz * valueStep, mean, target, grid.planeCount, scratch + workPlace)
  }

  /// Values of one component of the displacement, m.
  func displacement(_ component: Int) -> Field {
    let factor = units.length[component]
    return Field(
      grid,
      values: [Double](unsafeUninitializedCapacity: grid.count) { values, count in
        for k in 0..<grid.nz {
          let source = x + (k * valueStep + component * transform.valueStride)
          for i in 0..<grid.planeCount { values[k * grid.planeCount + i] = factor * source[i] }
        }
        count = grid.count
      })
  }
}
