/// Everything that the literature told: compounds, solvents, layers, sources of vapor, and where each number comes
/// from.
public struct MaterialLibrary: Sendable {
  public var compounds: [String: Compound]
  public var solvents: [String: Solvent]
  public var layers: [String: LayerMaterial]
  public var sources: [String: VaporSource]
  /// What the resolved level gave, by compound: the compact level's corrections; empty leaves it as it is.
  public var emulators: [String: EmulatorTable]
  /// One entry per number of data/, sorted by path.
  public var provenance: [Provenance]

  public init(
    compounds: [String: Compound], solvents: [String: Solvent], layers: [String: LayerMaterial],
    sources: [String: VaporSource] = [:], emulators: [String: EmulatorTable] = [:], provenance: [Provenance]
  ) {
    self.emulators = emulators
    self.compounds = compounds
    self.solvents = solvents
    self.layers = layers
    self.sources = sources
    self.provenance = provenance
  }

  /// The compound of that name.
  /// - Throws: `MaterialError.unknown`.
  public func material(_ name: String) throws -> Compound { try find(name, among: compounds, what: "compound") }

  public func solvent(_ name: String) throws -> Solvent { try find(name, among: solvents, what: "solvent") }

  public func layer(_ name: String) throws -> LayerMaterial { try find(name, among: layers, what: "layer") }

  /// The salt that a crucible holds.
  public func source(_ name: String) throws -> VaporSource { try find(name, among: sources, what: "source") }

  /// The solution of a compound in a solvent.
  public func solution(of compound: Compound, in solvent: String) throws -> Solution {
    guard let solution = compound.solutions[solvent] else {
      throw MaterialError.unknown(
        what: "solution of \(compound.name)", name: solvent, known: compound.solutions.keys.sorted())
    }
    return solution
  }

  private func find<T>(_ name: String, among table: [String: T], what: String) throws -> T {
    guard let found = table[name] else {
      throw MaterialError.unknown(what: what, name: name, known: table.keys.sorted())
    }
    return found
  }
}

public enum MaterialError: Error, Hashable, CustomStringConvertible {
  case unknown(what: String, name: String, known: [String])

  public var description: String {
    switch self {
    case .unknown(let what, let name, let known):
      "no \(what) named \(name) in the library; it holds \(known.isEmpty ? "none" : known.joined(separator: ", "))"
    }
  }
}
