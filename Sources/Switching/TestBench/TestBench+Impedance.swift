import Foundation
import Specimens

extension TestBench {
  /// Impedance of the device as it is, about the steady state at the bias; its state stays.
  func scanImpedance(_ scan: TestProtocol.ImpedanceScan, _ run: inout Run) throws {
    let response = try device.smallSignal(run.state, at: scan.bias.si)
    let (low, high) = (min(scan.lowest.si, scan.highest.si), max(scan.lowest.si, scan.highest.si))
    let count = Int((log10(high / low) * Double(scan.pointsPerDecade)).rounded())
    let points = (0...max(1, count)).map { index in
      let frequency = low * pow(high / low, Double(index) / Double(max(1, count)))
      let z = response.impedance(angularFrequency: 2 * Double.pi * frequency)
      return SwitchingTrace.Impedance.Point(
        frequency: frequency, real: z.real + device.seriesResistance, imaginary: z.imaginary)
    }
    run.outcome.trace.impedances.append(
      SwitchingTrace.Impedance(
        bias: scan.bias.si,
        kineticTime: response.branchResistance.isFinite && response.kineticTime > 0 ? response.kineticTime : nil,
        points: points))
  }
}
