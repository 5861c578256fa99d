import Quantities

/// How a contact supplies carriers.
public enum SpaceChargeContact: Hashable, Sendable {
  /// Carriers at the contact keep a density: of electrons, or of holes in a device of holes alone.
  case ohmic(NumberDensity)
  /// The band edge lies `height` above the Fermi level (below it, in a device of holes alone); carriers pass by
  /// thermionic emission.
  case barrier(Energy)
}
