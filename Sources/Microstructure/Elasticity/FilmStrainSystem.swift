import CKernels
import Fields
import NumericalMethods

/// The arrays of one solution for a film. A tile of lateral waves is worked on while the caches hold its columns; its
/// partial sums are kept and added in order.
final class FilmStrainSystem: StrainSystem {
  let planes: ElementPlanes
  let meanStiffness: [Double]
  private let reference: FilmReference
  private let factors: FilmFactors
  private let base: FilmBase
  /// The residual's spectra, tile by tile; the spectrum of the direction on the lowest plane of nodes, divided by the
  /// points of a plane; per thread a tile's workspace; per tile r · z and |r|²; the planes' constants; and the shares
  /// of the residual's components.
  private let r, lowest, work, tileSums, constants, shares: UnsafeMutablePointer<Double>
  private let nodes: Int
  private var tileStep: Int { nodes * FilmFactors.blockStep }
  private var isReleased = false
  private var hasSprings: Bool { if case .layers = base { true } else { false } }

  init(_ body: StrainBody, base: FilmBase, transform: StagedTransform, threads: Int) throws {
    self.base = base
    nodes = body.grid.nz + 1
    planes = try ElementPlanes(body, nodes: nodes, transform: transform, threads: threads)
    reference = FilmReference(body)
    let points = Double(body.grid.planeCount)
    meanStiffness = reference.meanStiffness(times: points / 16)
    // Spectra are not divided by the points of a plane; the matrices are multiplied instead.
    factors = try FilmFactors(
      body.grid, reference, base: base, units: body.units, scale: points, inParallel: planes.inParallel,
      threads: planes.threads)
    let table = reference.constants(times: points)
    let tile = nodes * FilmFactors.blockStep
    let rooms = try StrainRoom.allocate([
      factors.tiles * tile, planes.spectrumStep, planes.threads * tile, 2 * factors.tiles, table.count, 3,
    ])
    (r, lowest, work, tileSums, constants, shares) = (rooms[0], rooms[1], rooms[2], rooms[3], rooms[4], rooms[5])
    for (index, value) in table.enumerated() { constants[index] = value }
    // Components of the residual in the body's own units of force.
    for c in 0..<3 { shares[c] = 1 / (body.units.ratios[c] * body.units.ratios[c]) }
  }

  deinit {
    releaseWork()
    for room in [lowest, work, tileSums, constants, shares] { ck_free(room) }
  }

  /// Gives back all arrays but the displacement.
  func releaseWork() {
    guard !isReleased else { return }
    isReleased = true
    ck_free(r)
    planes.releaseWork()
  }

  func load(phaseStress: [Double], fieldStress: ((Int, Bool, UnsafeMutablePointer<Double>) -> Void)?) {
    r.update(repeating: 0, count: factors.tiles * tileStep)
    lowest.update(repeating: 0, count: planes.spectrumStep)
    planes.load(phaseStress: phaseStress, fieldStress: fieldStress)
  }

  func precondition(step: Double) -> (product: Double, square: Double) {
    let (threads, tiles, lanes) = (planes.threads, factors.tiles, FilmFactors.lanes)
    let component = planes.transform.spectrumStride
    // Nodes that are held bear any force.
    if base == .clamped { planes.buffer.update(repeating: 0, count: planes.spectrumStep) }
    planes.inParallel { thread in
      for tile in (thread * tiles / threads)..<((thread + 1) * tiles / threads) {
        ck_layers(
          min(lanes, factors.modes &- tile &* lanes), nodes, factors.symbols + tile &* FilmFactors.symbolStep,
          constants, factors.inverses + tile &* tileStep, shares, step, r + tile &* tileStep,
          planes.buffer + 2 &* lanes &* tile, planes.spectrumStep, component, work + thread &* tileStep,
          tileSums + 2 &* tile)
      }
    }
    var (product, square) = (0.0, 0.0)
    for tile in 0..<tiles {
      product += tileSums[2 &* tile]
      square += tileSums[2 &* tile &+ 1]
    }
    return (product, square / Double(planes.grid.planeCount))
  }

  func advanceDirection(
    step: Double, share: Double, mean: UnsafePointer<Double>, stress: UnsafeMutablePointer<Double>?
  ) -> Double {
    // The stack's forces need the direction's spectrum on the lowest plane: it follows that of z.
    if hasSprings { ck_follow(planes.spectrumStep, share, planes.buffer, lowest) }
    var product = planes.advanceDirection(step: step, share: share, mean: mean, stress: stress)
    if hasSprings {
      product += ck_spring(
        factors.modes, factors.springs, factors.symbols, lowest, planes.buffer, planes.transform.spectrumStride)
    }
    return product
  }

  // MARK: the mean strain and the mean over planes

  /// Real part of the spectrum at wave 0 of the component z on a plane of nodes.
  private func meanPlace(_ node: Int) -> Int { node &* planes.spectrumStep &+ 2 &* planes.transform.spectrumStride }

  func preconditionedStress() -> [Double] {
    var sums = [Double](repeating: 0, count: 6)
    let share = Double(planes.grid.planeCount) / 4
    for (k, layer) in reference.layers.enumerated() {
      let stretch = planes.buffer[meanPlace(k + 1)] - planes.buffer[meanPlace(k)]
      sums[0] += share * layer.c13 * stretch
      sums[1] += share * layer.c23 * stretch
      sums[5] += share * layer.c36 * stretch
    }
    return sums
  }

  /// Each plane of a laterally stretched film gets thinner.
  func follow(mean: [Double]) -> Double {
    var (rise, change) = (0.0, 0.0)
    for (k, layer) in reference.layers.enumerated() {
      rise -= (layer.c13 * mean[0] + layer.c23 * mean[1] + layer.c36 * mean[5]) / (4 * layer.c33)
      planes.buffer[meanPlace(k + 1)] += rise
      // The residual holds w = −i u_z.
      change -= r[(k + 1) * FilmFactors.blockStep + 5 * FilmFactors.lanes] * rise
    }
    return change
  }
}
