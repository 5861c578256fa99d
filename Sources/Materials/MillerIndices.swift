/// Miller indices as data/ writes them, one digit each: `100`, `1-10`.
public enum MillerIndices {
  /// nil for what is no face.
  public static func read(_ text: String) -> SIMD3<Int>? {
    var found: [Int] = []
    var sign = 1
    for character in text {
      if character == "-", sign == 1 {
        sign = -1
      } else if let digit = character.wholeNumberValue, character.isASCII {
        found.append(sign * digit)
        sign = 1
      } else {
        return nil
      }
    }
    guard found.count == 3, sign == 1, found.contains(where: { $0 != 0 }) else { return nil }
    return SIMD3(found[0], found[1], found[2])
  }
}
