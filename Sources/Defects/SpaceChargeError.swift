/// Why a space-charge simulation gave no result.
public enum SpaceChargeError: Error, Hashable, CustomStringConvertible {
  case invalid(quantity: String, value: Double)
  case fieldEmissionWithBothCarriers
  case notConverged(voltage: Double)
  case timeStepTooSmall(time: Double)

  public var description: String {
    switch self {
    case .invalid(let quantity, let value):
      "the space-charge device's \(quantity) is \(value); it must be finite and above 0"
    case .fieldEmissionWithBothCarriers:
      "Poole-Frenkel emission needs a device of one carrier; with both it would break detailed balance"
    case .notConverged(let voltage):
      "drift and diffusion did not converge at \(voltage) V, even in small steps of the voltage"
    case .timeStepTooSmall(let time): "the transient stalled at \(time) s: no time step was small enough"
    }
  }
}
