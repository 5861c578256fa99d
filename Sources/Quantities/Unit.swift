/// A unit as the grammar reads it: what its number is multiplied by, and its dimension.
///
/// The factor is kept as mantissa and power of ten, so that `20 µm`, `0.02 mm` and `2e-5 m` are the same bits.
public struct Unit: Hashable, Sendable {
  /// The factor to SI without its power of ten.
  public var mantissa: Double
  public var decimalExponent: Int
  public var exponents: DimensionExponents
  /// Whether this is °C, whose zero is 273.15 K.
  public var isCelsius: Bool
  /// Whether this is a share of something: %, wt%, ppm.
  public var isShare: Bool

  @usableFromInline
  init(
    mantissa: Double = 1, decimalExponent: Int = 0, exponents: DimensionExponents = .none, isCelsius: Bool = false,
    isShare: Bool = false
  ) {
    self.mantissa = mantissa
    self.decimalExponent = decimalExponent
    self.exponents = exponents
    self.isCelsius = isCelsius
    self.isShare = isShare
  }

  /// The pure number 1.
  public static let one = Unit()

  /// The unit that a text names: `cm^2/(V s)`, `µm`, `K·h⁻¹`.
  /// - Throws: `QuantityError` with the place that could not be read.
  public init(_ text: String) throws(QuantityError) {
    var reader = QuantityReader(text)
    self = try reader.readWholeUnit()
  }

  /// The value in SI of one of this unit.
  public var factor: Double { mantissa * Decimal.power(decimalExponent) }

  /// The temperature scale apart, the unit whose value is this one's times `other`'s.
  func times(_ other: Unit, power: Int) -> Unit {
    var result = self
    var scale = 1.0
    for _ in 0..<abs(power) { scale *= other.mantissa }
    result.mantissa = power < 0 ? mantissa / scale : mantissa * scale
    result.decimalExponent += power * other.decimalExponent
    result.exponents = exponents.adding(other.exponents, times: power)
    result.isCelsius = false
    result.isShare = false
    return result
  }
}

extension DimensionExponents {
  func adding(_ other: Self, times power: Int) -> Self {
    var sum = self
    sum.length += power * other.length
    sum.mass += power * other.mass
    sum.time += power * other.time
    sum.current += power * other.current
    sum.temperature += power * other.temperature
    sum.amount += power * other.amount
    sum.luminousIntensity += power * other.luminousIntensity
    sum.angle += power * other.angle
    return sum
  }

  /// The product of base units with these exponents, as the grammar reads it: `kg m^-1 s^-2`; `1` for a pure number.
  public var siText: String {
    let bases = [
      ("kg", mass), ("m", length), ("s", time), ("A", current), ("K", temperature), ("mol", amount),
      ("cd", luminousIntensity), ("rad", angle),
    ]
    let factors = bases.filter { $0.1 != 0 }.map { $0.1 == 1 ? $0.0 : "\($0.0)^\($0.1)" }
    return factors.isEmpty ? "1" : factors.joined(separator: " ")
  }
}

/// Decimal text arithmetic, so that powers of ten never round.
enum Decimal {
  /// 10ⁿ, correctly rounded.
  static func power(_ exponent: Int) -> Double { Double("1e\(exponent)") ?? .infinity }

  /// The number that `digits` (already checked) times 10ⁿ means, correctly rounded.
  static func value(_ digits: String, times exponent: Int) -> Double {
    var text = digits
    var shift = exponent
    if let mark = digits.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      text = String(digits[..<mark])
      let (sum, overflow) = shift.addingReportingOverflow(Int(digits[digits.index(after: mark)...]) ?? 0)
      shift = overflow ? 0 : sum
    }
    return Double("\(text)e\(shift)") ?? .nan
  }
}
