import Foundation

/// Speeds of the faces of crystals of all sizes in one solution at one moment.
///
/// The law is that of `FaceGrowth.speed` with `FaceGrowth.Transport.open`; many crystals share a moment, so it is solved by
/// Newton's method at fixed edges and interpolated between them: ln |R| over ln L by Hermite's cubics, whose slopes follow from
/// the equation itself. Relative error below 1e-4 (a test measures it).
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
    /// ln |R| and d ln |R|/d ln L per step.
    var value = 0.0
    var slope = 0.0
    var isKnown = false
  }

  private static let step = 0.5
  private static let low = log(PopulationBalance.nucleusEdge)
  private static let count = 44

  private let growth: FaceGrowth
  private var nodes = [Node](repeating: Node(), count: count)
  private var moment = Moment()
  private var excess = 0.0
  private var logRate = 0.0
  /// Where the last node was solved: the next is near.
  private var start = 0.0

  init(_ growth: FaceGrowth) { self.growth = growth }

  /// Turns to another moment; nothing is solved yet.
  func reset(_ moment: Moment) {
    self.moment = moment
    excess = moment.concentration - moment.saturation
    logRate = growth.logIntegrationRate(temperature: moment.temperature)
    for i in nodes.indices { nodes[i].isKnown = false }
  }

  /// Speed of a face, m/s; negative below saturation.
  /// - Throws: `GrowthError.integration`.
  func speed(edge: Double) throws -> Double {
    guard excess != 0 else { return 0 }
    let position = min(max((log(edge) - Self.low) / Self.step, 0), Double(Self.count - 1) - 1e-9)
    let i = Int(position)
    let t = position - Double(i)
    if !nodes[i].isKnown { try solve(i) }
    if !nodes[i + 1].isKnown { try solve(i + 1) }
    let (a, b) = (nodes[i], nodes[i + 1])
    let u = 1 - t
    let value =
      (1 + 2 * t) * u * u * a.value + t * u * u * a.slope + t * t * (3 - 2 * t) * b.value - t * t * u * b.slope
    return excess > 0 ? exp(value) : -exp(value)
  }

  /// Solves for w = ln[(c_i − c*)/(c − c_i)], as `FaceGrowth.speed` does.
  private func solve(_ i: Int) throws {
    let logEdge = Self.low + Double(i) * Self.step
    let edge = exp(logEdge)
    let forcedByEddies = moment.eddies * cbrt(edge * edge)
    let forcedByTip = moment.tip * edge.squareRoot()
    let forced = min(forcedByEddies, forcedByTip)
    let forcedSlope = forcedByEddies < forcedByTip ? 2.0 / 3 : 0.5
    let (saturation, density) = (moment.saturation, growth.crystalDensity)
    var w = start
    for _ in 0..<60 {
      let odds = exp(w)
      let share = odds / (1 + odds)
      let lost = abs(excess) / (1 + odds)
      let left = max(excess * share, -saturation * (1 - 1e-12))
      let atFace = saturation + left
      let sigma = abs(log1p(left / saturation) - log1p(-left / (density - saturation)))
      let drive = growth.logIntegration(sigma, grows: excess > 0)
      let natural = 0.589 * (moment.buoyancy * lost * edge * edge * edge).squareRoot().squareRoot()
      let isForced = forced > natural
      let sherwood = 2 + max(natural, forced)
      let f = log(density - atFace) + logRate + drive.value + logEdge - log(moment.diffusivity * sherwood * lost)
      let change = abs(excess) * share / (1 + odds)
      let speedSlope = drive.slope * change * (1 / atFace + 1 / (density - atFace))
      let slope =
        (excess > 0 ? -1.0 : 1.0) * change / (density - atFace) + speedSlope + share
        + (isForced ? 0 : 0.25 * share * natural / sherwood)
      let correction = f / slope
      guard correction.isFinite else { break }
      w = min(max(w - correction, -300), 300)
      guard abs(correction) < 1e-7 || abs(w) == 300 else { continue }
      start = min(max(w, -30), 30)
      let sherwoodSlope = (isForced ? forcedSlope * forced : 0.75 * natural) / sherwood
      nodes[i] = Node(
        value: logRate + drive.value - speedSlope * correction,
        slope: -Self.step * speedSlope * (1 - sherwoodSlope) / slope, isKnown: true)
      return
    }
    throw GrowthError.integration(reason: "no speed of a face was found at an edge of \(edge) m")
  }
}
