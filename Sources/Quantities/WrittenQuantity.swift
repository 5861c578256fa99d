/// A value as a file states it: its number in SI, its dimension, and the tolerance that may stand behind it.
public struct WrittenQuantity: Hashable, Sendable {
  public var text: String
  /// In SI; °C already on the absolute scale.
  public var si: Double
  public var exponents: DimensionExponents
  public var isCelsius: Bool
  /// Whether any unit was written; `0.5` has none.
  public var hasUnit: Bool
  /// One standard deviation in SI, from `± 1 µm` or `± 5 %`.
  public var tolerance: Double?

  /// Reads a value of any dimension.
  /// - Throws: `QuantityError`.
  public init(_ text: String) throws(QuantityError) {
    var reader = QuantityReader(text)
    let (factors, written) = try reader.readValue()
    self.text = text
    exponents = .none
    si = 1
    hasUnit = factors.contains(where: \.hasUnit)
    isCelsius = factors[0].unit.isCelsius
    for factor in factors {
      if factor.unit.isCelsius && factors.count > 1 {
        throw .celsiusInDifference(text: text, dimension: "product", example: "298.15 K")
      }
      si = factors.count == 1 ? factor.si : si * factor.si
      exponents = exponents.adding(factor.unit.exponents, times: 1)
    }
    guard si.isFinite else { throw .notFinite(text: text) }
    if let written { tolerance = try Self.deviation(written, of: self, inShare: factors[0].unit.isShare) }
  }

  /// Reads a value of one dimension.
  /// - Throws: `QuantityError` that names the dimension and an example.
  public init(_ text: String, as dimension: any Dimension.Type) throws(QuantityError) {
    try self.init(text)
    try check(against: dimension)
  }

  /// Refuses a value that is not of the dimension.
  public func check(against dimension: any Dimension.Type) throws(QuantityError) {
    if isCelsius && !dimension.admitsCelsius && exponents == dimension.exponents {
      throw .celsiusInDifference(text: text, dimension: dimension.name, example: dimension.example)
    }
    guard exponents != dimension.exponents else { return }
    guard hasUnit else { throw .missingUnit(text: text, dimension: dimension.name, example: dimension.example) }
    let unit = isCelsius ? "°C" : exponents == .none ? "a ratio" : QuantityText.unit(exponents.siText)
    throw .wrongDimension(text: text, has: unit, dimension: dimension.name, example: dimension.example)
  }

  /// One standard deviation in SI of `text`, read as a spread of `value`: a difference or a share of it.
  ///
  /// - Parameter sharesAreRelative: whether `5 %` of a ratio means a share of the value, as in data/.
  /// - Throws: `QuantityError`.
  public static func deviation(
    _ text: String, of value: WrittenQuantity, sharesAreRelative: Bool = false
  ) throws(QuantityError) -> Double {
    var reader = QuantityReader(text)
    let (factors, tolerance) = try reader.readValue()
    guard factors.count == 1, tolerance == nil else {
      throw .badTolerance(text: text, reason: "a standard deviation is one number with one unit")
    }
    var value = value
    value.text = text
    return try deviation(factors[0], of: value, inShare: false, sharesAreRelative: sharesAreRelative)
  }

  private static func deviation(
    _ written: QuantityReader.Term, of value: WrittenQuantity, inShare: Bool, sharesAreRelative: Bool = false
  ) throws(QuantityError) -> Double {
    let result: Double
    if written.unit.isCelsius {
      throw .celsiusInDifference(text: value.text, dimension: "standard deviation", example: "± 1 K")
    } else if written.unit.isShare && value.exponents == .none && !inShare && !sharesAreRelative {
      throw .badTolerance(
        text: value.text, reason: "the standard deviation of a ratio is written as the ratio is, such as 0.50 ± 0.05")
    } else if written.unit.isShare && !(value.exponents == .none && inShare) {
      if value.exponents == DimensionExponents(temperature: 1) {
        throw .badTolerance(
          text: value.text, reason: "a share of an absolute temperature says nothing; write the standard deviation in K"
        )
      }
      result = abs(value.si) * written.si
    } else if written.unit.exponents == value.exponents {
      result = written.si
    } else if !written.hasUnit {
      throw .badTolerance(text: value.text, reason: "the standard deviation needs a unit, such as ± 1 µm or ± 5 %")
    } else {
      throw .badTolerance(
        text: value.text,
        reason: "the standard deviation is in \(QuantityText.unit(written.unit.exponents.siText)), the value is not")
    }
    guard result >= 0 else { throw .badTolerance(text: value.text, reason: "a standard deviation is not negative") }
    guard result.isFinite else { throw .notFinite(text: value.text) }
    return result
  }
}
