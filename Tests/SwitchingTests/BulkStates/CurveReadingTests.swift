import Foundation
import Specimens
import Switching
import Testing

/// Peaks and loops as they are read off a curve.
@Suite struct CurveReadingTests {
  static func curve(_ up: (Double) -> Double, _ down: (Double) -> Double) -> [SwitchingTrace.Point] {
    let volts = (0...100).map { 0.01 * Double($0) }
    return volts.map { .init(time: 0, voltage: $0, current: up($0)) }
      + volts.dropLast().reversed().map { .init(time: 0, voltage: $0, current: down($0)) }
  }

  @Test func aPeakIsFoundWhereTheCurrentTurnsDown() {
    let peak = VirtualMeasurement.peakVoltage(Self.curve({ $0 * exp(-2 * $0) }, { $0 }))
    #expect(peak.map { abs($0 - 0.5) < 0.011 } == true)
    #expect(VirtualMeasurement.peakVoltage(Self.curve({ $0 * $0 }, { 0.1 * $0 })) == nil)
  }

  @Test func theLoopIsTheAreaBetweenTheWaysUpAndDown() {
    let closed = VirtualMeasurement.loop(Self.curve({ $0 }, { $0 }))
    #expect(closed.between == 0 && closed.below > 0)
    let open = VirtualMeasurement.loop(Self.curve({ $0 }, { 0.5 * $0 }))
    #expect(abs(open.between / open.below - 1.0 / 3) < 0.02)
  }

  /// A space-charge-limited current is no SET, however steep it is near zero.
  @Test func aSpaceChargeLimitedCurrentIsNoSet() {
    let curve = Self.curve({ $0 * $0 }, { $0 * $0 })
    #expect(VirtualMeasurement.setVoltage(curve, readVoltage: 0.1) == nil)
  }
}
