import Materials
import Quantities

/// What surrounds a device, beyond the dry dark of its model: assumed, not found, and neutral unless a recipe says otherwise.
///
/// Published effects contradict each other in sign and size, so these are switches for "what if", physics section 15.
public struct Scenario: Hashable, Sendable {
  /// How much faster ions hop than in the dry crystal.
  public var moisture: Ratio
  /// Electrons, and as many holes, that light keeps up in the bulk.
  public var photocarriers: NumberDensity

  public init(moisture: Ratio = Ratio(si: 1), photocarriers: NumberDensity = NumberDensity(si: 0)) {
    self.moisture = moisture
    self.photocarriers = photocarriers
  }

  /// The compound with the ions' hops as moisture leaves them.
  func exposed(_ compound: Compound) -> Compound {
    var exposed = compound
    exposed.defects.attemptFrequency = Frequency(si: compound.defects.attemptFrequency.si * moisture.si)
    return exposed
  }

  /// q n (µ_e + µ_h) A/L, S: an ohmic way beside the dark one.
  func photoConductance(of compound: Compound, area: Double, length: Double) -> Double {
    let electronic = compound.electronicStructure
    let mobilities = electronic.electronMobility.si + (electronic.holeMobility ?? electronic.electronMobility).si
    return Constants.elementaryCharge * photocarriers.si * mobilities * area / length
  }
}
