/// The rule for names in the file: letters, digits and underscores, so that every reader takes them as attributes.
enum StoredName {
  /// - Throws: `ArchiveError.invalidContent` with the name.
  static func check(_ name: String, at place: String) throws(ArchiveError) {
    let isWord = name.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        true
      default: false
      }
    }
    guard isWord, !name.isEmpty else {
      throw .invalidContent(
        place: place, reason: "the name '\(name)' may hold only ASCII letters, digits and underscores")
    }
  }
}
