import Fields
import Foundation
import Quantities

/// Crystals that grow flat in a gap, resolved by a phase field: a reference for faster models.
///
/// Solute diffuses in the liquid alone; the face is in local equilibrium, with capillarity, or attaches at a finite
/// speed (`PhaseFieldInterface`; physics (2.9), the equations at `PhaseFieldPlane`). Temperature, thus c*, is constant,
/// and the crystals fill the gap. Crystals that meet grow together without a boundary. No solute leaves the box.
/// Accurate to a few percent where W κ < 0.1 and W V/D < 0.1. An evaluation never calls it.
///
///     var growth = try PhaseFieldGrowth(interface, supersaturation: Ratio(si: 0.1), in: box, seeds: [seed])
///     try growth.advance(steps: 1000)
public struct PhaseFieldGrowth: Sendable {
  public let interface: PhaseFieldInterface
  public let box: PhaseFieldBox
  public let seeds: [PhaseFieldSeed]
  /// Ω = (c_∞ − c*)/(ρ_c − c*).
  public let supersaturation: Ratio
  public let timeStep: TimeSpan
  private var plane: PhaseFieldPlane
  private let initialSolute: Double

  /// - Parameter timeStep: nil takes `stableTimeStep`.
  /// - Throws: `PhaseFieldError`, `TransformError`, `Roots.Failure`.
  public init(
    _ interface: PhaseFieldInterface, supersaturation: Ratio, in box: PhaseFieldBox, seeds: [PhaseFieldSeed],
    start: PhaseFieldStart = .depleted, timeStep: TimeSpan? = nil
  ) throws {
    let omega = supersaturation.si
    let width = interface.width.si
    guard omega.isFinite, omega < 1, omega > -1 else {
      throw PhaseFieldError.parameter("supersaturation", value: omega, range: "between -1 and 1")
    }
    guard box.spacing.si <= width * (1 + 1e-12) else {
      throw PhaseFieldError.coarse(spacing: box.spacing.si, width: width)
    }
    guard !seeds.isEmpty else { throw PhaseFieldError.noSeed }
    for seed in seeds where !(seed.radius.si >= 3 * width) {
      throw PhaseFieldError.smallSeed(radius: seed.radius.si, width: width)
    }
    let step = timeStep ?? Self.stableTimeStep(of: interface)
    guard step.si > 0, step.si.isFinite else {
      throw PhaseFieldError.parameter("timeStep", value: step.si, range: "above 0")
    }
    self.interface = interface
    self.box = box
    self.seeds = seeds
    self.supersaturation = supersaturation
    self.timeStep = step
    let (phase, solute) = try Self.beginning(interface, omega, box, seeds, start)
    plane = try PhaseFieldPlane(
      columns: box.planeColumns, rows: box.planeRows, spacing: box.spacing.si, interface: interface, phase: phase,
      solute: solute)
    initialSolute = plane.meanSolute + 0.5 + 0.5 * plane.meanPhase
  }

  /// A step that stays stable: W²/D, or a quarter of the shortest τ if less.
  public static func stableTimeStep(of interface: PhaseFieldInterface) -> TimeSpan {
    let diffusion = interface.width.si * interface.width.si / interface.diffusivity.si
    return TimeSpan(si: min(diffusion, 0.25 * interface.shortestRelaxation))
  }

  /// φ = tanh((R − r)/√2 W), and u by `start`, on the periodic plane.
  private static func beginning(
    _ interface: PhaseFieldInterface, _ omega: Double, _ box: PhaseFieldBox, _ seeds: [PhaseFieldSeed],
    _ start: PhaseFieldStart
  ) throws -> (phase: [Double], solute: [Double]) {
    let images = seeds.flatMap { box.images(of: $0) }
    let depletions = try images.map { seed in
      start.depletion(
        of: seed,
        growthCoefficient: try PhaseFieldStart.growthCoefficient(of: seed.shape, supersaturation: omega))
    }
    let count = box.planeColumns * box.planeRows
    var phase = [Double](repeating: -1, count: count)
    var solute = [Double](repeating: omega, count: count)
    let slope = 1 / (2.0.squareRoot() * interface.width.si)
    for j in 0..<box.planeRows {
      for i in 0..<box.planeColumns {
        let n = j * box.planeColumns + i
        var gone = 0.0
        for (seed, depletion) in zip(images, depletions) {
          let distance = seed.distance(of: box.displacement(from: seed.center, to: box.point(i, j)))
          phase[n] = max(phase[n], tanh(slope * (seed.radius.si - distance)))
          gone += depletion(distance)
        }
        solute[n] = omega * (1 - min(1, gone))
      }
    }
    return (phase, solute)
  }

