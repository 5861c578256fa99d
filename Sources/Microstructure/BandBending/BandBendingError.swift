import Fields

/// Why bands could not be bent.
public enum BandBendingError: Error, Hashable, CustomStringConvertible {
  /// The permittivity, the charge or the electrodes do not make a potential.
  case potential(PotentialError)
  /// No electrode holds the potential.
  case noElectrode
  case badTemperature(Double)
  /// A density of ions is negative, above that of their sites, or not a number; they are counted from 0.
  case badDensity(Double, ions: Int)
  /// The potential of a reservoir is not a number.
  case badReservoir(Double, ions: Int)
  /// An energy of ions is not a number or has no lower bound; the cell is (x, y, z).
  case badEnergy(Double, ions: Int, cell: SIMD3<Int>)
  /// The places left to the ions hold fewer than there are.
  case noRoom(ions: Int, demanded: Double, sites: Double)
  /// A density of levels in the gap is negative or not a number; levels are counted from 0, the cell is (x, y, z).
  case badLevel(Double, levels: Int, cell: SIMD3<Int>)
  /// Levels in the gap need bands.
  case noBands
  /// The electrodes' voltages differ: carriers have no common Fermi level, and none was given.
  case noFermiLevel(voltages: [Double])
  /// The limit of steps was reached, or no step led down any more.
  case notConverged(steps: Int, chargeMismatch: Double, residual: Double)

  public var description: String {
    switch self {
    case .potential(let error): error.description
    case .noElectrode: "no electrode holds the potential; add one to the bottom or the top"
    case .badTemperature(let value): "the temperature is \(value) K; it must be a finite number above 0"
    case .badDensity(let value, let ions):
      "the density of ions \(ions) is \(value)/m³; it must be above 0 and below that of their sites"
    case .badReservoir(let value, let ions):
      "the potential of the reservoir of ions \(ions) is \(value) V; it must be a number"
    case .badEnergy(let value, let ions, let cell):
      "the energy of ions \(ions) is \(value) J in cell (\(cell.x), \(cell.y), \(cell.z)); it must be a number"
    case .noRoom(let ions, let demanded, let sites):
      "\(demanded) ions \(ions) do not fit into the \(sites) sites that are open to them"
    case .badLevel(let value, let levels, let cell):
      "the density of levels \(levels) is \(value)/m³ in cell (\(cell.x), \(cell.y), \(cell.z)); it must be 0 or more"
    case .noBands: "levels in the gap were given without bands; give the solver bands"
    case .noFermiLevel(let voltages):
      "the electrodes' voltages \(voltages) differ, so that carriers have no common Fermi level; give one"
    case .notConverged(let steps, let mismatch, let residual):
      "after \(steps) steps the charge still differs from the flux by a share of \(PotentialError.text(mismatch)) and "
        + "the residual is \(PotentialError.text(residual)); start from a nearer solution"
    }
  }
}
