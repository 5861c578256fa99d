import Foundation

/// Counter-based random numbers, addressed by (seed, member, device, cycle, stream).
///
/// Philox 4×32-10 (Salmon et al., *SC'11*, 10.1145/2063384.2063405): the seed is the key, the address and the index
/// of the draw are the counter, so a draw added in one place never shifts another, and nothing depends on threads or
/// order.
/// Each address holds 2³² blocks of two doubles.
public struct RandomSource: Sendable {
  @usableFromInline let key0: UInt32
  @usableFromInline let key1: UInt32
  @usableFromInline let device: UInt32
  @usableFromInline let member: UInt32
  @usableFromInline let address: UInt32
  @usableFromInline var block: UInt32 = 0
  @usableFromInline var spare: UInt64 = 0
  @usableFromInline var hasSpare = false

  /// - Parameters:
  ///   - member: the draw of uncertain parameters, 0 for the nominal ones.
  ///   - cycle: below 2²⁴.
  @inlinable
  public init(seed: UInt64, member: Int = 0, device: Int = 0, cycle: Int = 0, stream: RandomStream) {
    precondition(cycle >= 0 && cycle < 1 << 24, "a cycle's number stays below 2^24")
    key0 = UInt32(truncatingIfNeeded: seed)
    key1 = UInt32(truncatingIfNeeded: seed >> 32)
    self.device = UInt32(device)
    self.member = UInt32(member)
    address = UInt32(stream.rawValue) << 24 | UInt32(cycle)
  }

  /// One block of the cipher: four words from a counter and a key.
  @inlinable
  public static func philox(
    _ counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let p0 = UInt64(0xD251_1F53) &* UInt64(c0)
      let p1 = UInt64(0xCD9E_8D57) &* UInt64(c2)
      (c0, c1, c2, c3) = (
        UInt32(truncatingIfNeeded: p1 &>> 32) ^ c1 ^ k0, UInt32(truncatingIfNeeded: p1),
        UInt32(truncatingIfNeeded: p0 &>> 32) ^ c3 ^ k1, UInt32(truncatingIfNeeded: p0)
      )
      k0 = k0 &+ 0x9E37_79B9
      k1 = k1 &+ 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }

  @inlinable
  public mutating func next() -> UInt64 {
    if hasSpare {
      hasSpare = false
      return spare
    }
    let (a, b, c, d) = Self.philox((block, address, device, member), key: (key0, key1))
    block = block &+ 1
    spare = UInt64(c) << 32 | UInt64(d)
    hasSpare = true
    return UInt64(a) << 32 | UInt64(b)
  }

  /// A number in the open interval (0, 1).
  @inlinable
  public mutating func uniform() -> Double { Self.uniform(bits: next()) }

  /// The number in the open interval (0, 1) that 64 random bits stand for.
  ///
  /// The upper 52 bits and a half: with 53 the half would be rounded away and the largest word would give 1.
  @inlinable
  public static func uniform(bits: UInt64) -> Double { (Double(bits &>> 12) + 0.5) * 0x1p-52 }

  /// A standard normal number: one draw each, by the inverse distribution function.
  @inlinable
  public mutating func normal() -> Double { NormalDistribution.quantile(uniform()) }

  /// A waiting time with mean 1.
  @inlinable
  public mutating func exponential() -> Double { -log(uniform()) }

  /// A Poisson count: by multiplication of uniform numbers up to a mean of 30, by rejection above, both exact; from 1e6
  /// on the normal limit (relative error of the law below 1e-3) takes over.
  ///
  /// A mean below zero counts as zero; NaN and means above 1e18 stop the program.
  public mutating func poisson(mean: Double) -> Int {
    precondition(mean <= 1e18, "a Poisson mean is NaN or above 1e18")
    guard mean > 0 else { return 0 }
    if mean > 1e6 { return max(0, Int((mean + mean.squareRoot() * normal()).rounded())) }
    if mean > 30 { return poissonByRejection(mean: mean) }
    let limit = exp(-mean)
    var product = uniform()
    var count = 0
    while product > limit {
      product *= uniform()
      count += 1
    }
    return count
  }

