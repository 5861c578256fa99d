import Archive
import ArgumentParser
import Foundation
import Growth
import Materials
import Microstructure
import NumericalMethods
import Recipes
import Reporting

/// The process's exit codes, after sysexits.h, and which error takes which.
enum ExitStatus: Int32 {
  case done = 0
  case validityLimit = 2
  case notConverged = 3
  case usage = 64
  case invalidInput = 65
  case missingInput = 66
  case internalError = 70
  case cannotCreate = 73
  case inputOutput = 74

  init(of error: any Error) {
    self =
      switch error {
      case is RecipeError, is MaterialError, is FieldError, is ToleranceError, is ProcessError: .invalidInput
      case is UnreadableInput, is MissingResource: .missingInput
      case ArchiveError.cannotCreate: .cannotCreate
      case ArchiveError.writeFailed, ArchiveError.cannotRead: .inputOutput
      case is GrowthError: .notConverged
      case is ValidityLimitPassed: .validityLimit
      case is SolverGaveUp: .notConverged
      default: .internalError
      }
  }

  /// Says the error once, on stderr, and ends the process.
  static func leave(with error: any Error) -> Never {
    if BouleCommand.exitCode(for: error) == .validationFailure || error is ExitCode || error is CleanExit
      || BouleCommand.exitCode(for: error) == .success
    {
      BouleCommand.exit(withError: error)
    }
    // Every line of a recipe's problems already names its file and place.
    let prefix = error is RecipeError ? "" : "boule: "
    Console.error(prefix + String(describing: error))
    Foundation.exit(ExitStatus(of: error).rawValue)
  }
}

/// `--strict`: the run is finished, but a model left its range.
struct ValidityLimitPassed: Error, CustomStringConvertible {
  var count: Int
  var description: String { "\(count) warnings, and --strict was given; the results are written" }
}

/// A solver did not converge for some device.
struct SolverGaveUp: Error, CustomStringConvertible {
  var reason: String
  var description: String { "a solver did not converge: \(reason); the results without that device are written" }
}
