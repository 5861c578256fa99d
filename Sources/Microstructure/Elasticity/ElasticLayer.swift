/// A layer of uniform stiffness in the strain solver's stack.
public struct ElasticLayer: Hashable, Sendable {
  public var stiffness: Stiffness
  /// Thickness, m.
  public var thickness: Double

  public init(_ stiffness: Stiffness, thickness: Double) {
    self.stiffness = stiffness
    self.thickness = thickness
  }
}
