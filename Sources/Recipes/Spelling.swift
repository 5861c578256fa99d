/// Finds the word that was probably meant.
public enum Spelling {
  /// The known word with the fewest changed letters, if they are few; case counts for less than a letter.
  public static func nearest(to word: String, among known: [String]) -> String? {
    let limit = max(2, word.count / 3)
    var best: (word: String, distance: Int)?
    for candidate in known {
      let distance = distance(word.lowercased(), candidate.lowercased())
      if distance < best?.distance ?? (limit + 1) { best = (candidate, distance) }
    }
    guard let best, best.distance < max(word.count, best.word.count) else { return nil }
    return best.word
  }

  /// Letters inserted, deleted, replaced or swapped with their neighbor.
  static func distance(_ a: String, _ b: String) -> Int {
    let a = Array(a.prefix(64))
    let b = Array(b.prefix(64))
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
        row.append(cost)
      }
      beforeLast = last
      last = row
    }
    return last[b.count]
  }
}
