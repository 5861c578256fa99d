import Foundation
import Materials
import Recipes

/// What the tests of growth share: the library that the package ships.
enum Fixture {
  static let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func library() throws -> MaterialLibrary {
    try MaterialLibrary(contentsOf: package.appending(path: "data").path(percentEncoded: false))
  }
}
