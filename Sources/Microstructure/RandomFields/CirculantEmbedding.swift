import Fields
import Foundation

/// A covariance wrapped on a torus, and how much of its spectrum is negative there.
struct CirculantEmbedding {
  /// Points along each axis.
  let torus: SIMD3<Int>
  let transform: RealTransform
  /// S of the unit covariance, per mode of the half spectrum, as it comes.
  let spectrum: [Double]
  /// Sum of negative eigenvalues over the sum of all magnitudes.
  let clippedFraction: Double

  /// Clipped share below which a torus is taken as it is; rounding leaves about 1e-16.
  static let tolerance = 1e-9
  /// Points of a torus per voxel, and in all, beyond which a longer one is not tried.
  private static let (largestShare, leastLargest) = (64, 1 << 20)

  /// The first torus that needs no clipping, or else the one that needs least.
  ///
  /// Along an axis that is periodic the torus is the grid itself, along the others 2, 3 and 4 times as long, then as
  /// long as a cut covariance asks for.
  /// - Parameter scale: correlation lengths per voxel.
  init(
    _ grid: Grid, covariance: Covariance, scale: SIMD3<Double>, periodicity: GaussianFieldModel.Periodicity
  ) throws {
    let sizes = SIMD3(grid.nx, grid.ny, grid.nz)
    let padded = (periodicity == .lateral ? 2...2 : 0...2).filter { sizes[$0] > 1 }
    let limit = max(Self.leastLargest, Self.largestShare * grid.count)
    var best: CirculantEmbedding?
    func attempt(_ law: (Double) -> Double, _ length: (Int) -> Int) throws {
      if let best, best.clippedFraction <= Self.tolerance { return }
      var torus = sizes
      for axis in padded { torus[axis] = Self.smoothSize(atLeast: length(axis)) }
      guard best == nil || torus.x * torus.y * torus.z <= limit else { return }
      let embedding = try CirculantEmbedding(torus, law: law, scale: scale)
      // A longer torus must be worth its memory.
      if embedding.clippedFraction < 0.5 * (best?.clippedFraction ?? .infinity) { best = embedding }
    }
    for factor in 2...4 { try attempt(covariance.value) { factor * sizes[$0] } }
    if periodicity == .none {
      let corner = SIMD3<Double>(sizes &- 1) * scale
      for power in [0.5, 1] {
        let cut = CutCovariance(covariance, reach: (corner * corner).sum().squareRoot(), power: power)
        try attempt(cut.value) { Int(min(1e9, (2 * cut.range / scale[$0]).rounded(.up))) }
      }
    }
    self = best!
  }

  private init(_ torus: SIMD3<Int>, law: (Double) -> Double, scale: SIMD3<Double>) throws {
    self.torus = torus
    transform = try RealTransform.volume(nx: torus.x, ny: torus.y, nz: torus.z)
    let complex = transform.forward(Self.wrapped(law, torus, scale: scale))
    let half = torus.x / 2 + 1
    var negative = 0.0
    var positive = 0.0
    spectrum = stride(from: 0, to: complex.count, by: 2).map { complex[$0] }
    for (mode, value) in spectrum.enumerated() {
      let column = mode % half
      let share = column == 0 || 2 * column == torus.x ? 1.0 : 2.0
      if value < 0 { negative -= share * value } else { positive += share * value }
    }
    clippedFraction = positive > 0 ? negative / (positive + negative) : 0
  }

  /// The covariance between voxel (0, 0, 0) and every point of the torus, by the shorter way round.
  private static func wrapped(_ law: (Double) -> Double, _ torus: SIMD3<Int>, scale: SIMD3<Double>) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(torus.x * torus.y * torus.z)
    for k in 0..<torus.z {
      for j in 0..<torus.y {
        for i in 0..<torus.x {
          let steps = SIMD3(Double(min(i, torus.x - i)), Double(min(j, torus.y - j)), Double(min(k, torus.z - k)))
          let lag = steps * scale
          values.append(law((lag * lag).sum().squareRoot()))
        }
      }
    }
    return values
  }

  /// The next size with no prime factor above 5: other sizes transform several times slower.
  private static func smoothSize(atLeast least: Int) -> Int {
    var size = least
    while true {
      var rest = size
      for prime in [2, 3, 5] { while rest % prime == 0 { rest /= prime } }
      if rest == 1 { return size }
      size += 1
    }
  }
}