  /// Hörmann's transformed rejection PTRS (*Insurance: Math. Econ.* 12 (1993) 39), exact for means above 10.
  private mutating func poissonByRejection(mean: Double) -> Int {
    let b = 0.931 + 2.53 * mean.squareRoot()
    let a = -0.059 + 0.02483 * b
    let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
    let vr = 0.9277 - 3.6224 / (b - 2)
    let logMean = log(mean)
    while true {
      let u = uniform() - 0.5
      let v = uniform()
      let us = 0.5 - abs(u)
      let k = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
      if us >= 0.07 && v <= vr { return Int(k) }
      if k < 0 || (us < 0.013 && v > us) { continue }
      let left = log(v * inverseAlpha / (a / (us * us) + b))
      if left <= k * logMean - mean - SpecialFunctions.logGamma(k + 1) { return Int(k) }
    }
  }

  /// How many of `trials` succeed, each with the same probability: by the gaps between successes up to a mean of 30,
  /// by rejection above, both exact.
  ///
  /// A probability below zero counts as zero, one above 1 as 1; NaN stops the program.
  public mutating func binomial(trials: Int, probability: Double) -> Int {
    precondition(!probability.isNaN, "a binomial probability is NaN")
    guard trials > 0, probability > 0 else { return 0 }
    guard probability < 1 else { return trials }
    if probability > 0.5 { return trials - binomial(trials: trials, probability: 1 - probability) }
    if Double(trials) * probability > 30 { return binomialByRejection(Double(trials), probability) }
    // Geometric gaps between successes: as many draws as successes.
    let logFailure = log1p(-probability)
    var position = 0.0
    var successes = 0
    while true {
      position += (log(uniform()) / logFailure).rounded(.down) + 1
      if position > Double(trials) { return successes }
      successes += 1
    }
  }

  /// Hörmann's transformed rejection BTRS (*J. Stat. Comput. Simul.* 46 (1993) 101), for p <= 1/2 and n p >= 10.
  private mutating func binomialByRejection(_ n: Double, _ p: Double) -> Int {
    let spread = (n * p * (1 - p)).squareRoot()
    let b = 1.15 + 2.53 * spread
    let a = -0.0873 + 0.0248 * b + 0.01 * p
    let center = n * p + 0.5
    let vr = 0.92 - 4.2 / b
    let alpha = (2.83 + 5.1 / b) * spread
    let odds = p / (1 - p)
    let mode = ((n + 1) * p).rounded(.down)
    while true {
      let u = uniform() - 0.5
      var v = uniform()
      let us = 0.5 - abs(u)
      let k = ((2 * a / us + b) * u + center).rounded(.down)
      if us >= 0.07 && v <= vr { return Int(k) }
      if k < 0 || k > n { continue }
      v = log(v * alpha / (a / (us * us) + b))
      // ln of P(k)/P(mode), arranged so that no two large factorials are subtracted.
      let bound =
        (mode + 0.5) * log((mode + 1) / (odds * (n - mode + 1))) + (n + 1) * log((n - mode + 1) / (n - k + 1))
        + (k + 0.5) * log(odds * (n - k + 1) / (k + 1)) + Self.stirlingRest(mode) + Self.stirlingRest(n - mode)
        - Self.stirlingRest(k) - Self.stirlingRest(n - k)
      if v <= bound { return Int(k) }
    }
  }

  /// ln k! - [ln √(2π) + (k + 1/2) ln(k + 1) - (k + 1)].
  private static func stirlingRest(_ k: Double) -> Double {
    if k < 12 { return SpecialFunctions.logGamma(k + 1) - 0.5 * log(2 * .pi) - (k + 0.5) * log(k + 1) + k + 1 }
    let r = 1 / ((k + 1) * (k + 1))
    return (1.0 / 12 - r * (1.0 / 360 - r * (1.0 / 1260 - r / 1680))) / (k + 1)
  }
}

extension RandomSource {
  /// The source of one named quantity: the same name under the same seed draws the same numbers, whatever else is drawn.
  public init(seed: UInt64, name: String, member: Int = 0, stream: RandomStream) {
    // FNV-1a, 64 bit (Fowler, Noll, Vo): a fixed hash, where Swift's own differs from run to run.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    self.init(seed: seed ^ hash, member: member, stream: stream)
  }
}
