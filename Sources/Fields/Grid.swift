import Quantities

/// A uniform grid of voxels with x running fastest, then y, then z.
///
/// Voxel (i, j, k) has its center at `origin + ((i, j, k) + 1/2) · spacing`. Lengths are in meters.
public struct Grid: Hashable, Sendable {
  public var nx: Int
  public var ny: Int
  public var nz: Int
  public var spacing: SIMD3<Double>
  /// The lower corner of voxel (0, 0, 0).
  public var origin: SIMD3<Double>

  @inlinable
  public init(
    nx: Int, ny: Int, nz: Int, spacing: SIMD3<Double>, origin: SIMD3<Double> = .zero
  ) {
    precondition(nx > 0 && ny > 0 && nz > 0, "a grid needs at least one voxel along each axis")
    self.nx = nx
    self.ny = ny
    self.nz = nz
    self.spacing = spacing
    self.origin = origin
  }

  @inlinable public var count: Int { nx * ny * nz }
  @inlinable public var planeCount: Int { nx * ny }
  @inlinable public var voxelVolume: Double { spacing.x * spacing.y * spacing.z }

  /// The position of a voxel's value in a field's storage.
  @inlinable
  public func index(_ i: Int, _ j: Int, _ k: Int) -> Int { (k * ny + j) * nx + i }

  /// The indices of a value of that storage.
  @inlinable
  public func cell(_ index: Int) -> SIMD3<Int> {
    SIMD3(index % nx, index / nx % ny, index / planeCount)
  }

  /// The center of a voxel, m.
  @inlinable
  public func center(_ i: Int, _ j: Int, _ k: Int) -> SIMD3<Double> {
    origin + (SIMD3(Double(i), Double(j), Double(k)) + 0.5) * spacing
  }
}
