import Defects
import NumericalMethods
import Quantities

/// Why a process step gave no crystal.
public enum GrowthError: Error, Hashable, CustomStringConvertible {
  case noNucleus(largestSaturation: Double)
  case noSpecimen(model: String)
  case unexpectedSpecimen(model: String)
  case gapClosed(narrowest: Double)
  case brokenProgram(reason: String)
  case integration(reason: String)
  /// The antisolvent boils at the temperature, or data/ gives no pressure of its vapor.
  case noVapor(antisolvent: String)
  case dissolved
  /// Exfoliation gave no flake to take.
  case noFlake(reason: String)
  /// What stays on the substrate is less than a layer of formula units.
  case noFilm(thickness: Double)
  /// data/ does not know the compound's grain boundaries or its nuclei in films.
  case noFilmData(compound: String)
  case defects(DefectError)

  public var description: String {
    switch self {
    case .noNucleus(let s):
      "no nucleus appeared: the saturation ratio reached \(s) only; take a larger concentration or a longer time"
    case .noSpecimen(let model): "the step \(model) needs a crystal, but no step before it grows one"
    case .unexpectedSpecimen(let model):
      "the step \(model) starts without a crystal and grows its own; it must be the first step"
    case .gapClosed(let narrowest): "the plates touch: the gap falls to \(narrowest) m; lower the wedge or the bow"
    case .brokenProgram(let reason): "the temperature program cannot be followed: \(reason)"
    case .integration(let reason): "the growth equations did not converge: \(reason)"
    case .noVapor(let antisolvent):
      "\(antisolvent) boils or has no vapor pressure in data/, so it cannot come through still air"
    case .dissolved:
      "every crystal dissolved again before the program ended; end it while the solution is supersaturated"
    case .noFlake(let reason): "exfoliation gave no flake: \(reason)"
    case .noFilm(let thickness):
      "no film formed: what stays on the substrate makes \(Length(si: thickness).formatted()); heat the sources or cool the substrate"
    case .noFilmData(let compound):
      "data/ has no `grainBoundaries` or no `growthKinetics.interfacialEnergy` of \(compound), so it grows no film"
    case .defects(let error): "the crystal's defects have no equilibrium: \(error)"
    }
  }

  /// Lets a step's defects fail as the step itself.
  static func naming<Value>(_ body: () throws -> Value) throws -> Value {
    do { return try body() } catch let error as DefectError {
      if case .notConverged = error { throw Self.integration(reason: error.description) }
      throw Self.defects(error)
    } catch let error as Roots.Failure {
      throw Self.integration(reason: "\(error)")
    }
  }
}
