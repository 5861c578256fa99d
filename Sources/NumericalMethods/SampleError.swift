/// What keeps a sample from being summarized, tested or fitted.
public enum SampleError: Error, Hashable, CustomStringConvertible {
  /// The sample holds fewer values than the question needs.
  case tooFew(what: String, found: Int, needed: Int)
  /// A value is NaN or infinite.
  case notFinite(index: Int, value: String)
  /// A value is zero or negative where only positive ones make sense.
  case notPositive(index: Int, value: Double)
  /// All values agree, so that a spread cannot be estimated.
  case noSpread(value: Double)
  /// The values are so large that their squares overflow.
  case overflow(what: String)
  /// A probability or a confidence outside the open interval (0, 1).
  case notAProbability(String)
  /// Two lists that belong together differ in length.
  case unequalCounts(what: String, first: Int, second: Int)
  /// An iteration stopped before it reached its tolerance.
  case noConvergence(what: String, steps: Int)

  public var description: String {
    switch self {
    case .tooFew(let what, let found, let needed):
      "\(found) \(what) where at least \(needed) are needed: enlarge the sample"
    case .notFinite(let index, let value):
      "value \(index) of the sample is \(value): remove it, or mark it as censored at the last finite value"
    case .notPositive(let index, let value):
      "value \(index) of the sample is \(value), but only positive values have a logarithm: pass magnitudes"
    case .noSpread(let value):
      "all values that count are \(value), so that no spread can be estimated: vary the devices or the cycles"
    case .overflow(let what):
      "the squares of \(what) overflow: pass them in a larger unit, or their logarithms"
    case .notAProbability(let value):
      "\(value) is not a probability between 0 and 1"
    case .unequalCounts(let what, let first, let second):
      "\(what) differ in length, \(first) against \(second): give one for each"
    case .noConvergence(let what, let steps):
      "\(what) did not converge in \(steps) steps: look for outliers in the sample"
    }
  }

  /// Throws unless every value is finite.
  static func requireFinite(_ values: [Double]) throws(SampleError) {
    for (index, value) in values.enumerated() where !value.isFinite {
      throw .notFinite(index: index, value: "\(value)")
    }
  }

  /// Throws unless every value is finite and above zero.
  static func requirePositive(_ values: [Double]) throws(SampleError) {
    try requireFinite(values)
    for (index, value) in values.enumerated() where value <= 0 {
      throw .notPositive(index: index, value: value)
    }
  }

  /// Throws unless `p` lies strictly between 0 and 1.
  static func requireProbability(_ p: Double) throws(SampleError) {
    guard p > 0, p < 1 else { throw .notAProbability("\(p)") }
  }
}
