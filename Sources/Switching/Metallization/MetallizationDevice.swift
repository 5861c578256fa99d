import Foundation
import NumericalMethods
import Quantities
import Specimens

/// A metallization cell as a test bench sees it: voltages are those of the top electrode, wherever the active one is.
///
/// Counts are those of the filament's atoms, and there is no kinetic time of a contact.
public struct MetallizationDevice: SwitchingDevice {
  public let cell: MetallizationCell
  /// Whether the electrode that dissolves is the top one: then a positive voltage sets, else a negative one.
  public let activeIsTop: Bool
  /// Whether counts are drawn; without, the cell follows its expected counts and the seed has no effect.
  public var isStochastic = true

  /// Steps per decade of time in which a resting filament is looked at.
  private static let looksPerDecade = 20.0
  /// First look at a resting filament, s.
  private static let firstLook = 1e-6

  public init(_ cell: MetallizationCell, activeIsTop: Bool = true) {
    self.cell = cell
    self.activeIsTop = activeIsTop
  }

  public var pristine: MetallizationCell.State { MetallizationCell.State() }
  public var setPolarity: Double { activeIsTop ? 1 : -1 }
  public var temperature: Double { cell.parameters.temperature }
  public var seriesResistance: Double { cell.parameters.seriesResistance }

  /// A cycle without a nucleus yet starts to wait anew, which an exponential time does not notice.
  public func begin(_ state: inout MetallizationCell.State, random: inout RandomSource) {
    state.patience = isStochastic ? random.exponential() : 1
  }

  public func advance(
    _ state: inout MetallizationCell.State, from start: Double, to end: Double, during time: Double,
    compliance: Double, random: inout RandomSource
  ) throws -> StepRecord {
    var source = isStochastic ? random : nil
    var record = try cell.advance(
      &state, from: setPolarity * start, to: setPolarity * end, during: time, compliance: compliance, random: &source)
    if let source { random = source }
    record.nucleation = record.nucleation.map { setPolarity * $0 }
    record.turnOn = record.turnOn.map { setPolarity * $0 }
    record.end.current *= setPolarity
    record.end.voltage *= setPolarity
    return record
  }

  public func operate(
    _ applied: Double, compliance: Double, state: MetallizationCell.State
  ) throws -> OperatingPoint {
    var point = try cell.operate(setPolarity * applied, compliance: compliance, state: state)
    point.current *= setPolarity
    point.voltage *= setPolarity
    return point
  }

  public func resistance(_ state: MetallizationCell.State, at voltage: Double) throws -> Double {
    let value = cell.resistance(state, at: setPolarity * voltage)
    guard !value.isNaN, value > 0 else { throw SwitchingError.notFinite(what: "the read current", at: voltage) }
    return value
  }

  public func isOn(_ state: MetallizationCell.State, at readVoltage: Double) -> Bool {
    cell.conducts(state, at: readVoltage)
  }

  public func count(_ state: MetallizationCell.State) -> Int { Int(cell.atoms(state)) }

  public func smallSignal(_ state: MetallizationCell.State, at bias: Double) throws -> ChemicalInductor {
    try cell.smallSignal(state, at: setPolarity * bias)
  }

  /// Tells how long the state lasted to a twentieth of a decade; at another temperature rates are those of that temperature.
  public func rest(
    _ state: inout MetallizationCell.State, for duration: Double, at temperature: Double, random: inout RandomSource,
    isLost: (MetallizationCell.State) throws -> Bool
  ) throws -> Double? {
    var parameters = cell.parameters
    parameters.temperature = temperature
    let resting = MetallizationCell(parameters, background: cell.background)
    var source = isStochastic ? random : nil
    var elapsed = 0.0
    var lost: Double?
    for next in Self.looks(upTo: duration) {
      try resting.rest(&state, for: next - elapsed, random: &source)
      elapsed = next
      if lost == nil, try isLost(state) { lost = elapsed }
    }
    if let source { random = source }
    return lost
  }

  /// Times at which a resting filament is looked at, s.
  static func looks(upTo duration: Double) -> [Double] {
    var times: [Double] = []
    var next = min(duration, firstLook)
    while next < duration {
      times.append(next)
      next *= pow(10, 1 / looksPerDecade)
    }
    return duration > 0 ? times + [duration] : []
  }

  public func obstacle(toForming amplitude: Double) -> String? {
    guard !sets(amplitude), !cell.parameters.bothElectrodesActive else { return nil }
    let (place, sign) = activeIsTop ? ("top", "positive") : ("bottom", "negative")
    return "forming with \(amplitude) V drives metal back into the active electrode (\(place)); use a \(sign) amplitude"
  }

  public func warnings(for protocols: [TestProtocol]) -> [ValidityWarning] {
    let field = (protocols.map(\.largestVoltage).max() ?? 0) / cell.parameters.length
    guard field > VacancyDevice.fieldLimit else { return [] }
    return [
      ValidityWarning(
        stage: "switching", code: "fieldTooHigh",
        message: "the crystal sees up to \(VacancyDevice.rounded(field / 1e9)) V/nm; rates are trusted up to 0.5 V/nm")
    ]
  }
}
