import Foundation
import Materials
import NumericalMethods
import Quantities

/// The folder data/ as read: gives the nominal library, and libraries with every uncertain number drawn.
public struct LibrarySource: Sendable {
  private let compounds: [MaterialFile<Compound>]
  private let solvents: [MaterialFile<Solvent>]
  private let layers: [MaterialFile<LayerMaterial>]
  private let sources: [MaterialFile<VaporSource>]
  private let emulators: [(name: String, text: String, table: EmulatorTable)]
  private let provenance: [Provenance]

  /// Reads `compounds/`, `solvents/` and `layers/` of a folder, and `sources/` and `emulators/` where it has them.
  /// - Throws: `UnreadableInput`; `RecipeError` with the problems of all files.
  public init(contentsOf folder: String) throws {
    var problems: [RecipeProblem] = []
    compounds = try Self.files(folder, "compounds", &problems)
    solvents = try Self.files(folder, "solvents", &problems)
    layers = try Self.files(folder, "layers", &problems)
    let hasSources = FileManager.default.fileExists(atPath: folder + "/sources")
    sources = hasSources ? try Self.files(folder, "sources", &problems) : []
    emulators = try Self.tables(folder + "/emulators")
    guard problems.isEmpty else { throw RecipeError(problems) }
    let dry = compounds.flatMap(\.provenances) + layers.flatMap(\.provenances) + sources.flatMap(\.provenances)
    provenance = (dry + solvents.flatMap(\.provenances)).sorted { $0.path < $1.path }
  }

  /// The files as they were written, compounds first, each kind in the order of the names.
  public var texts: [String] {
    compounds.map(\.text) + solvents.map(\.text) + layers.map(\.text) + sources.map(\.text) + emulators.map(\.text)
  }

  /// The library with every number as data/ states it.
  public var nominal: MaterialLibrary {
    MaterialLibrary(
      compounds: Dictionary(uniqueKeysWithValues: compounds.map { ($0.name, $0.value) }),
      solvents: Dictionary(uniqueKeysWithValues: solvents.map { ($0.name, $0.value) }),
      layers: Dictionary(uniqueKeysWithValues: layers.map { ($0.name, $0.value) }),
      sources: Dictionary(uniqueKeysWithValues: sources.map { ($0.name, $0.value) }),
      emulators: Dictionary(uniqueKeysWithValues: emulators.map { ($0.name, $0.table) }), provenance: provenance)
  }

  /// The library with every uncertain number drawn: normal for an absolute uncertainty, log-normal for a factor.
  ///
  /// Each number has a source of its own, named by its path, so that a number added to data/ changes no other draw.
  /// A draw that changes the sign of its number, or leaves its `within`, is drawn again.
  /// - Parameters:
  ///   - member: 0 gives the nominal library.
  ///   - compound: the only compound to draw, the others staying nominal; all of them, if nil.
  public func library(drawing member: Int, seed: UInt64, compound: String? = nil) throws -> MaterialLibrary {
    guard member != 0 else { return nominal }
    var library = nominal
    let wanted = compounds.filter { compound == nil || $0.name == compound }
    library.compounds.merge(try drawn(wanted, member: member, seed: seed)) { $1 }
    library.solvents = try drawn(solvents, member: member, seed: seed)
    library.layers = try drawn(layers, member: member, seed: seed)
    library.sources = try drawn(sources, member: member, seed: seed)
    return library
  }

  private func drawn<Value>(_ files: [MaterialFile<Value>], member: Int, seed: UInt64) throws -> [String: Value] {
    var values: [String: Value] = [:]
    for file in files {
      let draws = try file.numbers.map { number in
        var random = RandomSource(seed: seed, name: number.provenance.path, member: member, stream: .parameters)
        return try number.draw(random: &random)
      }
      values[file.name] = try file.value(with: draws)
    }
    return values
  }

  /// The tables of a folder that may be absent.
  private static func tables(_ path: String) throws -> [(name: String, text: String, table: EmulatorTable)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return try names.sorted().filter { $0.hasSuffix(".csv") && !$0.hasPrefix(".") }.map { name in
      let file = path + "/" + name
      guard let bytes = FileManager.default.contents(atPath: file), let text = String(bytes: bytes, encoding: .utf8),
        let table = EmulatorTable(text)
      else { throw UnreadableInput(path: file, reason: "no table of an emulator; make it anew by `make emulator`") }
      return (String(name.dropLast(4)), text, table)
    }
  }

  private static func files<Value>(
    _ folder: String, _ kind: String, _ problems: inout [RecipeProblem]
  ) throws -> [MaterialFile<Value>] {
    let path = folder + "/" + kind
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw UnreadableInput(path: path, reason: "no such folder; data/ holds compounds, solvents and layers")
    }
    var files: [MaterialFile<Value>] = []
    for name in names.sorted() where name.hasSuffix(".yaml") && !name.hasPrefix(".") {
      do {
        let file = try MaterialFile<Value>(contentsOf: path + "/" + name, name: String(name.dropLast(5)))
        problems += file.latticeProblems
        files.append(file)
      } catch let error as RecipeError {
        problems += error.problems
      }
    }
    return files
  }
}

extension MaterialFile {
  /// A space group that is none or not the cell's, and faces that are none.
  fileprivate var latticeProblems: [RecipeProblem] {
    guard let compound = value as? Compound else { return [] }
    var found: [RecipeProblem] = []
    do {
      _ = try LatticeSymmetry(of: compound.lattice)
    } catch {
      let mark = tree["lattice"]?["spaceGroup"]?.mark ?? tree.mark
      found.append(RecipeProblem(.unknownChoice, at: mark, path: "lattice.spaceGroup", error.description))
    }
    for pair in tree["faces"]?.pairs ?? [] where MillerIndices.read(pair.key) == nil {
      found.append(
        RecipeProblem(
          .unknownChoice, at: pair.mark, path: KeyPathText.child("faces", pair.key),
          "`\(pair.key)` are not the indices of a face; write them as `100` or `1-10`"))
    }
    return found
  }

  fileprivate var provenances: [Provenance] { numbers.map(\.provenance) }
}

extension ProvenanceReader.Number {
  /// One draw in SI.
  /// - Throws: `ToleranceError` after 10,000 draws out of bounds.
  fileprivate func draw(random: inout RandomSource) throws(ToleranceError) -> Double {
    for _ in 0..<10_000 {
      let draw: Double
      switch provenance.uncertainty {
      case .absolute(let deviation): draw = provenance.value + deviation * random.normal()
      case .factor(let factor): draw = provenance.value * exp(log(factor) * random.normal())
      }
      if draw.isFinite && within.contains(draw) { return draw }
    }
    throw .neverInRange(path: provenance.path)
  }
}

extension MaterialLibrary {
  /// Reads the folder data/.
  /// - Throws: `UnreadableInput`; `RecipeError` with the problems of all files.
  public init(contentsOf folder: String) throws { self = try LibrarySource(contentsOf: folder).nominal }
}
