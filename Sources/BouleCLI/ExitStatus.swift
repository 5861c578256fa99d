import ArgumentParser
import Boule
import Foundation

/// The process's exit codes, after sysexits.h, and which error takes which.
enum ExitStatus: Int32 {
  case done = 0
  case checkFailed = 1
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
      case let error as InvalidRecipes: error.problems.isEmpty ? .missingInput : .invalidInput
      case is UnreadableInput, is MissingResource: .missingInput
      case ArchiveError.cannotCreate: .cannotCreate
      case ArchiveError.unexpectedContent: .invalidInput
      case ArchiveError.writeFailed, ArchiveError.cannotRead, is StreamFailure: .inputOutput
      case StrainError.notConverged, FieldError.noStrain(.notConverged): .notConverged
      case is StrainError, is StrainAnalysisError: .invalidInput
      case GrowthError.integration, SampleError.noConvergence, is Roots.Failure, is DormandPrince.Failure,
        is SolverGaveUp:
        .notConverged
      case is RecipeError, is MaterialError, is GrowthError, is FieldError, is SwitchingError, is ToleranceError,
        is ProcessError:
        .invalidInput
      case ReportError.unusableChartLibrary, is ReproductionError: .invalidInput
      case is ValidityLimitPassed: .validityLimit
      case is CheckFailed: .checkFailed
      case is UnknownKey, is UnknownCase: .usage
      default: .internalError
      }
  }

  /// Says the error once, on stderr, and ends the process.
  static func leave(with error: any Error) -> Never {
    let parsed = BouleCommand.exitCode(for: error)
    if parsed == .validationFailure || parsed == .success || error is ExitCode {
      // Help and version go to stdout, a misspelled command line to stderr.
      BouleCommand.exit(withError: error)
    }
    let status = ExitStatus(of: error)
    // Every line of a recipe's problems already names its file and place.
    let prefix = error is RecipeError || error is InvalidRecipes ? "" : "boule: "
    let kind = status == .internalError ? "internal error: " : ""
    Console.error(prefix + kind + String(describing: error))
    Foundation.exit(status.rawValue)
  }
}

/// `--strict`: the run is finished, but a model left its range.
struct ValidityLimitPassed: Error, CustomStringConvertible {
  var count: Int
  var description: String {
    "\(count) \(count == 1 ? "warning" : "warnings"), and --strict was given; the results are written"
  }
}

/// A solver did not converge for some device.
struct SolverGaveUp: Error, CustomStringConvertible {
  var reason: String
  var description: String { "a solver did not converge: \(reason); the results without that device are written" }
}
