import Reporting
import Specimens

/// Figures of optical synapses.
///
/// A rehearsal is a train of three or more pulses, a pair one of two. Weights are over the last peak of their train.
extension Figure {
  static let lightFigures: [Figure] = [
    light("light.firstPeak", "Weight after the first pulse", calibratedThrough: "photoPhase.nucleation") {
      $0.rehearsal?.peakWeights?[0]
    },
    light("light.secondPeak", "Weight after the second pulse", calibratedThrough: "photoPhase.growth") {
      $0.rehearsal?.peakWeights?[1]
    },
    light("light.firstTrough", "Weight kept after the first pulse", calibratedThrough: "photoPhase.saturation") {
      $0.rehearsal?.troughWeights?[0]
    },
    light("light.secondTrough", "Weight kept after the second pulse", calibratedThrough: "photoPhase.reversion") {
      $0.rehearsal?.troughWeights?[1]
    },
    light("light.thirdTrough", "Weight kept after the third pulse") { $0.rehearsal?.troughWeights?[2] },
    light("light.fastPart", "Weight that each pause takes, mean") { response in
      guard let peaks = response.rehearsal?.peakWeights, let troughs = response.rehearsal?.troughWeights else {
        return nil
      }
      return zip(peaks, troughs).reduce(0) { $0 + $1.0 - $1.1 } / Double(peaks.count)
    },
    light("light.facilitation", "Paired-pulse facilitation, exciting") {
      $0.isPair && $0.isExcitatory == true ? $0.facilitation : nil
    },
    light("light.inhibition", "Second answer over the first, inhibiting") {
      // The signal falls, and falls further: both answers are below zero.
      $0.isPair && $0.isExcitatory == false ? $0.facilitation.map { -$0 } : nil
    },
    device(
      "light.temperatureRise", "Highest mean rise in light", unit: "K", shown: .kelvin, mark: .predicted
    ) { trace in trace.lights.flatMap(\.points).map(\.rise).max().map { [.value($0)] } ?? [] },
  ]

  private static func light(
    _ key: String, _ label: String, calibratedThrough: String? = nil,
    _ value: @escaping @Sendable (LightResponse) -> Double?
  ) -> Figure {
    device(key, label, unit: "1", shown: .percent, calibratedThrough: calibratedThrough) {
      $0.lights.compactMap(value).map { .value($0) }
    }
  }
}

extension LightResponse {
  fileprivate var isPair: Bool { peaks.count == 2 }
  fileprivate var rehearsal: LightResponse? { peaks.count > 2 ? self : nil }
}
