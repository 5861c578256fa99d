import Fields

/// How a potential is found.
public enum PotentialMethod: String, Hashable, Sendable, CaseIterable {
  /// Transforms and tridiagonal systems, for layered matter between whole electrodes.
  case direct
  /// The same with the capacitance matrix of planar electrodes, factored.
  case capacitanceMatrix
  /// The same, the matrix being too large to factor.
  case capacitanceIteration
  /// Conjugate gradients, preconditioned by the direct solution of the layers' means.
  case transform
  /// Conjugate gradients, preconditioned by a multigrid cycle.
  case multigrid
}

/// A potential and what shows that it is one.
///
/// With conductivities in S/m, potentials in V and sources in A/m³ the currents are in A; with W/(m K), K and W/m³ they
/// are heat flows in W; with F/m, V and C/m³ they are charges in C.
public struct PotentialSolution: Hashable, Sendable {
  /// At the cells' centers.
  public var potential: Field
  /// From each electrode into the medium.
  public var currents: [Double]
  public var method: PotentialMethod
  /// Applications of the preconditioner; 1 or 2 where it solves the problem.
  public var iterations: Int
  /// |Σ currents + Σ sources| over half the sum of their magnitudes.
  public var currentMismatch: Double
  /// Root mean square of the residual over that of the right side.
  public var residual: Double
}
