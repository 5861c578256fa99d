import Foundation
import Growth
import Materials
import Microstructure
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Switching

/// A recipe made into many devices.
///
/// Each device has a growth run of its own: the recipe's tolerances are drawn, a crystal grows, the device stands somewhere on
/// it, sees its own fields and goes through the test. Every random number is addressed by (seed, device, cycle, stream), so
/// the outcome does not depend on threads or order.
public struct Experiment: Sendable {
  /// The recipe, its tolerances included.
  public let recipe: Recipe
  /// data/ as read, with what is uncertain in it.
  public let source: LibrarySource
  /// The library with every number as data/ states it.
  public let library: MaterialLibrary

  /// - Parameters:
  ///   - source: data/ as read.
  /// - Throws: `RecipeError` with all conflicts between the recipe and the library.
  public init(_ recipe: Recipe, source: LibrarySource) throws {
    self.recipe = recipe
    self.source = source
    library = source.nominal
    try recipe.check(against: library)
  }

  /// An experiment with the library of a folder.
  public init(_ recipe: Recipe, data folder: String = "data") throws {
    try self.init(recipe, source: try LibrarySource(contentsOf: folder))
  }

  /// How an ensemble is run.
  public struct Options: Sendable {
    /// Workers; each device runs on one.
    public var threads: Int
    /// Devices whose fields are kept.
    public var storedFields: Set<Int>
    /// Devices whose curves are kept, and in which cycles.
    public var keptCurves: [Int: Set<Int>]
    /// Called after each device with the number done so far, in no fixed order.
    public var progress: @Sendable (Int) -> Void

    /// Options with every core at work, the fields of device 0 kept, no curves and no report of progress unless told.
    public init(
      threads: Int = ProcessInfo.processInfo.activeProcessorCount, storedFields: Set<Int> = [0],
      keptCurves: [Int: Set<Int>] = [:], progress: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
      self.threads = max(1, threads)
      self.storedFields = storedFields
      self.keptCurves = keptCurves
      self.progress = progress
    }
  }

  /// The outcomes of `count` devices, in the order of their numbers.
  /// - Throws: what no device can survive: an invalid field window or stack. A single device's failure is an outcome.
  public func ensemble(of count: Int, options: Options = Options()) async throws -> Ensemble {
    try await ensemble(of: count, member: 0, options: options)
  }

  /// The outcomes with the library of one draw of the uncertain parameters, and the same random numbers as for member 0.
  func ensemble(of count: Int, member: Int, options: Options) async throws -> Ensemble {
    let line = try ProductionLine(
      recipe: recipe,
      library: member == 0
        ? library : try source.library(drawing: member, seed: recipe.seed, compound: recipe.material))
    var outcomes = [DeviceOutcome?](repeating: nil, count: count)
    try await withThrowingTaskGroup(of: DeviceOutcome.self) { group in
      var next = 0
      var done = 0
      func add() {
        guard next < count else { return }
        let number = next
        next += 1
        group.addTask { try line.device(number, options: options) }
      }
      for _ in 0..<min(options.threads, count) { add() }
      while let outcome = try await group.next() {
        outcomes[outcome.number] = outcome
        done += 1
        options.progress(done)
        add()
      }
    }
    return Ensemble(outcomes: outcomes.compactMap { $0 })
  }

  /// The ensemble, and around it the draws of the uncertain parameters.
  ///
  /// - Parameters:
  ///   - draws: parameter sets; 0 leaves every interval out.
  ///   - perDraw: devices of each; they share their random numbers with the first devices of the ensemble.
  public func forecast(
    devices count: Int, draws: Int = 16, perDraw: Int = 5, options: Options = Options()
  ) async throws -> Forecast {
    let base = options.progress
    let ensemble = try await ensemble(of: count, options: options)
    var members: [Ensemble?] = []
    let small = min(perDraw, count)
    for draw in 0..<draws {
      var inner = options
      inner.storedFields = []
      inner.keptCurves = [:]
      inner.progress = { base(count + draw * small + $0) }
      // A draw may leave the physics that the models serve; it then counts as one without an answer.
      do {
        members.append(try await self.ensemble(of: small, member: draw + 1, options: inner))
      } catch is RecipeError {
        members.append(nil)
      } catch is FieldError {
        members.append(nil)
      }
    }
    return Forecast(
      recipe: recipe, library: library, source: source, ensemble: ensemble, members: members, devicesPerMember: small)
  }
}

/// Many devices of one recipe.
public struct Ensemble: Sendable {
  /// In the order of the devices' numbers.
  public var outcomes: [DeviceOutcome]

  /// The tests of the devices that came to one, with the devices' numbers.
  public var traces: [(device: Int, trace: SwitchingTrace)] {
    outcomes.compactMap { outcome in outcome.trace.map { (outcome.number, $0) } }
  }
}
