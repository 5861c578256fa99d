/// How closely a device was simulated.
public enum SimulationLevel: String, Hashable, Sendable, Codable, CaseIterable {
  /// A few states per device; its noise is counts.
  case compact
  /// Ions, potential and clusters in space.
  case resolved
}

/// How the fast ions of a device are solved for, by what they can do during a sweep.
public enum IonSolver: String, Hashable, Sendable, Codable {
  /// Equilibrium at each voltage, conserved numbers.
  case quasiEquilibrium
  /// Implicit finite volumes across the crystal.
  case finiteVolume
  /// Single ions, event by event or by leaps.
  case counting
}
