/// Reads the text of values, units and tolerances, character by character.
///
///     value     = term { "*" term } [ ("±" | "+-") term ]
///     term      = number [ unit ]
///     unit      = [ "/" ] factor { ("*" | "·" | " ") factor | "/" factor }
///     factor    = ( symbol | "1" | "(" unit ")" ) [ "^" integer | superscript ]
struct QuantityReader {
  let text: String
  private let characters: [Character]
  private var position = 0

  init(_ text: String) {
    self.text = text
    characters = Array(text)
  }

  /// A number and its unit, as written.
  struct Term {
    var digits: String
    var unit: Unit
    var hasUnit: Bool

    /// The value in SI; for °C on the absolute scale.
    var si: Double {
      let value = Decimal.value(digits, times: unit.decimalExponent) * unit.mantissa
      return unit.isCelsius ? value + 273.15 : value
    }
  }

  mutating func readWholeUnit() throws(QuantityError) -> Unit {
    skipSpaces()
    let unit = try readUnit(nested: false)
    skipSpaces()
    guard isAtEnd else { throw malformed("`\(rest)` is left over after the unit") }
    return unit
  }

  /// All terms of a product, and the tolerance if there is one.
  mutating func readValue() throws(QuantityError) -> (factors: [Term], tolerance: Term?) {
    var factors = [try readTerm()]
    skipSpaces()
    while let next = peek, next == "*" || next == "×" {
      position += 1
      factors.append(try readTerm())
      skipSpaces()
    }
    var tolerance: Term?
    if peek == "±" {
      position += 1
      tolerance = try readTerm()
    } else if peek == "+", peek(1) == "-" {
      position += 2
      tolerance = try readTerm()
    }
    skipSpaces()
    guard isAtEnd else { throw malformed("`\(rest)` is left over after the value") }
    return (factors, tolerance)
  }

  private mutating func readTerm() throws(QuantityError) -> Term {
    skipSpaces()
    let digits = try readNumber()
    skipSpaces()
    guard let next = peek, startsUnit(next) else { return Term(digits: digits, unit: .one, hasUnit: false) }
    let term = Term(digits: digits, unit: try readUnit(nested: false), hasUnit: true)
    guard term.si.isFinite else { throw .notFinite(text: text) }
    if term.si == 0 && digits.prefix(while: { $0 != "e" && $0 != "E" }).contains(where: { ("1"..."9").contains($0) }) {
      throw .notFinite(text: text)
    }
    return term
  }

  private mutating func readNumber() throws(QuantityError) -> String {
    var digits = ""
    if let sign = peek, sign == "-" || sign == "+" || sign == "\u{2212}" {
      digits = sign == "+" ? "" : "-"
      position += 1
    }
    let whole = takeDigits()
    var fraction = ""
    if peek == "." {
      position += 1
      fraction = takeDigits()
    }
    guard !(whole.isEmpty && fraction.isEmpty) else { throw malformed("a number is expected first, such as 20 µm") }
    if peek == ",", let next = peek(1), next.isWholeNumber {
      throw malformed("the decimal mark is a point, and digits are not grouped")
    }
    digits += (whole.isEmpty ? "0" : whole) + "." + (fraction.isEmpty ? "0" : fraction)
    if peek == "e" || peek == "E" {
      let signed = peek(1) == "-" || peek(1) == "+"
      if let digit = peek(signed ? 2 : 1), digit.isASCII, digit.isWholeNumber {
        let sign = peek(1) == "-" ? "-" : ""
        position += signed ? 2 : 1
        let power = takeDigits()
        guard power.count <= 6 else { throw .notFinite(text: text) }
        digits += "e" + sign + power
      }
    }
    guard Decimal.value(digits, times: 0).isFinite else { throw .notFinite(text: text) }
    return digits
  }

  private mutating func readUnit(nested: Bool, depth: Int = 0) throws(QuantityError) -> Unit {
    guard depth < 16 else { throw malformed("parentheses are nested too deeply") }
    var product: Unit
    if peek == "/" {
      product = .one
    } else {
      product = try readFactor(depth: depth)
    }
    var hasDivided = false
    while true {
      let before = position
      skipSpaces()
      guard let next = peek else { break }
      if next == "/" {
        position += 1
        skipSpaces()
        product = try divisible(product).times(try divisible(try readFactor(depth: depth)), power: -1)
        hasDivided = true
      } else if next == "*" || next == "·" || next == "\u{22C5}" || (startsFactor(next) && next != "1") {
        if next == "*" || next == "·" || next == "\u{22C5}" {
          position += 1
          skipSpaces()
          // `15 mm * 15 mm`: the product of two values, not of two units.
          if let after = peek, after.isWholeNumber || after == "." || after == "-" || after == "+" {
            guard !nested else { throw malformed("a unit is expected after `\(next)`") }
            position = before
            break
          }
        }
        guard !hasDivided else {
          throw malformed("what stands below the line is not clear; write 1/(m^2 s) with parentheses")
        }
        product = try divisible(product).times(try divisible(try readFactor(depth: depth)), power: 1)
      } else {
        position = before
        break
      }
    }
    return product
  }

