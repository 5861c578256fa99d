import Foundation
import Quantities
import Switching
import Testing

@Suite struct IonicContactTests {
  let contact = IonicContact(
    layerCapacitance: 0.03, staticPermittivity: 2.2e-10, bulkDensity: 5e22, diffusivity: 2.6e-12, thickness: 2e-5,
    temperature: 300)

  @Test(arguments: [0.01, 0.3, 2.0, 10.0])
  func theDoubleLayerSolvesItsEquation(voltage: Double) {
    let kT = Constants.boltzmann * 300
    let q = Constants.elementaryCharge
    let charge = contact.equilibriumCharge(voltage: voltage)
    let potential = 0.5 * voltage - charge / 0.03
    let layer = (8 * 2.2e-10 * kT * 5e22).squareRoot() * sinh(q * potential / (2 * kT))
    #expect(abs(layer / charge - 1) < 1e-9)
    #expect(contact.equilibriumCharge(voltage: -voltage) == -charge)
  }

  @Test func accumulationMakesTheContactFaster() {
    var last = contact.kineticTime(charge: 0)
    for voltage in stride(from: 0.2, through: 5, by: 0.2) {
      let next = contact.kineticTime(charge: contact.equilibriumCharge(voltage: voltage))
      #expect(next < last)
      last = next
    }
  }

  @Test func theInductorReturnsItsKineticTimeAndItsDirectCurrentLimit() {
    let z = ChemicalInductor(bulkResistance: 3e9, capacitance: 1e-12, branchResistance: 1e9, kineticTime: 0.2)
    #expect(abs(z.inductance / 1e9 / 0.2 - 1) < 1e-12)
    let low = z.impedance(angularFrequency: 1e-4)
    #expect(abs(low.real / (3e9 * 1e9 / 4e9) - 1) < 0.005)
    // Inductive at low frequencies, capacitive at high ones.
    #expect(z.impedance(angularFrequency: 0.5).imaginary > 0)
    #expect(z.impedance(angularFrequency: 1e6).imaginary < 0)
  }
}
