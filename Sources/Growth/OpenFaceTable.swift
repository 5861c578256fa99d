import Foundation

/// Speeds of the faces of crystals of all sizes in one solution at one moment.
///
/// The law is that of `FaceGrowth.speed` with `FaceGrowth.Transport.open`; many crystals share a moment, so it is solved by
/// Newton's method at fixed edges and interpolated between them: ln |R| over ln L by Hermite's cubics, whose slopes follow from
/// the equation itself. Each edge starts from its own solution of the moment before. Relative error below 1e-4 (a test
/// measures it).
final class OpenFaceTable {
  /// What the solution is like at the moment.
  struct Moment {
    /// Moles per volume of solution.
    var concentration = 0.0
    var saturation = 0.0
    var temperature = 0.0
    var diffusivity = 0.0
    /// Ra/(|c − c_i| L³).
    var buoyancy = 0.0
    /// Share of Sh that stirring forces on a crystal of 1 m, by the eddies of its size (∝ L^{2/3}) and by the tip (∝ L^{1/2}).
    var eddies = 0.0
    var tip = 0.0
  }

  private struct Node {
    /// ln L, and powers of L.
    let logEdge: Double
    let edge: Double
    let cube: Double
    let eddies: Double
    let tip: Double
    /// w = ln[(c_i − c*)/(c − c_i)] as last solved; nil where no moment has asked for it yet.
    var odds: Double?

    init(logEdge: Double) {
      self.logEdge = logEdge
      edge = exp(logEdge)
      cube = edge * edge * edge
      eddies = cbrt(edge * edge)
      tip = edge.squareRoot()
    }
  }

  private static let step = 0.5
  private static let low = log(PopulationBalance.nucleusEdge)
  private static let count = 44

  private let growth: FaceGrowth
  private var nodes: [Node]
  /// ln |R| and d ln |R|/d ln L per step at each node; not a number where nothing is solved yet.
  private var values: [SIMD2<Double>]
  /// The powers of t in ln |R| from each node to the next; the first is not a number where nothing is known yet.
  private var cubics: [SIMD4<Double>]
  private var moment = Moment()
  private var excess = 0.0
  private var logRate = 0.0

  init(_ growth: FaceGrowth) {
    self.growth = growth
    nodes = (0..<Self.count).map { Node(logEdge: Self.low + Double($0) * Self.step) }
    values = [SIMD2](repeating: SIMD2(repeating: .nan), count: Self.count)
    cubics = [SIMD4](repeating: SIMD4(repeating: .nan), count: Self.count - 1)
  }

  /// Turns to another moment; nothing is solved yet.
  func reset(_ moment: Moment) {
    self.moment = moment
    excess = moment.concentration - moment.saturation
    logRate = growth.logIntegrationRate(temperature: moment.temperature)
    for i in values.indices { values[i].x = .nan }
    for i in cubics.indices { cubics[i].x = .nan }
  }

  /// Speeds of the faces of crystals of given edges, m/s; negative below saturation.
  /// - Throws: `GrowthError.integration`.
  func speeds(_ edges: UnsafeBufferPointer<Double>, into speeds: UnsafeMutableBufferPointer<Double>) throws {
    guard excess != 0 else { return speeds.update(repeating: 0) }
    let (low, last) = (Self.low, Double(Self.count - 1) - 1e-9)
    let inverseStep = 1 / Self.step
    let sign = excess > 0 ? 1.0 : -1.0
    // Three loops, so that logarithms and exponentials of several crystals run side by side.
    for i in edges.indices { speeds[i] = min(max((edges[i].tableLogarithm - low) * inverseStep, 0), last) }
    var start = 0.0
    try cubics.withUnsafeMutableBufferPointer { cubics in
      for index in speeds.indices {
        let position = speeds[index]
        // The nearest number to ½ less, by its place among the digits of 2⁵²; of two stretches at a node either will do.
        let shifted = max(position - 0.5, 0) + 0x1p52
        let i = Int(truncatingIfNeeded: shifted.bitPattern & 0xff)
        let t = position - (shifted - 0x1p52)
        if cubics[i].x.isNaN { cubics[i] = try cubic(from: i, &start) }
        let cubic = cubics[i]
        speeds[index] = cubic[0] + t * (cubic[1] + t * (cubic[2] + t * cubic[3]))
      }
    }
    for i in speeds.indices { speeds[i] = sign * speeds[i].tableExponential }
  }

