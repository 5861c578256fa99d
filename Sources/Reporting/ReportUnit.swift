import Foundation

/// How a number in SI is shown: the unit's symbol and size, and whether SI prefixes may stand before it.
public struct ReportUnit: Hashable, Sendable {
  public var symbol: String
  /// SI units in one of this unit: 1.602e-19 for eV.
  public var scale: Double
  /// The SI value that is shown as 0: 273.15 for °C. Spreads ignore it.
  public var zero: Double
  /// Whether `nm` or `kΩ` may be made of it.
  public var takesPrefix: Bool
  /// Whether it counts things, so that between whole numbers there is nothing.
  public var isCount: Bool

  public init(
    symbol: String, scale: Double = 1, zero: Double = 0, takesPrefix: Bool = false, isCount: Bool = false
  ) {
    self.symbol = symbol
    self.scale = scale
    self.zero = zero
    self.takesPrefix = takesPrefix
    self.isCount = isCount
  }

  /// The unit in which numbers of an SI unit are usually shown; `unit` is written as in `Statistic.unit`: `1/m^3`.
  public init(si unit: String) {
    switch unit {
    case "", "1": self = .one
    case "ohm", "Ohm", "Ω": self = .ohm
    case "m", "V", "A", "J", "W", "F", "S", "Hz", "Pa", "C", "H", "V/s", "m/s":
      self.init(symbol: unit, takesPrefix: true)
    case "s": self = .second
    case "1/m^3": self = .perCubicCentimeter
    case "1/m^2": self = .perSquareCentimeter
    default: self.init(symbol: Self.typeset(unit))
    }
  }

  public static let one = ReportUnit(symbol: "")
  /// Crystals, layers.
  public static let count = ReportUnit(symbol: "", isCount: true)
  public static let percent = ReportUnit(symbol: "%", scale: 0.01)
  public static let meter = ReportUnit(symbol: "m", takesPrefix: true)
  public static let micrometer = ReportUnit(symbol: "µm", scale: 1e-6)
  public static let volt = ReportUnit(symbol: "V", takesPrefix: true)
  public static let ampere = ReportUnit(symbol: "A", takesPrefix: true)
  public static let ohm = ReportUnit(symbol: "Ω", takesPrefix: true)
  public static let joule = ReportUnit(symbol: "J", takesPrefix: true)
  public static let pascal = ReportUnit(symbol: "Pa", takesPrefix: true)
  public static let second = ReportUnit(symbol: "s", takesPrefix: true)
  /// Below an hour, seconds.
  public static let hour = ReportUnit(symbol: "h", scale: 3600)
  public static let kelvin = ReportUnit(symbol: "K")
  public static let celsius = ReportUnit(symbol: "°C", zero: 273.15)
  public static let electronvolt = ReportUnit(symbol: "eV", scale: 1.602176634e-19)
  public static let perCubicCentimeter = ReportUnit(symbol: "cm⁻³", scale: 1e6)
  public static let perSquareCentimeter = ReportUnit(symbol: "cm⁻²", scale: 1e4)

  /// A unit as chosen for one number or one axis: shown = (si − zero) / factor.
  public struct Chosen: Hashable, Sendable {
    public var factor: Double
    public var zero: Double
    public var symbol: String

    /// The number that stands before the symbol.
    public func shown(_ si: Double) -> Double { (si - zero) / factor }
    /// A difference of two values, such as a spread.
    public func shownDifference(_ si: Double) -> Double { si / factor }
  }

  private static let prefixes: [(exponent: Int, symbol: String)] = [
    (-18, "a"), (-15, "f"), (-12, "p"), (-9, "n"), (-6, "µ"), (-3, "m"), (0, ""), (3, "k"), (6, "M"), (9, "G"),
    (12, "T"), (15, "P"),
  ]

  /// The prefix or power of ten that brings numbers of about this size (in SI, any sign) to between 1 and 1000.
  public func chosen(for magnitude: Double) -> Chosen {
    let shown = abs(magnitude) / scale
    let plain = Chosen(factor: scale, zero: zero, symbol: symbol)
    guard shown > 0, shown.isFinite, zero == 0 else { return plain }
    // Crystals take hours, films seconds.
    if self == .hour, shown < 1 { return Self.second.chosen(for: magnitude) }
    if takesPrefix {
      // The tiny surplus keeps 1e-6, which is stored a little below, in micro.
      let prefix = Self.prefixes.last { shown * (1 + 1e-12) >= Self.power($0.exponent) } ?? Self.prefixes[0]
      let limited = symbol == "s" && prefix.exponent > 0 ? (exponent: 0, symbol: "") : prefix
      return Chosen(factor: scale * Self.power(limited.exponent), zero: 0, symbol: limited.symbol + symbol)
    }
    if shown >= 1e5 || shown < 1e-3 {
      let exponent = Int(floor(log10(shown) + 1e-12))
      let power = "10" + Self.superscript(exponent)
      return Chosen(
        factor: scale * Self.power(exponent), zero: 0, symbol: symbol.isEmpty ? power : "\(power) \(symbol)")
    }
    return plain
  }

  static func power(_ exponent: Int) -> Double { pow(10, Double(exponent)) }

  static func superscript(_ number: Int) -> String {
    String(
      String(number).map { digit in
        digit == "-" ? "⁻" : Array("⁰¹²³⁴⁵⁶⁷⁸⁹")[digit.wholeNumberValue ?? 0]
      })
  }

  /// `kg/m^3` as `kg/m³`.
  private static func typeset(_ unit: String) -> String {
    var result = ""
    var isRaised = false
    for character in unit {
      if character == "^" {
        isRaised = true
      } else if isRaised, character == "-" || character.isNumber {
        result += character == "-" ? "⁻" : superscript(character.wholeNumberValue ?? 0)
      } else {
        isRaised = false
        result.append(character)
      }
    }
    return result
  }
}