  /// Time since the start.
  public var time: TimeSpan { TimeSpan(si: Double(plane.steps) * timeStep.si) }

  /// - Throws: `PhaseFieldError.diverged`.
  public mutating func advance(steps: Int) throws {
    plane.advance(steps: steps, timeStep: timeStep.si)
    guard plane.meanPhase.isFinite, plane.meanSolute.isFinite, abs(plane.meanPhase) < 1.5 else {
      throw PhaseFieldError.diverged(time: time.si, timeStep: timeStep.si)
    }
  }

  /// Plan area of all crystals, ∫ (1 + φ)/2.
  public var crystalArea: Area { Area(si: 0.5 * (1 + plane.meanPhase) * box.size.x * box.size.y) }

  /// Solute in crystal and liquid against the start's, relative.
  public var balanceError: Double {
    abs((plane.meanSolute + 0.5 + 0.5 * plane.meanPhase) / initialSolute - 1)
  }

  /// φ at the box's points: 1 in a crystal, −1 in the liquid.
  public var phase: Field { field(plane.phase) }

  /// (c_l − c*)/(ρ_c − c*) at the box's points; in a crystal, what the face had when it passed.
  public var potential: Field { field(plane.solute) }

  private func field(_ values: ArraySlice<Double>) -> Field {
    let spacing = box.spacing.si
    let grid = Grid(nx: box.columns, ny: box.rows, nz: 1, spacing: SIMD3(repeating: spacing))
    let rows = (0..<box.rows).flatMap { row in
      values[(values.startIndex + row * box.planeColumns)..<(values.startIndex + row * box.planeColumns + box.columns)]
    }
    return Field(grid, values: rows)
  }

  /// Distance from a point to the first face along a direction: where φ, linear between points, turns negative.
  ///
  /// Nil where none comes within the periodic plane. Its error is of order spacing²/W.
  public func faceDistance(from center: SIMD2<Double>, along direction: SIMD2<Double>) -> Length? {
    let unit = direction / (direction * direction).sum().squareRoot()
    let step = 0.25 * box.spacing.si
    let values = plane.phase
    var last = box.interpolated(values, at: center)
    guard last > 0 else { return nil }
    for n in 1...Int(box.planeSize.max() / step) {
      let next = box.interpolated(values, at: center + Double(n) * step * unit)
      if next <= 0 { return Length(si: step * (Double(n) - 1 + last / (last - next))) }
      last = next
    }
    return nil
  }
}

extension PhaseFieldBox {
  /// A seed and its mirror images in the plane.
  func images(of seed: PhaseFieldSeed) -> [PhaseFieldSeed] {
    guard edges == .walls else { return [seed] }
    let mirror = planeSize - seed.center
    var centers = [seed.center, SIMD2(mirror.x, seed.center.y)]
    if seed.shape == .disc { centers += [SIMD2(seed.center.x, mirror.y), mirror] }
    var images: [PhaseFieldSeed] = []
    for center in centers {
      // A seed on a wall is its own image.
      let image = PhaseFieldSeed(seed.shape, center: center, radius: seed.radius)
      let isNew = images.allSatisfy {
        image.distance(of: displacement(from: $0.center, to: center)) > 1e-9 * spacing.si
      }
      if isNew { images.append(image) }
    }
    return images
  }

  /// Bilinear value of a periodic plane at a position.
  func interpolated(_ values: ArraySlice<Double>, at position: SIMD2<Double>) -> Double {
    let place = position / spacing.si - 0.5
    let cell = place.rounded(.down)
    let (x, y) = (place.x - cell.x, place.y - cell.y)
    func value(_ i: Int, _ j: Int) -> Double {
      let column = (Int(cell.x) + i) % planeColumns
      let row = (Int(cell.y) + j) % planeRows
      return values[
        values.startIndex + (row < 0 ? row + planeRows : row) * planeColumns
          + (column < 0 ? column + planeColumns : column)]
    }
    return (1 - y) * ((1 - x) * value(0, 0) + x * value(1, 0)) + y * ((1 - x) * value(0, 1) + x * value(1, 1))
  }
}