  /// Hermite's cubic from a node to the next.
  private func cubic(from index: Int, _ start: inout Double) throws -> SIMD4<Double> {
    for node in index...index + 1 where values[node].x.isNaN { values[node] = try solve(node, &start) }
    let (near, far) = (values[index], values[index + 1])
    let rise = far.x - near.x
    return SIMD4(near.x, near.y, 3 * rise - 2 * near.y - far.y, near.y + far.y - 2 * rise)
  }

  /// Solves for w = ln[(c_i − c*)/(c − c_i)], as `FaceGrowth.speed` does.
  ///
  /// - Parameter start: where to begin if no moment has asked for this node yet; where this one ended.
  /// - Returns: ln |R| and its slope per step.
  private func solve(_ index: Int, _ start: inout Double) throws -> SIMD2<Double> {
    let node = nodes[index]
    let moment = self.moment
    let (excess, logRate) = (self.excess, self.logRate)
    let forcedByEddies = moment.eddies * node.eddies
    let forcedByTip = moment.tip * node.tip
    let forced = min(forcedByEddies, forcedByTip)
    let forcedSlope = forcedByEddies < forcedByTip ? 2.0 / 3 : 0.5
    let (saturation, density) = (moment.saturation, growth.crystalDensity)
    var w = node.odds ?? start
    for _ in 0..<60 {
      let odds = exp(w)
      let rest = 1 / (1 + odds)
      let share = odds * rest
      let lost = abs(excess) * rest
      let left = max(excess * share, -saturation * (1 - 1e-12))
      let atFace = saturation + left
      let sigma = abs(growth.supersaturation(excess: left, saturation: saturation))
      let drive = growth.logIntegration(sigma, grows: excess > 0)
      let natural = 0.589 * (moment.buoyancy * lost * node.cube).squareRoot().squareRoot()
      let isForced = forced > natural
      let sherwood = 2 + max(natural, forced)
      let f =
        log((density - atFace) / (moment.diffusivity * sherwood * lost)) + logRate + drive.value + node.logEdge
      // What w adds to the argument of σ and takes from ρ_c − c_i.
      let change = lost * share / (atFace * (density - atFace))
      let speedSlope = drive.slope * change * density
      let slope =
        (excess > 0 ? -change : change) * atFace + speedSlope + share
        + (isForced ? 0 : 0.25 * share * natural / sherwood)
      let correction = f / slope
      guard correction.isFinite else { break }
      w = min(max(w - correction, -300), 300)
      // What is left goes with the square of the correction.
      guard abs(correction) < 1e-4 || abs(w) == 300 else { continue }
      let sherwoodSlope = (isForced ? forcedSlope * forced : 0.75 * natural) / sherwood
      start = min(max(w, -30), 30)
      nodes[index].odds = start
      return SIMD2(
        logRate + drive.value - speedSlope * correction, -Self.step * speedSlope * (1 - sherwoodSlope) / slope)
    }
    throw GrowthError.integration(reason: "no speed of a face was found at an edge of \(node.edge) m")
  }
}

extension Double {
  /// ln of a positive number to 1e-10, by 2 artanh[(m − 1)/(m + 1)] of its mantissa.
  ///
  /// Without branches or calls, so that a loop over many runs on several at once; so is the exponential.
  @inline(__always)
  fileprivate var tableLogarithm: Double {
    // The mantissa lies between √½ and √2.
    let half: UInt64 = 0x3fe6_a09e_667f_3bcd
    let exponent = (bitPattern &+ ((1023 << 52) &- half)) >> 52
    let m = Double(bitPattern: bitPattern &- ((exponent &- 1023) << 52))
    let power = Double(bitPattern: exponent | 0x4330_0000_0000_0000) - (0x1p52 + 1023)
    let s = (m - 1) / (m + 1)
    let q = s * s
    let series = 1 + q * (1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q / 11))))
    return power * 0.693147180559945309 + 2 * s * series
  }

  /// e to a power between −700 and 700, to 1e-11 of itself.
  @inline(__always)
  fileprivate var tableExponential: Double {
    let bounded = Swift.min(Swift.max(self, -700), 700)
    let shifted = bounded * 1.44269504088896341 + 0x1.8p52
    let r = bounded - (shifted - 0x1.8p52) * 0.693147180559945309
    let high = 1.0 / 120 + r * (1.0 / 720 + r * (1.0 / 5040 + r * (1.0 / 40320 + r / 362880)))
    let series = 1 + r * (1 + r * (0.5 + r * (1.0 / 6 + r * (1.0 / 24 + r * high))))
    return Double(bitPattern: series.bitPattern &+ (shifted.bitPattern << 52))
  }
}
