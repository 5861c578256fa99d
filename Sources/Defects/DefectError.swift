/// Why no defect equilibrium was returned.
public enum DefectError: Error, Hashable, CustomStringConvertible {
  case emptySpecies(name: String)
  case badNumber(species: String, what: String, value: Double)
  case badTemperature(Double)
  /// All charges that can exist have one sign.
  case oneSignOnly(positive: Bool)
  case overfullSites(species: String)
  case notConverged(residual: Double)
  case notFinite(species: String)

  public var description: String {
    switch self {
    case .emptySpecies(let name): "the species \(name) has no charge state; give it at least one"
    case .badNumber(let name, let what, let value): "the \(what) of the species \(name) is \(value), which cannot be"
    case .badTemperature(let t): "\(t) K is no temperature of an equilibrium; it must be above 0"
    case .oneSignOnly(let positive):
      "every charge of the crystal is \(positive ? "positive" : "negative"); add carriers or a species of the other sign"
    case .overfullSites(let name): "more of \(name) is frozen in than its sublattice has sites"
    case .notConverged(let residual): "charge neutrality did not converge; \(residual) of the charge is left"
    case .notFinite(let name): "the density of \(name) is beyond all bounds; its formation energy is far below 0"
    }
  }
}
