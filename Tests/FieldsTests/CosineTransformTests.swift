import Fields
import Foundation
import Testing

@Suite struct CosineTransformTests {
  private func noise(_ count: Int) -> [Double] {
    var state: UInt64 = 977
    return (0..<count).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53 - 0.5
    }
  }

  @Test(arguments: [(8, 8), (12, 10), (7, 5), (64, 1)])
  func backwardUndoesForward(_ shape: (Int, Int)) throws {
    let transform = try CosineTransform(nx: shape.0, ny: shape.1)
    let values = noise(shape.0 * shape.1)
    let back = transform.backward(transform.forward(values))
    for (a, b) in zip(back, values) { #expect(abs(a / transform.scale - b) < 1e-13) }
  }

  @Test func theSpectrumIsTheSumOverCosines() throws {
    let (nx, ny) = (6, 5)
    let values = noise(nx * ny)
    let spectrum = try CosineTransform(nx: nx, ny: ny).forward(values)
    for q in 0..<ny {
      for p in 0..<nx {
        var sum = 0.0
        for j in 0..<ny {
          for i in 0..<nx {
            sum +=
              4 * values[j * nx + i] * cos(.pi * Double(p) * (Double(i) + 0.5) / Double(nx))
              * cos(.pi * Double(q) * (Double(j) + 0.5) / Double(ny))
          }
        }
        #expect(abs(spectrum[q * nx + p] - sum) < 1e-12)
      }
    }
  }

  @Test func equalInputGivesEqualBytes() throws {
    let values = noise(48 * 48)
    #expect(
      try CosineTransform(nx: 48, ny: 48).forward(values) == CosineTransform(nx: 48, ny: 48).forward(values))
  }
}
