/// How exactly a potential is sought.
public struct PotentialTolerance: Hashable, Sendable {
  /// Largest share of the current that may enter without leaving.
  public var currentMismatch: Double
  /// Largest residual, as a share of the right side, both by their root mean square. Steps of a sweep from one
  /// solution to the next do with 1e-6, in three quarters of the iterations.
  public var residual: Double
  /// Iterations after which the search is given up.
  public var iterationLimit: Int

  public init(currentMismatch: Double = 1e-6, residual: Double = 1e-8, iterationLimit: Int = 2000) {
    self.currentMismatch = currentMismatch
    self.residual = residual
    self.iterationLimit = iterationLimit
  }
}
