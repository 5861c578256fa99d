/// Text on its way into a page.
enum HTMLText {
  /// Text with everything that HTML could take for markup spelled out; fit for elements and quoted attributes.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || scalar.value == 0x7f: result += "\u{fffd}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Escaped text in which `V_SET` has its subscript (one letter, an underscore, letters or digits) and negative
  /// numbers have a true minus sign.
  static func symbols(_ text: String) -> String {
    var result = ""
    var rest = Substring(negatives(text))
    while let position = rest.firstIndex(of: "_") {
      let head = rest[..<position]
      let tail = rest[rest.index(after: position)...].prefix { $0.isLetter || $0.isNumber }
      let isSymbol = head.last?.isLetter == true && head.dropLast().last.map { !$0.isLetter } ?? true && !tail.isEmpty
      result += escaped(String(head))
      result += isSymbol ? "<sub>\(escaped(String(tail)))</sub>" : "_" + escaped(String(tail))
      rest = rest[tail.endIndex...]
    }
    return result + escaped(String(rest))
  }

  private static func negatives(_ text: String) -> String {
    var characters = Array(text)
    for position in characters.indices.dropLast() where characters[position] == "-" {
      let stands = position == 0 || " (=".contains(characters[position - 1])
      if stands, characters[position + 1].isNumber { characters[position] = "−" }
    }
    return String(characters)
  }

  /// A number's text with a true minus sign.
  static func number(_ text: String) -> String { escaped(text).replacing("-", with: "−") }

  /// Escaped text in which a DOI is a link to its resolver.
  static func source(_ text: String) -> String {
    guard let start = text.firstRange(of: "10.")?.lowerBound else { return escaped(text) }
    let identifier = text[start...].prefix { $0.isASCII && !$0.isWhitespace && !"<>\"'`;,".contains($0) }
    let trimmed = identifier.last == "." || identifier.last == ")" ? identifier.dropLast() : identifier
    let registrant = trimmed.dropFirst(3).prefix { $0.isNumber }
    guard registrant.count >= 4, trimmed.contains("/") else { return escaped(text) }
    let link =
      "<a href=\"https://doi.org/\(escaped(String(trimmed)))\" rel=\"noopener noreferrer\">"
      + escaped(String(trimmed)) + "</a>"
    return escaped(String(text[..<start])) + link + source(String(text[trimmed.endIndex...]))
  }

  /// A name for an address inside the page.
  static func anchor(_ text: String) -> String {
    let letters = text.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return String(letters)
  }
}
