import Fields

extension PotentialSolver {
  /// The potential for given potentials of the electrodes and sources.
  /// - Parameters:
  ///   - potentials: one per electrode, those of the bottom first.
  ///   - source: f per volume, on the solver's grid; none counts as 0.
  ///   - guess: a potential to start from, as that of the step before.
  /// - Throws: `PotentialError`.
  public mutating func solve(
    potentials: [Double], source: Field? = nil, from guess: Field? = nil
  ) throws -> PotentialSolution {
    try check(potentials, source, guess)
    let (layout, grid) = (self.layout, self.grid)
    let reference = potentials.isEmpty ? 0 : potentials.reduce(0, +) / Double(potentials.count)
    // Counted from the mean of the electrodes: a small rise above a high potential keeps its digits.
    let shifted = potentials.map { $0 - reference }
    var field = guess.map { Field(grid, values: $0.values.map { $0 - reference }) } ?? Field(grid)
    let room = PotentialWorkspace(count: layout.count, plane: layout.plane)
    if work.isEmpty { work = [Double](repeating: 0, count: room.total + preconditioner.workCount) }
    var outcome: Result<(Int, Double, Double, [Double]), PotentialError> = .success((0, 0, 0, []))
    let (boundary, tolerance, preconditioner, novel) = (
      self.boundary, self.tolerance, self.preconditioner, self.changed
    )
    conductances.withUnsafeMutableBufferPointer { storage in
      work.withUnsafeMutableBufferPointer { work in
        field.values.withUnsafeMutableBufferPointer { x in
          let base = work.baseAddress!
          let iteration = PotentialIteration(
            network: layout.network(in: storage.baseAddress!), x: x.baseAddress!,
            room: room, work: base, preconditioner: preconditioner, tolerance: tolerance,
            isFloating: potentials.isEmpty && !layout.hasSinks)
          iteration.fill(boundary, shifted, source?.values, volume: grid.voxelVolume, reference: reference)
          if guess != nil { iteration.relax(about: novel, grid) }
          outcome = iteration.run(boundary, shifted)
        }
      }
    }
    changed = []
    let (iterations, mismatch, residual, currents) = try outcome.get()
    if reference != 0 { for cell in field.values.indices { field.values[cell] += reference } }
    return PotentialSolution(
      potential: field, currents: currents, method: method, iterations: iterations, currentMismatch: mismatch,
      residual: residual)
  }

  private func check(_ potentials: [Double], _ source: Field?, _ guess: Field?) throws {
    guard potentials.count == boundary.electrodeCount else {
      throw PotentialError.shapeMismatch(
        of: "the list of potentials", found: potentials.count, expected: boundary.electrodeCount)
    }
    for (electrode, value) in potentials.enumerated() where !value.isFinite {
      throw PotentialError.badPotential(value, electrode: electrode)
    }
    for (what, field) in [("the source", source), ("the guess", guess)] {
      guard let field else { continue }
      guard SIMD3(field.grid.nx, field.grid.ny, field.grid.nz) == SIMD3(grid.nx, grid.ny, grid.nz) else {
        throw PotentialError.shapeMismatch(of: what, found: field.values.count, expected: grid.count)
      }
      if let bad = field.values.firstIndex(where: { !$0.isFinite }) {
        throw PotentialError.badValue(of: what, field.values[bad], cell: grid.cell(bad))
      }
    }
    if potentials.isEmpty, !layout.hasSinks, let source {
      let net = source.values.reduce(0, +)
      let total = source.values.reduce(0) { $0 + abs($1) }
      guard abs(net) <= 1e-9 * total else { throw PotentialError.unbalancedSource(net: net * grid.voxelVolume) }
    }
  }
}
