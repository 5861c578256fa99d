import NumericalMethods

extension MetallizationCell {
  /// How long a state goes on conducting without voltage, s; nil when it still does at the end (censored).
  ///
  /// First passage, physics (8.43), told to 2 % of the time or `resolution`, whichever is larger.
  ///
  /// - Parameters:
  ///   - readVoltage: V, of the other sign for a filament of the other electrode's metal.
  ///   - limit: s.
  ///   - resolution: s.
  ///   - random: nil for the deterministic limit.
  /// - Throws: as `advance`.
  public func retention(
    of start: State, readVoltage: Double = 0.1, until limit: Double, resolution: Double = 1e-6,
    random: inout RandomSource?
  ) throws -> Double? {
    var state = start
    var time = 0.0
    while conducts(state, at: readVoltage) {
      guard time < limit else { return nil }
      let wait = max(resolution, 0.02 * time)
      try rest(&state, for: wait, random: &random)
      time += wait
    }
    return time
  }
}
