import Quantities

/// A support, interlayer or electrode of the device stack.
public struct LayerMaterial: Hashable, Sendable, Codable {
  /// What a layer does in a stack.
  public enum Role: String, Hashable, Sendable, Codable, CaseIterable {
    case substrate, electrode, interlayer
  }

  public var name: String
  public var role: Role
  public var youngModulus: Pressure
  public var poissonRatio: Ratio
  public var thermalExpansion: ThermalExpansion
  public var usualThickness: Length
  /// Electrodes only.
  public var workFunction: Energy?
  /// Of metals that dissolve and plate out again.
  public var filament: ActiveMetal?
}
