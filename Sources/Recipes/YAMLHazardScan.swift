/// Looks for what must not reach the YAML parser: anchors, aliases, tags, and nesting without bound.
///
/// It walks the text once and knows just enough of YAML to tell where a node begins, what is quoted, and how deep it is.
struct YAMLHazardScan {
  private let scalars: [Unicode.Scalar]
  private let file: String
  private var index = 0
  private var line = 1
  private var column = 1
  private var flowDepth = 0
  private var dashes = 0
  private var indents: [Int] = []
  /// Whether a node may begin here.
  private var isAtNode = true
  private(set) var problems: [RecipeProblem] = []

  init(_ text: String, file: String) {
    scalars = Array(text.unicodeScalars)
    self.file = file
  }

  mutating func run() {
    startLine()
    while index < scalars.count {
      let scalar = scalars[index]
      if isBreak(scalar) {
        advance()
        startLine()
        continue
      }
      switch scalar {
      case " ", "\t":
        advance()
      case "#" where index == 0 || isBlank(scalars[index - 1]):
        while index < scalars.count && !isBreak(scalars[index]) { advance() }
      case "'" where isAtNode, "\"" where isAtNode:
        skipQuoted(scalar)
      case "&" where isAtNode && !isBlank(next), "*" where isAtNode && !isBlank(next):
        refuse(scalar == "&" ? "an anchor" : "an alias")
      case "!" where isAtNode:
        refuse("a tag")
      case "[" where isAtNode || flowDepth > 0, "{" where isAtNode || flowDepth > 0:
        flowDepth += 1
        isAtNode = true
        advance()
      case "]" where flowDepth > 0, "}" where flowDepth > 0:
        flowDepth -= 1
        isAtNode = false
        advance()
      case "," where flowDepth > 0:
        isAtNode = true
        advance()
      case ":" where isBlank(next) || (flowDepth > 0 && ",[]{}\"'".unicodeScalars.contains(next)):
        isAtNode = true
        advance()
      case "-" where isAtNode && isBlank(next), "?" where isAtNode && isBlank(next):
        dashes += 1
        advance()
      default:
        isAtNode = false
        advance()
      }
      if flowDepth + dashes + indents.count > YAMLText.deepest {
        problems.append(.init(.tooDeep, at: mark, path: "", "nested deeper than \(YAMLText.deepest) levels"))
        return
      }
    }
  }

  private var next: Unicode.Scalar { index + 1 < scalars.count ? scalars[index + 1] : "\n" }
  private var mark: Mark { Mark(file: file, line: line, column: column) }

  private mutating func startLine() {
    dashes = 0
    guard flowDepth == 0 else { return }
    isAtNode = true
    var indent = 0
    while index + indent < scalars.count && scalars[index + indent] == " " { indent += 1 }
    guard index + indent < scalars.count, !isBlank(scalars[index + indent]), scalars[index + indent] != "#" else {
      return
    }
    while let last = indents.last, last > indent { indents.removeLast() }
    if indents.last != indent { indents.append(indent) }
  }

  private mutating func refuse(_ what: String) {
    problems.append(
      .init(.anchor, at: mark, path: "", "\(what) is refused; write the value out (or in quotes, if it is text)"))
    // The name of an anchor or a tag stands before its node; that of an alias is the node.
    let isNode = scalars[index] == "*"
    while index < scalars.count && !isBlank(scalars[index]) && !",[]{}".unicodeScalars.contains(scalars[index]) {
      advance()
    }
    isAtNode = !isNode
  }

  private mutating func skipQuoted(_ quote: Unicode.Scalar) {
    advance()
    while index < scalars.count {
      if quote == "\"" && scalars[index] == "\\" {
        advance()
      } else if scalars[index] == quote {
        guard quote == "'" && next == "'" else { break }
        advance()
      }
      if index < scalars.count { advance() }
    }
    if index < scalars.count { advance() }
    isAtNode = false
  }

  private mutating func advance() {
    let scalar = scalars[index]
    index += 1
    if isBreak(scalar) && !(scalar == "\r" && index < scalars.count && scalars[index] == "\n") {
      line += 1
      column = 1
    } else {
      column += 1
    }
  }

  private func isBreak(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "\n" || scalar == "\r" || scalar == "\u{85}" || scalar == "\u{2028}" || scalar == "\u{2029}"
  }

  private func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || isBreak(scalar) }
}
