/// The symbols of the unit grammar: SI with prefixes, and the units of crystal growth and devices.
public enum UnitTable {
  /// One symbol and what it stands for.
  public struct Entry: Hashable, Sendable {
    public var symbol: String
    public var unit: Unit
    /// Whether k, m, µ ... may stand before it.
    public var takesPrefix: Bool
  }

  /// Prefixes and their powers of ten; the micro sign, the Greek letter and `u` are the same.
  public static let prefixes: [(symbol: String, exponent: Int)] = [
    ("a", -18), ("f", -15), ("p", -12), ("n", -9), ("\u{B5}", -6), ("\u{3BC}", -6), ("u", -6), ("m", -3), ("c", -2),
    ("d", -1), ("h", 2), ("k", 3), ("M", 6), ("G", 9), ("T", 12),
  ]

  public static let entries: [Entry] = prefixed + plain

  private static let energy = DimensionExponents(length: 2, mass: 1, time: -2)
  private static let pressure = DimensionExponents(length: -1, mass: 1, time: -2)
  private static let voltage = DimensionExponents(length: 2, mass: 1, time: -3, current: -1)
  private static let resistance = DimensionExponents(length: 2, mass: 1, time: -3, current: -2)

  private static let prefixed: [Entry] = [
    entry("m", DimensionExponents(length: 1)),
    entry("g", DimensionExponents(mass: 1), power: -3),
    entry("s", DimensionExponents(time: 1)),
    entry("A", DimensionExponents(current: 1)),
    entry("K", DimensionExponents(temperature: 1)),
    entry("mol", DimensionExponents(amount: 1)),
    entry("cd", DimensionExponents(luminousIntensity: 1)),
    entry("rad", DimensionExponents(angle: 1)),
    entry("Hz", DimensionExponents(time: -1)),
    entry("N", DimensionExponents(length: 1, mass: 1, time: -2)),
    entry("Pa", pressure),
    entry("J", energy),
    entry("W", DimensionExponents(length: 2, mass: 1, time: -3)),
    entry("C", DimensionExponents(time: 1, current: 1)),
    entry("V", voltage),
    entry("F", DimensionExponents(length: -2, mass: -1, time: 4, current: 2)),
    entry("\u{3A9}", resistance),
    entry("ohm", resistance),
    entry("Ohm", resistance),
    entry("S", DimensionExponents(length: -2, mass: -1, time: 3, current: 2)),
    entry("Wb", DimensionExponents(length: 2, mass: 1, time: -2, current: -1)),
    entry("T", DimensionExponents(mass: 1, time: -2, current: -1)),
    entry("H", DimensionExponents(length: 2, mass: 1, time: -2, current: -2)),
    entry("eV", energy, 1.602176634, power: -19),
    entry("L", DimensionExponents(length: 3), power: -3),
    entry("l", DimensionExponents(length: 3), power: -3),
    entry("M", DimensionExponents(length: -3, amount: 1), power: 3),
    entry("bar", pressure, power: 5),
    entry("Torr", pressure, 101325.0 / 760),
  ]

  private static let plain: [Entry] = [
    entry("\u{C5}", DimensionExponents(length: 1), power: -10, takesPrefix: false),
    entry("Ang", DimensionExponents(length: 1), power: -10, takesPrefix: false),
    entry("Angstrom", DimensionExponents(length: 1), power: -10, takesPrefix: false),
    entry("min", DimensionExponents(time: 1), 60, takesPrefix: false),
    entry("h", DimensionExponents(time: 1), 3600, takesPrefix: false),
    entry("d", DimensionExponents(time: 1), 86400, takesPrefix: false),
    entry("day", DimensionExponents(time: 1), 86400, takesPrefix: false),
    entry("deg", DimensionExponents(angle: 1), Double.pi / 180, takesPrefix: false),
    entry("\u{B0}", DimensionExponents(angle: 1), Double.pi / 180, takesPrefix: false),
    entry("arcmin", DimensionExponents(angle: 1), Double.pi / 10800, takesPrefix: false),
    entry("arcsec", DimensionExponents(angle: 1), Double.pi / 648000, takesPrefix: false),
    entry("psi", pressure, 6894.757293168361, takesPrefix: false),
    entry("atm", pressure, 101325, takesPrefix: false),
    // A standard cubic centimeter a minute, at 0 °C and 101325 Pa, is an amount per time.
    entry(
      "sccm", DimensionExponents(time: -1, amount: 1), 0.101325 / (Constants.gas * 273.15 * 60), takesPrefix: false),
    // Turns a minute.
    entry("rpm", DimensionExponents(time: -1), 1.0 / 60, takesPrefix: false),
    celsius("\u{B0}C"), celsius("degC"), celsius("\u{2103}"),
    share("%", -2), share("wt%", -2), share("mol%", -2), share("at%", -2), share("ppm", -6),
  ]

  private static func entry(
    _ symbol: String, _ exponents: DimensionExponents, _ mantissa: Double = 1, power: Int = 0, takesPrefix: Bool = true
  ) -> Entry {
    let unit = Unit(mantissa: mantissa, decimalExponent: power, exponents: exponents)
    return Entry(symbol: symbol, unit: unit, takesPrefix: takesPrefix)
  }

  private static func celsius(_ symbol: String) -> Entry {
    Entry(
      symbol: symbol, unit: Unit(exponents: DimensionExponents(temperature: 1), isCelsius: true), takesPrefix: false)
  }

  private static func share(_ symbol: String, _ power: Int) -> Entry {
    Entry(symbol: symbol, unit: Unit(decimalExponent: power, isShare: true), takesPrefix: false)
  }

  private static let bySymbol = Dictionary(uniqueKeysWithValues: entries.map { ($0.symbol, $0) })

  /// The unit that a symbol names, with or without a prefix; a whole symbol wins over prefix and symbol (`min`, `cd`).
  static func unit(named symbol: String) -> Unit? {
    if let entry = bySymbol[symbol] { return entry.unit }
    for prefix in prefixes where symbol.hasPrefix(prefix.symbol) {
      let rest = String(symbol.dropFirst(prefix.symbol.count))
      guard let entry = bySymbol[rest], entry.takesPrefix else { continue }
      var unit = entry.unit
      unit.decimalExponent += prefix.exponent
      return unit
    }
    return nil
  }

  /// What may have been meant by a symbol that is not known.
  static func hint(for symbol: String) -> String? {
    if let meant = misspellings[symbol] { return "write \(meant)" }
    if let digit = symbol.firstIndex(where: { $0.isNumber }), digit > symbol.startIndex,
      unit(named: String(symbol[..<digit])) != nil
    {
      return "write a power as \(symbol[..<digit])^\(symbol[digit...])"
    }
    let lower = symbol.lowercased()
    let same = entries.filter { $0.symbol.lowercased() == lower }.map(\.symbol)
    if let first = same.first { return "write \(first)" }
    return nil
  }

  private static let misspellings = [
    "hr": "h", "hrs": "h", "hour": "h", "hours": "h", "sec": "s", "second": "s", "seconds": "s", "mins": "min",
    "days": "d", "micron": "µm", "microns": "µm", "mmHg": "Torr", "cc": "mL", "degree": "deg", "degrees": "deg",
    "Celsius": "°C", "celsius": "°C", "kelvin": "K", "volt": "V", "volts": "V", "angstrom": "Å", "wt": "wt%",
    "Kelvin": "K", "molar": "mol/L", "electronvolt": "eV",
  ]
}
