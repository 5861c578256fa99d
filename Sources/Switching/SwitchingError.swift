/// Why a device could not be simulated.
public enum SwitchingError: Error, Hashable, CustomStringConvertible {
  case noCrystalInStack
  case noElectrode(above: Bool)
  case noWorkFunction(layer: String)
  case noSwitchingConstants(of: String)
  case noMetallization(of: String)
  case noActiveMetal
  case noBarrier(electronvolts: Double)
  case notResolved(SwitchingMechanism)
  case bulkNotResolved(what: String)
  case noSmallSignal
  case tooLongToResolve(length: Double, largest: Double)
  case notFinite(what: String, at: Double)
  case notFiniteLight(time: Double)
  case noPhotoPhase(of: String)
  case lightOnElectrodes
  case voltageOnLight
  case invalid(what: String, value: Double)
  case notConverged(what: String, at: Double)

  /// Whether a solver gave up, rather than the physics.
  public var isNonConvergence: Bool {
    if case .notConverged = self { true } else { false }
  }

  public var description: String {
    switch self {
    case .noCrystalInStack: "device.stack names no `crystal`; put it between the electrodes"
    case .noElectrode(let above): "device.stack has no electrode \(above ? "above" : "below") the crystal"
    case .noWorkFunction(let layer): "the layer \(layer) has no work function in the library, so it cannot be a contact"
    case .noSwitchingConstants(let compound):
      "the library has no contactSwitching constants of \(compound), so a device of it cannot be tested"
    case .noMetallization(let compound):
      "the library has no metallization constants of \(compound), so no metal filament grows in it"
    case .noActiveMetal:
      "neither electrode's metal dissolves: none has a filament entry in the library; use silver, or the mechanism vacancies"
    case .noBarrier(let energy):
      "the contact's barrier is \(energy) eV: the switching model needs one well above kT and below the band gap"
    case .noSmallSignal: "the resolved level gives no small-signal impedance; use the level compact"
    case .tooLongToResolve(let length, let largest):
      "device.level is resolved, but the way between the electrodes is \(length * 1e9) nm: filaments are resolved up to \(largest * 1e9) nm; use compact"
    case .notResolved(let mechanism):
      "device.level is resolved, but what switches this device is \(mechanism.rawValue): vacancies and metal alone are resolved; use compact"
    case .bulkNotResolved(let what): "device.level is resolved, which leaves out \(what); use compact"
    case .notFinite(let what, let voltage): "\(what) is not finite at \(voltage) V"
    case .notFiniteLight(let time): "the transmitted light is not finite \(time) s after the train began"
    case .noPhotoPhase(let compound):
      "the library has no photoPhase constants of \(compound), so no phase that light makes is known in it"
    case .lightOnElectrodes: "the test `light` needs a device whose `mechanism` is light"
    case .voltageOnLight: "a device whose `mechanism` is light takes the test `light` alone"
    case .invalid(let what, let value): "\(what) is \(value), which the model cannot take"
    case .notConverged(let what, let voltage):
      "\(what) did not converge at \(voltage) V; use a slower ramp or a smaller amplitude"
    }
  }
}
