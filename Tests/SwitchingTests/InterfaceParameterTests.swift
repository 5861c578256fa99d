import Foundation
import Materials
import Quantities
import Specimens
import Switching
import Testing

/// Check D04: what the contacts' interface parameter does to a cell of silver on CsPbBr3.
@Suite struct InterfaceParameterTests {
  private func cell(parameter: Double) throws -> (resistance: Double, barrier: Double) {
    var library = try Fixture.library()
    var compound = try library.material("CsPbBr3")
    compound.electronicStructure.interfaceParameter = Ratio(si: parameter)
    library.compounds["CsPbBr3"] = compound
    let specification = DeviceSpecification(
      stack: ["glass", "silver", "crystal", "silver"].map { StackLayer(layer: $0) }, area: Area(si: 1e-10),
      seriesResistance: Resistance(si: 50))
    var fields = Fixture.fields(of: compound)
    fields.thickness = .micrometers(0.5)
    let device = try MetallizationDevice(specification, of: library, in: fields)
    let work = try #require(library.layer("silver").workFunction)
    return (
      try device.resistance(device.pristine, at: 0.1),
      compound.electronicStructure.contactBarrier(workFunction: work).si
    )
  }

  /// ln R_HRS moves by Δφ_b/kT between full pinning, S = 0.5 and none; the filament's resistance does not know of S, so the ratio
  /// moves as much.
  @Test func theHighStateMovesWithTheBarrierOverKT() throws {
    let middle = try cell(parameter: 0.5)
    for parameter in [0.0, 1] {
      let other = try cell(parameter: parameter)
      let expected = (other.barrier - middle.barrier) / (Constants.boltzmann * 300)
      #expect(abs(expected) > 0.5)
      #expect(abs(log(other.resistance / middle.resistance) - expected) < 0.01 * abs(expected))
    }
  }

  /// More than 1e9 needs a low state below R_HRS/1e9: with 0.1 pA at 0.1 V, the smallest current of a good meter, a kiloohm.
  @Test func theHighStateOfHalfPinnedSilverIsBelowAnyMeter() throws {
    #expect(try cell(parameter: 0.5).resistance > 1e12)
  }
}
