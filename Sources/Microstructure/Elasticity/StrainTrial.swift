/// Iterations of one load without an end, for benchmarks.
package final class StrainTrial {
  private var iteration: StrainIteration

  package init(_ solver: PeriodicStrainSolver, _ load: MeanLoad) throws {
    iteration = try solver.makeIteration(load)
    iteration.start()
  }

  package init(_ solver: FilmStrainSolver, _ load: FilmLoad) throws {
    iteration = try solver.makeIteration(load)
    iteration.start()
  }

  package func iterate() throws { try iteration.iterate() }
}
