import CKernels
import Dispatch
import Fields
import Foundation
import NumericalMethods

/// The nodes of trilinear elements, plane by plane, and the passes over them: a plane is worked on while the caches
/// hold it.
///
/// A periodic body has as many planes of nodes as of voxels, a film one more. Partial sums are kept per plane and added
/// in order, so that the result does not depend on the number of threads.
final class ElementPlanes {
  let grid: Grid
  let units: StrainUnits
  let transform: StagedTransform
  let threads: Int
  /// Planes of nodes.
  let nodes: Int
  /// Displacement and direction, three components plane by plane; and the buffer that holds in turn the spectra of
  /// forces and of preconditioned residuals over x and y.
  let x, p, buffer: UnsafeMutablePointer<Double>
  /// Doubles between planes of values and of spectra.
  let valueStep, spectrumStep: Int
  private let phases: UnsafeMutableRawPointer
  private let phaseStep: Int
  private let phaseTable: UnsafeMutablePointer<Double>
  private var medium: ck_medium
  /// Per thread: a plane of z, the forces carried upwards, a plane of forces, a row's workspace.
  private let scratch: UnsafeMutablePointer<Double>
  private let scratchStep: Int
  /// Per plane: p · q and six sums of the stress.
  private let planeSums: UnsafeMutablePointer<Double>
  private var isReleased = false

  private static let sums = 7
  private var isPeriodic: Bool { nodes == grid.nz }

  init(_ body: StrainBody, nodes: Int, transform: StagedTransform, threads: Int) throws {
    grid = body.grid
    units = body.units
    self.nodes = nodes
    self.transform = transform
    self.threads = max(1, min(threads, nodes / 2))
    valueStep = 3 * transform.valueStride
    spectrumStep = 3 * transform.spectrumStride
    let (kind, table) = units.table(body.stiffness)
    scratchStep = 3 * valueStep + (ck_element_work(grid.nx) + 7) / 8 * 8
    let rooms = try StrainRoom.allocate([
      valueStep * nodes, valueStep * nodes, spectrumStep * nodes, scratchStep * self.threads, Self.sums * nodes,
      table.count,
    ])
    (x, p, buffer, scratch, planeSums, phaseTable) = (rooms[0], rooms[1], rooms[2], rooms[3], rooms[4], rooms[5])
    for (index, value) in table.enumerated() { phaseTable[index] = value }
    let width = body.phases.byteWidth
    phaseStep = width * grid.planeCount
    phases = UnsafeMutableRawPointer.allocate(byteCount: phaseStep * grid.nz, alignment: 64)
    body.phases.copy(to: phases)
    medium = ck_medium(
      nx: grid.nx, ny: grid.ny, plane: transform.valueStride, kind: kind, phase_bytes: Int32(width),
      table: phaseTable)
  }

  deinit {
    releaseWork()
    for room in [x, scratch, planeSums, phaseTable] { ck_free(room) }
    phases.deallocate()
  }

  /// Gives back all arrays but the displacement; only `displacement` and `strainPlane` may follow.
  func releaseWork() {
    guard !isReleased else { return }
    isReleased = true
    for room in [p, buffer] { ck_free(room) }
  }

  /// Runs the body for each thread.
  @inline(__always)
  func inParallel(_ body: (Int) -> Void) {
    if threads == 1 {
      body(0)
    } else {
      withoutActuallyEscaping(body) { body in
        nonisolated(unsafe) let body = body
        DispatchQueue.concurrentPerform(iterations: threads) { body($0) }
      }
    }
  }

  /// The planes of nodes of one thread.
  private func slab(_ thread: Int) -> Range<Int> {
    (thread * nodes / threads)..<((thread + 1) * nodes / threads)
  }

  private func phasePlane(_ k: Int) -> UnsafeRawPointer { UnsafeRawPointer(phases + k &* phaseStep) }

  // MARK: passes

