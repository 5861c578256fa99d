import Materials
import Quantities
import Specimens
import Switching

/// Benches that the tests of protocols share.
enum Bench {
  /// Vacancies at the contact; none of them leaves a device without memory.
  static func vacancies(density: Double = 5e22) throws -> TestBench<VacancyDevice> {
    let library = try Fixture.library()
    let fields = Fixture.fields(of: try library.material("MAPbBr3"), density: density)
    return TestBench(try VacancyDevice(Fixture.stack, of: library, in: fields))
  }

  static func metal(
    isStochastic: Bool = false, _ adjust: (inout MetallizationParameters) -> Void = { _ in }
  ) -> TestBench<MetallizationDevice> {
    var device = MetallizationDevice(Metallization.cell(adjust))
    device.isStochastic = isStochastic
    return TestBench(device)
  }

  /// A thin cell whose leads hold the filament at a gap: it changes by degrees, and forgets within a second.
  static func analog(
    isStochastic: Bool = false, _ adjust: (inout MetallizationParameters) -> Void = { _ in }
  ) -> TestBench<MetallizationDevice> {
    metal(isStochastic: isStochastic) {
      $0.length = 4e-9
      $0.neckLength = 1e-9
      $0.seriesResistance = 1e6
      $0.surfaceDiffusivity = 1e-17
      $0.nucleationEnergy = 0.2 * Metallization.q
      adjust(&$0)
    }
  }

  static func train(
    _ amplitude: Double, width: Double, interval: Double = 1e-3, count: Int = 10, compliance: Double = 1e-3
  ) -> TestProtocol.PulseTrain {
    TestProtocol.PulseTrain(
      amplitude: .volts(amplitude), width: TimeSpan(si: width), interval: TimeSpan(si: interval), count: count,
      compliance: Current(si: compliance))
  }

  static func potentiation(
    _ amplitude: Double, width: Double, count: Int = 10, reverse: Double? = nil
  ) -> TestProtocol.Potentiation {
    TestProtocol.Potentiation(
      amplitude: .volts(amplitude), width: TimeSpan(si: width), interval: TimeSpan(si: 1e-3), count: count,
      compliance: Current(si: 1e-3), reverse: reverse.map { .volts($0) })
  }

  static func pairs(_ amplitude: Double, width: Double, _ intervals: [Double]) -> TestProtocol.PairedPulse {
    TestProtocol.PairedPulse(
      amplitude: .volts(amplitude), width: TimeSpan(si: width), intervals: intervals.map { TimeSpan(si: $0) },
      compliance: Current(si: 1e-3))
  }

  static func spikes(
    _ amplitude: Double, tail: Double, width: Double = 1e-3, tailDuration: Double = 1e-2, _ delays: [Double]
  ) -> TestProtocol.SpikeTiming {
    TestProtocol.SpikeTiming(
      amplitude: .volts(amplitude), width: TimeSpan(si: width), tailAmplitude: .volts(tail),
      tailDuration: TimeSpan(si: tailDuration), delays: delays.map { TimeSpan(si: $0) }, interval: TimeSpan(si: 1e-3),
      compliance: Current(si: 1e-3))
  }
}
