import Fields

/// A conductivity along x, y and z per voxel: electric (S/m), thermal (W/(m K)) or a permittivity (F/m).
public struct Conductivity: Hashable, Sendable {
  public var x: Field
  public var y: Field
  public var z: Field

  /// One that depends on the direction, on one grid.
  public init(x: Field, y: Field, z: Field) {
    self.x = x
    self.y = y
    self.z = z
  }

  /// One that is equal along all axes.
  public init(_ field: Field) { self.init(x: field, y: field, z: field) }

  /// One that is equal everywhere.
  public init(_ grid: Grid, uniform value: SIMD3<Double>) {
    self.init(
      x: Field(grid, filledWith: value.x), y: Field(grid, filledWith: value.y), z: Field(grid, filledWith: value.z))
  }

  /// One that is equal everywhere and along all axes.
  public init(_ grid: Grid, uniform value: Double) { self.init(Field(grid, filledWith: value)) }

  /// One value per plane, bottom up.
  public init(_ grid: Grid, layers: [Double]) {
    precondition(layers.count == grid.nz, "layers have one value per plane")
    self.init(Field(grid, values: layers.flatMap { [Double](repeating: $0, count: grid.planeCount) }))
  }
}
