import Fields
import Foundation
import Testing

@Suite struct RealTransformTests {
  /// Values without structure, from a linear congruence.
  private func noise(_ count: Int) -> [Double] {
    var state: UInt64 = 12345
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53 - 0.5
    }
  }

  /// Sum of |F|² over all modes, the conjugates of the half spectrum included.
  private func power(_ spectrum: [Double], nx: Int) -> Double {
    let half = nx / 2 + 1
    var sum = 0.0
    for mode in 0..<(spectrum.count / 2) {
      let column = mode % half
      let share = column == 0 || 2 * column == nx ? 1.0 : 2.0
      sum += share * (spectrum[2 * mode] * spectrum[2 * mode] + spectrum[2 * mode + 1] * spectrum[2 * mode + 1])
    }
    return sum
  }

  @Test(arguments: [(12, 1, 1), (16, 10, 1), (7, 6, 5), (8, 8, 16)])
  func powerIsTheSameInBothSpaces(_ shape: (Int, Int, Int)) throws {
    let transform = try RealTransform.volume(nx: shape.0, ny: shape.1, nz: shape.2)
    let values = noise(transform.valueCount)
    let power = power(transform.forward(values), nx: shape.0)
    let expected = Double(values.count) * values.reduce(0) { $0 + $1 * $1 }
    #expect(abs(power / expected - 1) < 1e-12)
  }

  @Test func backwardUndoesForwardInEveryShape() throws {
    let transforms = [
      try RealTransform.lines(of: 30, batch: 4), try RealTransform.planes(nx: 12, ny: 10, batch: 5),
      try RealTransform.planes(nx: 10, ny: 6, batch: 3, spectrumAlignment: 4),
      try RealTransform.volume(nx: 16, ny: 8, nz: 12),
    ]
    for transform in transforms {
      let values = noise(transform.valueCount)
      let back = transform.backward(transform.forward(values))
      let worst = zip(values, back).map { abs($0 - $1 / Double(transform.pointCount)) }.max()!
      #expect(worst < 1e-12)
    }
  }

  @Test func aWaveIsOneModeOfItsPlane() throws {
    let (nx, ny) = (8, 6)
    let transform = try RealTransform.planes(nx: nx, ny: ny, batch: 2, spectrumAlignment: 8)
    var values = [Double](repeating: 0, count: transform.valueCount)
    for j in 0..<ny {
      for i in 0..<nx {
        let phase = 2 * Double.pi * (3 * Double(i) / Double(nx) - 2 * Double(j) / Double(ny))
        values[(ny + j) * nx + i] = cos(phase + 0.4)
      }
    }
    let spectrum = transform.forward(values)
    let mode = (ny - 2) * (nx / 2 + 1) + 3
    for index in 0..<(spectrum.count / 2) {
      let isWave = index == transform.spectrumStride / 2 + mode
      let amplitude = isWave ? Double(nx * ny) / 2 : 0
      #expect(abs(spectrum[2 * index] - amplitude * cos(0.4)) < 1e-12)
      #expect(abs(spectrum[2 * index + 1] - amplitude * sin(0.4)) < 1e-12)
    }
  }

  @Test func onePlanServesManyThreadsAtOnce() async throws {
    let transform = try RealTransform.volume(nx: 16, ny: 16, nz: 16)
    let values = noise(transform.valueCount)
    let alone = transform.forward(values)
    let together = try await withThrowingTaskGroup(of: [Double].self) { group in
      for _ in 0..<8 {
        group.addTask {
          _ = try RealTransform.lines(of: 64)
          return transform.forward(values)
        }
      }
      var all: [[Double]] = []
      for try await spectrum in group { all.append(spectrum) }
      return all
    }
    #expect(together.allSatisfy { $0 == alone })
  }
}
