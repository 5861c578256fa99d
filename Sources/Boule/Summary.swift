import Foundation
import Quantities
import Recipes
import Specimens

/// summary.json: the forecast for machines, keys sorted, numbers in SI.
public struct Summary: Encodable, Sendable {
  /// Name and version of the layout, as the key `schema` says it.
  public static let schema = "boule-summary/1"

  /// A JSON value; blocks nest as the keys of the figures say.
  enum Value: Encodable, Sendable {
    case block([String: Value])
    case list([Value])
    case number(Double)
    case integer(Int)
    case text(String)
    case statistic(Statistic)
    case recipe(Recipe)

    func encode(to encoder: any Encoder) throws {
      switch self {
      case .block(let entries): try entries.encode(to: encoder)
      case .list(let entries): try entries.encode(to: encoder)
      case .number(let x): try x.encode(to: encoder)
      case .integer(let n): try n.encode(to: encoder)
      case .text(let text): try text.encode(to: encoder)
      case .statistic(let statistic): try statistic.encode(to: encoder)
      case .recipe(let recipe): try recipe.encode(to: encoder)
      }
    }

    /// Puts a value at a dotted path.
    mutating func set(_ path: ArraySlice<String>, _ value: Value) {
      guard let first = path.first else {
        self = value
        return
      }
      var entries: [String: Value] = [:]
      if case .block(let known) = self { entries = known }
      var inner = entries[first] ?? .block([:])
      inner.set(path.dropFirst(), value)
      entries[first] = inner
      self = .block(entries)
    }
  }

  private var root: Value

  /// - Parameters:
  ///   - overrides: as given on the command line.
  public init(_ forecast: Forecast, overrides: [String]) throws {
    root = .block([:])
    func set(_ path: String, _ value: Value) { root.set(path.split(separator: ".").map(String.init)[...], value) }
    set("schema", .text(Self.schema))
    set("version", .text(Boule.version))
    set("seed", .integer(Int(clamping: forecast.recipe.seed)))
    set("recipe", .recipe(forecast.recipe))
    set("overrides", .list(overrides.map(Value.text)))
    set(
      "warnings",
      .list(
        forecast.warnings.map {
          .block(["stage": .text($0.stage), "code": .text($0.code), "message": .text($0.message)])
        }))
    for row in try forecast.rows() { set("\(row.figure.section).\(row.figure.key)", .statistic(row.statistic)) }
    for (figure, tests) in forecast.unreached {
      set("\(figure.section).\(figure.key).unit", .text(figure.unit))
      set("\(figure.section).\(figure.key).count", .integer(0))
      set("\(figure.section).\(figure.key).censored", .integer(tests))
    }
    if let crystal = forecast.ensemble.outcomes.first(where: { $0.crystal != nil })?.crystal {
      let face = crystal.orientation.face
      set("crystal.orientation.axis", .list([face.x, face.y, face.z].map(Value.integer)))
      set("crystal.orientation.mosaicFWHM", .number(crystal.orientation.mosaicWidth.si))
    }
    if let grid = forecast.ensemble.outcomes.first(where: { $0.storedFields != nil })?.storedFields?.vacancyDensity.grid
    {
      set("fields.grid", .list([grid.nx, grid.ny, grid.nz].map(Value.integer)))
    }
    set("devices.count", .integer(forecast.ensemble.outcomes.count))
    set("devices.tested", .integer(forecast.switched.tested))
    set("devices.switched", .integer(forecast.switched.switched))
    if let trace = forecast.ensemble.traces.first?.trace {
      set("devices.level", .text(trace.level.rawValue))
      if let solver = trace.ionSolver { set("devices.ionSolver", .text(solver.rawValue)) }
    }
    if let activation = forecast.retentionActivation {
      set("devices.retentionActivation.unit", .text("J"))
      set("devices.retentionActivation.value", .number(activation.energy.si))
      set("devices.retentionActivation.interval", .list(activation.interval.map { .number($0.si) }))
      set("devices.retentionActivation.count", .integer(activation.events))
      set("devices.retentionActivation.censored", .integer(activation.censored))
    }
    for (key, value) in Spread.all {
      guard let parts = forecast.variance(value) else { continue }
      set("variance.\(key).deviceToDevice", .number(parts.deviceToDevice))
      set("variance.\(key).cycleToCycle", .number(parts.cycleToCycle))
    }
  }

  /// Writes the keys as they nest in the file.
  public func encode(to encoder: any Encoder) throws { try root.encode(to: encoder) }

  /// The file's text.
  public func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}

/// The spreads that are split into devices and cycles.
enum Spread {
  static let all: [(key: String, value: @Sendable (SwitchingTrace.Cycle) -> Double?)] = [
    ("setVoltage", { $0.setVoltage }),
    ("resetVoltage", { $0.resetVoltage }),
    ("logLowResistance", { log10($0.lowResistance) }),
    ("logHighResistance", { log10($0.highResistance) }),
  ]
}
