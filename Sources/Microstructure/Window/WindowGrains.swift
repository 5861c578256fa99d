import Fields
import Foundation
import NumericalMethods
import Specimens

/// The grains of a film in the window of one device: upright columns.
///
/// Cut out of the film's own map where it has one, at any place of it with equal chance. The window repeats and the cut
/// does not, so across the window's own edge grains are strangers; no boundary is counted there. Grains finer than two
/// voxels are not drawn: then every column holds many grains, and boundaries everywhere.
struct WindowGrains: Hashable, Sendable {
  /// Of each column of voxels, x fastest: a number of `rotations`.
  let labels: [Int]
  /// Area of boundary per volume in each column, 1/m; its mean over many windows is the film's.
  let boundaryDensity: [Double]
  /// How each grain lies: from crystal axes to the window's.
  let rotations: [Rotation]
  /// Whether grains are told apart; if not, `rotations` are a sample of them all.
  let isResolved: Bool

  /// Grains that stand for all where they are not told apart.
  private static let sampleCount = 256

  /// Draws two numbers for the place or some for the points, then three for each grain.
  /// - Parameter normal: of the face that lies on the support, in the crystal's axes.
  init(
    of film: GrownCrystal, _ grains: GrainStructure, normal: SIMD3<Double>, in grid: Grid, random: inout RandomSource
  ) {
    let size = grains.size.si
    var numbers: [Int: Int] = [:]
    isResolved = size >= 2 * grid.spacing.x
    if !isResolved {
      labels = [Int](repeating: 0, count: grid.planeCount)
      boundaryDensity = [Double](repeating: grains.boundaryDensity, count: grid.planeCount)
      for number in 0..<Self.sampleCount { numbers[number] = number }
    } else {
      let window = SIMD2(Double(grid.nx), Double(grid.ny)) * SIMD2(grid.spacing.x, grid.spacing.y)
      let map =
        film.grainMap.flatMap { GrainPattern(map: $0, size: size, window: window, random: &random) }
        ?? GrainPattern(size: size, window: window, random: &random)
      // One column more on each side: boundaries along the window's edge are those of the film.
      let (nx, ny) = (grid.nx + 2, grid.ny + 2)
      var seen: [Int] = []
      seen.reserveCapacity(nx * ny)
      for j in 0..<ny {
        for i in 0..<nx {
          let label = map.grain(at: SIMD2(Double(i) - 0.5, Double(j) - 0.5) * SIMD2(grid.spacing.x, grid.spacing.y))
          // Numbered as they are met.
          let number = numbers[label] ?? numbers.count
          numbers[label] = number
          seen.append(number)
        }
      }
      let scale = grains.boundaryDensity / max(map.boundaryDensity(spacing: grid.spacing), 1e-12 / size)
      var labels: [Int] = []
      var density: [Double] = []
      for j in 1...grid.ny {
        for i in 1...grid.nx {
          labels.append(seen[j * nx + i])
          density.append(
            scale * GrainPattern.boundaryDensity(spacing: grid.spacing) { seen[(j + $1) * nx + i + $0] })
        }
      }
      self.labels = labels
      boundaryDensity = density
    }
    let law = MarchDollase(r: max(1e-3, grains.texture.si))
    rotations = (0..<numbers.count).map { _ in
      Self.rotation(normal: normal, law: law, random: &random)
    }
  }

  /// The numbers of the grains, from 1, as a field of one plane.
  func map(on grid: Grid) -> Field {
    var plane = grid
    plane.nz = 1
    return Field(plane, values: labels.map { Double($0 + 1) })
  }

  /// The face's normal scatters about z by the film's texture; the grain turns freely about it.
  private static func rotation(normal: SIMD3<Double>, law: MarchDollase, random: inout RandomSource) -> Rotation {
    let up = SIMD3(0.0, 0, 1)
    let resting = Rotation(from: normal, to: up)
    let tilt = acos(min(1, law.sample(random: &random)))
    let azimuth = 2 * Double.pi * random.uniform()
    let spin = Rotation(axis: up, angle: 2 * Double.pi * random.uniform())
    return Rotation(axis: SIMD3(cos(azimuth), sin(azimuth), 0), angle: tilt) * spin * resting
  }
}
