import Quantities

/// One number per voxel of a grid, in SI units.
public struct Field: Hashable, Sendable {
  public var grid: Grid
  /// `grid.count` values, x fastest.
  public var values: [Double]

  @inlinable
  public init(_ grid: Grid, filledWith value: Double = 0) {
    self.grid = grid
    values = [Double](repeating: value, count: grid.count)
  }

  @inlinable
  public init(_ grid: Grid, values: [Double]) {
    precondition(values.count == grid.count, "a field has one value per voxel")
    self.grid = grid
    self.values = values
  }

  @inlinable
  public subscript(_ i: Int, _ j: Int, _ k: Int) -> Double {
    get { values[grid.index(i, j, k)] }
    set { values[grid.index(i, j, k)] = newValue }
  }

  /// The arithmetic mean, summed in storage order.
  public var mean: Double { values.reduce(0, +) / Double(values.count) }

  public var extremes: (low: Double, high: Double) {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values {
      low = min(low, value)
      high = max(high, value)
    }
    return (low, high)
  }

  /// Whether every value is a finite number.
  public var isFinite: Bool { values.allSatisfy(\.isFinite) }
}

/// The six components of a symmetric tensor per voxel, each a field of its own, in the order xx, yy, zz, xy, yz, xz.
///
/// Shear components are tensor components (not engineering shear).
public struct SymmetricTensorField: Hashable, Sendable {
  public static let componentNames = ["xx", "yy", "zz", "xy", "yz", "xz"]
  public var components: [Field]

  public init(components: [Field]) {
    precondition(components.count == 6, "a symmetric tensor has six components")
    self.components = components
  }

  public init(_ grid: Grid) { components = (0..<6).map { _ in Field(grid) } }

  @inlinable public var grid: Grid { components[0].grid }
}
