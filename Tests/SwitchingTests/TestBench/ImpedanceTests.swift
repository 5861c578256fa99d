import Foundation
import NumericalMethods
import Quantities
import Specimens
import Switching
import Testing

/// Small signals against the same device driven through time; physics check V57.
@Suite struct ImpedanceTests {
  /// Admittance (real, imaginary) of a device driven by a small sine about a bias, by lock-in over the last period.
  static func admittance<Tested: SwitchingDevice>(
    of device: Tested, state start: Tested.State, at bias: Double, angularFrequency w: Double, swing: Double = 1e-4,
    periods: Int = 6
  ) throws -> (real: Double, imaginary: Double) {
    let steps = 1000
    let step = 2 * Double.pi / w / Double(steps)
    var state = start
    var random = RandomSource(seed: 1, stream: .switching)
    var (real, imaginary) = (0.0, 0.0)
    for n in 0..<(periods * steps) {
      let (a, b) = (Double(n), Double(n + 1))
      let record = try device.advance(
        &state, from: bias + swing * sin(w * step * a), to: bias + swing * sin(w * step * b), during: step,
        compliance: .infinity, random: &random)
      #expect(record.nucleation == nil)
      if n >= (periods - 1) * steps {
        real += record.end.current * sin(w * step * b)
        imaginary += record.end.current * cos(w * step * b)
      }
    }
    let scale = 2 / (Double(steps) * swing)
    return (scale * real, scale * imaginary)
  }

  /// 1/(R_s + Z) without the capacity, which the model in time has not.
  static func admittance(
    _ response: ChemicalInductor, leads: Double, _ w: Double
  ) -> (real: Double, imaginary: Double) {
    var response = response
    response.capacitance = 0
    let z = response.impedance(angularFrequency: w)
    let (x, y) = (z.real + leads, z.imaginary)
    return (x / (x * x + y * y), -y / (x * x + y * y))
  }

  static func expectEqual<Tested: SwitchingDevice>(
    _ device: Tested, _ state: Tested.State, at bias: Double, within tolerance: Double,
    _ shares: [Double] = [0.1, 1, 10]
  ) throws {
    let response = try device.smallSignal(state, at: bias)
    let time = abs(response.kineticTime)
    for share in shares {
      let w = share / time
      let seen = try admittance(of: device, state: state, at: bias, angularFrequency: w)
      let told = admittance(response, leads: device.seriesResistance, w)
      let size = (told.real * told.real + told.imaginary * told.imaginary).squareRoot()
      #expect(abs(seen.real - told.real) < tolerance * size, "\(share): \(seen) \(told)")
      #expect(abs(seen.imaginary - told.imaginary) < tolerance * size, "\(share): \(seen) \(told)")
    }
  }

  @Test func theDoubleLayerAnswersInTimeAsItsImpedanceTells() throws {
    let device = try Bench.vacancies().device
    var state = device.pristine
    var random = RandomSource(seed: 2, stream: .switching)
    device.begin(&state, random: &random)
    for _ in 0..<200 {
      _ = try device.advance(&state, from: -0.5, to: -0.5, during: 10, compliance: .infinity, random: &random)
    }
    try Self.expectEqual(device, state, at: -0.5, within: 0.01)
  }

  @Test func aFilamentHeldByItsLeadsAnswersInTimeAsItsImpedanceTells() throws {
    let device = Bench.analog().device
    var state = device.pristine
    var random = RandomSource(seed: 2, stream: .switching)
    device.begin(&state, random: &random)
    for _ in 0..<200 {
      _ = try device.advance(&state, from: 0.6, to: 0.6, during: 10, compliance: .infinity, random: &random)
    }
    try Self.expectEqual(device, state, at: 0.6, within: 0.03)
  }

  @Test func theSlopeOfTheSteadyCurrentIsTheLowFrequencyLimit() throws {
    let device = try Bench.vacancies().device
    func steady(_ voltage: Double) throws -> Double {
      var state = device.pristine
      var random = RandomSource(seed: 2, stream: .switching)
      device.begin(&state, random: &random)
      for _ in 0..<200 {
        _ = try device.advance(
          &state, from: voltage, to: voltage, during: 10, compliance: .infinity, random: &random)
      }
      return try device.operate(voltage, compliance: .infinity, state: state).current
    }
    for bias in [-0.6, -0.3] {
      let slope = (try steady(bias + 1e-3) - steady(bias - 1e-3)) / 2e-3
      let response = try device.smallSignal(device.pristine, at: bias)
      let z = response.impedance(angularFrequency: 1e-6 / response.kineticTime).real + device.seriesResistance
      #expect(abs(slope * z - 1) < 0.005)
    }
  }

  /// L_a/R_a, read off the spectrum, is the kinetic time of the contact in its steady state.
  @Test func theInductorOfTheScanReturnsTheKineticTime() throws {
    let bench = try Bench.vacancies()
    let device = bench.device
    let bias = -0.5
    let tau = device.contact.kineticTime(charge: device.contact.equilibriumCharge(voltage: -bias))
    let trace = try bench.run(
      [
        .impedance(
          TestProtocol.ImpedanceScan(
            bias: .volts(bias), lowest: Frequency(si: 1e-3 / tau), highest: Frequency(si: 10 / tau)))
      ], seed: 1)
    let scan = trace.impedances[0]
    #expect(abs(try #require(scan.kineticTime) / tau - 1) < 0.02)
    let response = try device.smallSignal(device.pristine, at: bias)
    // What the bulk and the capacity leave of the admittance is the branch R_a + iωL_a.
    for point in scan.points {
      let w = 2 * Double.pi * point.frequency
      let x = point.real - device.seriesResistance
      let norm = x * x + point.imaginary * point.imaginary
      let g = x / norm - 1 / response.bulkResistance
      let b = -point.imaginary / norm - w * response.capacitance
      #expect(abs(-b / g / w / tau - 1) < 0.02)
    }
  }

  @Test func withoutIonsThereIsNoSlowBranch() throws {
    let bench = try Bench.vacancies(density: 0)
    let scan = try bench.run(
      [
        .impedance(
          TestProtocol.ImpedanceScan(bias: .volts(-0.5), lowest: Frequency(si: 1e-3), highest: Frequency(si: 1)))
      ],
      seed: 1
    ).impedances[0]
    #expect(scan.kineticTime == nil && scan.points.allSatisfy { $0.real.isFinite && $0.imaginary <= 0 })
  }
}