  private mutating func readFactor(depth: Int) throws(QuantityError) -> Unit {
    guard let first = peek else { throw malformed("a unit is expected at the end") }
    var base: Unit
    if first == "(" {
      position += 1
      skipSpaces()
      base = try readUnit(nested: true, depth: depth + 1)
      skipSpaces()
      guard peek == ")" else { throw malformed("a closing parenthesis is missing") }
      position += 1
    } else if first == "1" {
      position += 1
      if let next = peek, next.isWholeNumber || next == "." { throw malformed("a unit has no number but 1 in it") }
      base = .one
    } else {
      let symbol = takeSymbol()
      guard !symbol.isEmpty else { throw malformed("`\(rest)` is not a unit") }
      guard let unit = UnitTable.unit(named: symbol) else {
        throw .unknownUnit(text: text, symbol: symbol, hint: UnitTable.hint(for: symbol))
      }
      base = unit
    }
    guard let power = try readPower() else { return base }
    return Unit.one.times(try divisible(base), power: power)
  }

  private mutating func readPower() throws(QuantityError) -> Int? {
    var digits = ""
    if peek == "^" {
      position += 1
      let isWrapped = peek == "("
      if isWrapped { position += 1 }
      if peek == "-" || peek == "\u{2212}" || peek == "+" {
        digits = peek == "+" ? "" : "-"
        position += 1
      }
      digits += takeDigits()
      if peek == "." || peek == "/" && isWrapped { throw malformed("powers of units are whole numbers") }
      if isWrapped {
        guard peek == ")" else { throw malformed("a closing parenthesis is missing") }
        position += 1
      }
    } else {
      while let next = peek, let digit = Self.superscripts[next] {
        digits.append(digit)
        position += 1
      }
      if digits.isEmpty { return nil }
    }
    guard let power = Int(digits), abs(power) <= 30 else {
      throw malformed("a power of a unit is a small whole number")
    }
    return power
  }

  private func divisible(_ unit: Unit) throws(QuantityError) -> Unit {
    if unit.isCelsius { throw .celsiusInDifference(text: text, dimension: "rate or difference", example: "5 K/h") }
    return unit
  }

  private static let superscripts: [Character: Character] = [
    "⁻": "-", "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9",
  ]

  private func startsUnit(_ character: Character) -> Bool { character == "/" || startsFactor(character) }

  private func startsFactor(_ character: Character) -> Bool {
    character == "(" || character == "1" || isSymbol(character)
  }

  private func isSymbol(_ character: Character) -> Bool {
    if Self.superscripts[character] != nil { return false }
    return character.isLetter || character == "%" || character == "\u{B0}" || character == "\u{2103}"
  }

  /// Letters, and digits written against them (so that `cm2` is answered as one wrong symbol).
  private mutating func takeSymbol() -> String {
    var symbol = ""
    while let next = peek {
      guard isSymbol(next) || (!symbol.isEmpty && next.isASCII && next.isWholeNumber) else { break }
      symbol.append(next)
      position += 1
    }
    return symbol
  }

  private mutating func takeDigits() -> String {
    var digits = ""
    while let next = peek, next.isASCII, next.isWholeNumber {
      digits.append(next)
      position += 1
    }
    return digits
  }

  private mutating func skipSpaces() {
    while let next = peek, next == " " || next == "\t" || next == "\u{A0}" || next == "\u{202F}" || next == "\u{2009}" {
      position += 1
    }
  }

  private var peek: Character? { position < characters.count ? characters[position] : nil }
  private func peek(_ offset: Int) -> Character? {
    position + offset < characters.count ? characters[position + offset] : nil
  }
  private var isAtEnd: Bool { position >= characters.count }
  private var rest: String { String(characters[position...]) }
  private func malformed(_ reason: String) -> QuantityError { .malformed(text: text, reason: reason) }
}