  /// x += step p, p = z + share p with z from its spectra, and then the spectra of q = K (p + mean) over x and y, with
  /// p · q as a result.
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
    withUnsafePointer(to: &medium) { medium in
      inParallel { thread in
        let planes = slab(thread)
        let carry = scratch + (thread &* scratchStep &+ valueStep)
        let force = carry + valueStep
        let work = force + valueStep
        var unused = 0.0
        if isPeriodic || planes.lowerBound > 0 {
          let below = planes.lowerBound == 0 ? grid.nz &- 1 : planes.lowerBound &- 1
          ck_element_plane(
            medium, phasePlane(below), field + below &* valueStep, field + planes.lowerBound &* valueStep, mean,
            carry, nil, work, &unused, nil)
        } else {
          carry.update(repeating: 0, count: valueStep)
        }
        for k in planes {
          if k &+ 1 < planes.upperBound { prepare(k &+ 1, planes, thread) }
          let sums = planeSums + k &* Self.sums
          for n in 0..<Self.sums { sums[n] = 0 }
          let spectrum = buffer + k &* spectrumStep
          if k == grid.nz {
            // The top of a film has no elements above.
            sums[0] = ck_dot(valueStep, carry, field + k &* valueStep)
            transform.forwardPlane(carry, into: spectrum)
          } else {
            let above = k &+ 1 == nodes ? 0 : k &+ 1
            ck_element_plane(
              medium, phasePlane(k), field + k &* valueStep, field + above &* valueStep, mean, carry, force, work,
              sums, stress == nil ? nil : sums + 1)
            transform.forwardPlane(force, into: spectrum)
          }
        }
      }
    }
    var product = 0.0
    for k in 0..<nodes { product += planeSums[k &* Self.sums] }
    if let stress {
      for n in 0..<6 {
        stress[n] = 0
        for k in 0..<nodes { stress[n] += planeSums[k &* Self.sums &+ 1 &+ n] }
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

  /// Sets displacement and direction to 0, and the buffer to the spectra over x and y of the forces of stresses that
  /// are uniform in each element; see `StrainSystem.load`.
  func load(phaseStress: [Double], fieldStress: ((Int, Bool, UnsafeMutablePointer<Double>) -> Void)?) {
    for array in [x, p] { array.update(repeating: 0, count: valueStep * nodes) }
    let carry = scratch + valueStep
    let force = carry + valueStep
    let work = force + valueStep
    let count = grid.planeCount
    carry.update(repeating: 0, count: valueStep)
    var extra = [Double](repeating: 0, count: fieldStress == nil ? 1 : 6 * count)
    extra.withUnsafeMutableBufferPointer { extra in
      // In a periodic body from the last plane of elements, below the first plane of nodes, around to itself.
      for step in (isPeriodic ? -1 : 0)..<grid.nz {
        let k = (step + grid.nz) % grid.nz
        fieldStress?(k, step == k, extra.baseAddress!)
        ck_source_plane(
          &medium, phasePlane(k), phaseStress, fieldStress == nil ? nil : UnsafePointer(extra.baseAddress!), count,
          carry, step < 0 ? nil : force, work)
        if step >= 0 { transform.forwardPlane(force, into: buffer + k * spectrumStep) }
      }
    }
    if !isPeriodic { transform.forwardPlane(carry, into: buffer + grid.nz * spectrumStep) }
  }

  // MARK: results

  /// e of plane k of elements, six planes of numbers, shear twice the tensor's, times 4.
  func strainPlane(_ k: Int, mean: [Double], into target: UnsafeMutablePointer<Double>) {
    ck_strain_plane(
      &medium, x + k * valueStep, x + (k + 1) % nodes * valueStep, mean, target, grid.planeCount,
      scratch + 3 * valueStep)
  }

  /// Values of one component of the displacement of all planes of nodes, m.
  func displacement(_ component: Int) -> Field {
    let factor = units.length[component]
    var nodeGrid = grid
    nodeGrid.nz = nodes
    return Field(
      nodeGrid,
      values: [Double](unsafeUninitializedCapacity: nodeGrid.count) { values, count in
        for k in 0..<nodes {
          let source = x + (k * valueStep + component * transform.valueStride)
          for i in 0..<grid.planeCount { values[k * grid.planeCount + i] = factor * source[i] }
        }
        count = nodeGrid.count
      })
  }
}
