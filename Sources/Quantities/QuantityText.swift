/// Values as people read them, for tables and reports.
public enum QuantityText {
  /// A value in SI with a prefix or a usual unit that keeps the number short: `20 µm`, `0.25 eV`, `5e-10 m²/s`.
  ///
  /// - Parameters:
  ///   - unit: the SI unit of `si` in the unit grammar.
  ///   - digits: significant digits.
  public static func format(si value: Double, unit: String, digits: Int = 4) -> String {
    guard value.isFinite else { return "\(value)" }
    let (scaled, shown) = usual(value, unit, digits: digits)
    let number = number(scaled, digits: digits)
    return shown.isEmpty ? number : "\(number) \(self.unit(shown))"
  }

  /// A number with so many significant digits, without trailing zeros; scientific outside 1e-3 ..< 1e5.
  public static func number(_ value: Double, digits: Int = 4) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "\(value)" }
    var exponent = 0
    let magnitude = abs(value)
    while exponent < 310 && magnitude >= Decimal.power(exponent + 1) { exponent += 1 }
    while exponent > -323 && magnitude < Decimal.power(exponent) { exponent -= 1 }
    // Whole multiples of the last kept digit, so that rounding happens once.
    let shift = digits - 1 - exponent
    var whole = (shift >= 0 ? magnitude * Decimal.power(min(shift, 300)) : magnitude / Decimal.power(-shift)).rounded()
    if shift > 300 { whole = (whole * Decimal.power(shift - 300)).rounded() }
    if whole >= Decimal.power(digits) {
      whole /= 10
      exponent += 1
    }
    var figures = String(Int(whole))
    while figures.count > 1 && figures.hasSuffix("0") { figures.removeLast() }
    let sign = value < 0 ? "-" : ""
    if exponent >= 5 || exponent < -3 {
      let tail = figures.dropFirst()
      return sign + figures.prefix(1) + (tail.isEmpty ? "" : "." + tail) + "e\(exponent)"
    }
    if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + figures }
    if figures.count <= exponent + 1 {
      return sign + figures + String(repeating: "0", count: exponent + 1 - figures.count)
    }
    return sign + figures.prefix(exponent + 1) + "." + figures.dropFirst(exponent + 1)
  }

  /// A unit as print shows it: superscripts for powers, a dot between factors, nothing for a ratio.
  public static func unit(_ text: String) -> String {
    if text == "1" { return "" }
    var shown = ""
    var isPower = false
    for character in text {
      switch character {
      case "^": isPower = true
      case " ", "*":
        shown += "·"
        isPower = false
      default:
        if isPower, let raised = superscripts[character] {
          shown.append(raised)
        } else {
          isPower = false
          shown.append(character)
        }
      }
    }
    return shown.replacing("ohm", with: "Ω").replacing("deg", with: "°")
  }

  private static let superscripts: [Character: Character] = [
    "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
  ]

  private static let prefixes = [
    (-15, "f"), (-12, "p"), (-9, "n"), (-6, "µ"), (-3, "m"), (0, ""), (3, "k"), (6, "M"), (9, "G"), (12, "T"),
  ]

  private static func usual(_ value: Double, _ unit: String, digits: Int) -> (Double, String) {
    let magnitude = abs(value)
    switch unit {
    case "1": return (value, "")
    case "J" where magnitude > 0 && magnitude < 1e-15: return (value / Constants.elementaryCharge, "eV")
    case "s" where magnitude >= 7200: return (value / 3600, "h")
    case "K/s" where magnitude > 0 && magnitude < 0.1: return (value * 3600, "K/h")
    case "rad" where magnitude >= 0.01: return (value * 180 / Double.pi, "deg")
    case "1/m^3": return (value * 1e-6, "cm^-3")
    case "1/m^2": return (value * 1e-4, "cm^-2")
    case "m^2" where magnitude > 0 && magnitude < 1e-4:
      return magnitude < 1e-7 ? (value * 1e12, "µm^2") : (value * 1e6, "mm^2")
    case "m^2/(V s)": return (value * 1e4, "cm^2/(V s)")
    case "mol/m^3": return (value * 1e-3, "mol/L")
    case "kg/m^3": return (value * 1e-3, "g/cm^3")
    case "kg/mol": return (value * 1e3, "g/mol")
    case "m", "s", "V", "A", "J", "Pa", "ohm", "rad", "W", "Hz", "C", "F", "m/s", "V/s", "J/m^2", "J/mol", "Pa s":
      guard magnitude > 0 else { return (value, unit) }
      let upper = unit == "s" ? 0 : unit.hasPrefix("m") ? 3 : 12
      // 999.96 nm is shown with four digits, so it is 1 µm.
      let least = 1 - 0.5 * Decimal.power(-digits)
      var best = prefixes[0]
      for prefix in prefixes where prefix.0 <= upper && magnitude >= Decimal.power(prefix.0) * least {
        best = prefix
      }
      guard magnitude >= 1e-18 else { return (value, unit) }
      return (best.0 <= 0 ? value * Decimal.power(-best.0) : value / Decimal.power(best.0), best.1 + unit)
    default: return (value, unit)
    }
  }
}

extension Quantity {
  /// The value as people read it: `20 µm`.
  public func formatted(digits: Int = 4) -> String {
    QuantityText.format(si: si, unit: D.siUnit, digits: digits)
  }
}

extension QuantityText {
  /// A value in SI that reads back to the same bits: `2e-05 m`; a ratio is a bare number.
  public static func exact(si value: Double, unit: String) -> String { unit == "1" ? "\(value)" : "\(value) \(unit)" }

  /// A bound of a key's range as people read it; temperatures in °C too.
  public static func range(_ value: Double, _ dimension: any Dimension.Type) -> String {
    dimension.admitsCelsius
      ? "\(number(value - 273.15)) °C" : format(si: value, unit: dimension.siUnit)
  }
}
