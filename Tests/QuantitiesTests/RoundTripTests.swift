import Foundation
import NumericalMethods
import Quantities
import Testing

/// Random texts of the unit grammar, each with the value that its parts should multiply to.
private struct Generator {
  var random: RandomSource

  mutating func pick<T>(_ items: [T]) -> T { items[Int(random.next() % UInt64(items.count))] }

  mutating func number() -> (text: String, value: Double) {
    let digits = Int(random.next() % 1_000_000)
    let power = Int(random.next() % 13) - 6
    let sign = pick(["", "", "-", "+"])
    let text = pick([
      "\(sign)\(digits)", "\(sign)\(digits).25", "\(sign)0.\(digits)", "\(sign)\(digits)e\(power)",
      "\(sign)\(digits).5E\(power >= 0 ? "+" : "")\(power)",
    ])
    return (text, Double(text) ?? .nan)
  }

  /// One symbol with a prefix and a power.
  mutating func factor() -> (text: String, value: Double, exponents: [Int]) {
    let entry = pick(UnitTable.entries.filter { !$0.unit.isCelsius })
    var symbol = entry.symbol
    var value = entry.unit.factor
    if entry.takesPrefix, random.next() % 2 == 0 {
      let prefix = pick(UnitTable.prefixes)
      symbol = prefix.symbol + symbol
      value *= pow(10, Double(prefix.exponent))
    }
    var power = Int(random.next() % 7) - 3
    if power == 0 { power = 1 }
    let raised = String("\(power)".map { Self.superscripts[$0] ?? $0 })
    let written = power == 1 ? pick(["", "^1"]) : pick(["^\(power)", "^(\(power))", raised])
    let e = entry.unit.exponents
    let exponents = [e.length, e.mass, e.time, e.current, e.temperature, e.amount, e.luminousIntensity, e.angle]
    return (symbol + written, pow(value, Double(power)), exponents.map { $0 * power })
  }

  static let superscripts: [Character: Character] = ["-": "⁻", "1": "¹", "2": "²", "3": "³"]

  mutating func unit() -> (text: String, value: Double, exponents: [Int]) {
    var result = factor()
    for _ in 0..<Int(random.next() % 3) {
      let next = factor()
      result.text += pick([" ", "*", "·", " · "]) + next.text
      result.value *= next.value
      result.exponents = zip(result.exponents, next.exponents).map(+)
    }
    if random.next() % 3 == 0 {
      let below = factor()
      let more = factor()
      let isPair = random.next() % 2 == 0
      result.text += "/" + (isPair ? "(\(below.text) \(more.text))" : below.text)
      result.value /= isPair ? below.value * more.value : below.value
      let sum = isPair ? zip(below.exponents, more.exponents).map(+) : below.exponents
      result.exponents = zip(result.exponents, sum).map(-)
    }
    return result
  }
}

private func list(_ e: DimensionExponents) -> [Int] {
  [e.length, e.mass, e.time, e.current, e.temperature, e.amount, e.luminousIntensity, e.angle]
}

@Test func randomUnitsMultiplyAsTheirPartsAndReadBackTheSame() throws {
  var generator = Generator(random: RandomSource(seed: 1, stream: RandomStream(rawValue: 98)))
  var read = 0
  while read < 3000 {
    let number = generator.number()
    let unit = generator.unit()
    let value = number.value * unit.value
    // Beyond these the product of the parts is no longer a normal number.
    guard value == 0 || (abs(value) > 1e-280 && abs(value) < 1e280) else { continue }
    guard unit.value > 1e-280 && unit.value < 1e280 else { continue }
    var text = number.text + generator.pick([" ", "  ", "\u{A0}"]) + unit.text
    let hasTolerance = generator.random.next() % 3 == 0
    if hasTolerance { text += generator.pick([" ± ", " +- ", "±"]) + "2.5 \(unit.text)" }
    let written = try WrittenQuantity(text)
    #expect(abs(written.si - value) <= 1e-12 * abs(value), "\(text)")
    #expect(list(written.exponents) == unit.exponents, "\(text)")
    let printed = QuantityText.exact(si: written.si, unit: written.exponents.siText)
    let again = try WrittenQuantity(printed)
    #expect(again.si.bitPattern == written.si.bitPattern, "\(text) printed \(printed)")
    #expect(again.exponents == written.exponents, "\(text) printed \(printed)")
    if hasTolerance {
      let tolerance = try #require(written.tolerance)
      #expect(abs(tolerance - 2.5 * unit.value) <= 1e-12 * tolerance, "\(text)")
      let both = try WrittenQuantity(
        printed + " ± " + QuantityText.exact(si: tolerance, unit: written.exponents.siText))
      #expect(both.tolerance?.bitPattern == tolerance.bitPattern, "\(text)")
    }
    read += 1
  }
}

/// Any double, any dimension: the coded text gives back the same bits.
@Test func codedQuantitiesKeepTheirBits() throws {
  func check<D: Quantities.Dimension>(_: D.Type, _ random: inout RandomSource) throws {
    for _ in 0..<200 {
      let value = Double(bitPattern: random.next())
      guard value.isFinite else { continue }
      let quantity = Quantity<D>(si: value)
      #expect(try Quantity<D>(quantity.description).si.bitPattern == value.bitPattern)
      let coded = try JSONEncoder().encode([quantity])
      #expect(try JSONDecoder().decode([Quantity<D>].self, from: coded)[0].si.bitPattern == value.bitPattern)
    }
  }
  var random = RandomSource(seed: 2, stream: RandomStream(rawValue: 98))
  try check(LengthDimension.self, &random)
  try check(TemperatureDimension.self, &random)
  try check(MobilityDimension.self, &random)
  try check(RatioDimension.self, &random)
  try check(MolarMassDimension.self, &random)
  try check(ArealRateDimension.self, &random)
  try check(ResistanceDimension.self, &random)
  try check(ResistivityDimension.self, &random)
  try check(CurrentDensityDimension.self, &random)
}

@Test func everyUnitAndPrefixReadsAsItself() throws {
  for entry in UnitTable.entries {
    #expect(try Unit(entry.symbol) == entry.unit)
    guard entry.takesPrefix else { continue }
    for prefix in UnitTable.prefixes {
      let symbol = prefix.symbol + entry.symbol
      // A whole symbol wins over prefix and symbol: `cd` is the candela, `min` the minute.
      if UnitTable.entries.contains(where: { $0.symbol == symbol }) { continue }
      #expect(try Unit(symbol).decimalExponent == entry.unit.decimalExponent + prefix.exponent, "\(symbol)")
    }
  }
}

@Test func aBareNumberDecodesOnlyAsARatio() throws {
  #expect(try JSONDecoder().decode([Ratio].self, from: Data("[0.25]".utf8))[0].si == 0.25)
  #expect(throws: DecodingError.self) { try JSONDecoder().decode([Length].self, from: Data("[0.25]".utf8)) }
  #expect(throws: DecodingError.self) { try JSONDecoder().decode([Length].self, from: Data("[\"5 s\"]".utf8)) }
  #expect(throws: EncodingError.self) { try JSONEncoder().encode([Length(si: .nan)]) }
}
