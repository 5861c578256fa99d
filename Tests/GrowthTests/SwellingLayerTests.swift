import Foundation
import Growth
import Testing

@Suite("Swelling layer")
struct SwellingLayerTests {
  /// A layer that a surface of a volume fraction has fed for a time.
  private func layer(
    cells: Int, thickness: Double, diffusivity: Double = 1e-9, fraction: Double, time: Double, steps: Int
  ) throws -> SwellingLayer {
    var layer = SwellingLayer(cells: cells, thickness: thickness, diffusivity: diffusivity)
    // Short steps first: the surface begins with a jump.
    var step = time / Double(steps) / 64
    var now = 0.0
    while now < time * (1 - 1e-12) {
      let length = min(step, time - now)
      try layer.advance(by: length, surface: .fraction(fraction))
      now += length
      step = min(step * 1.1, time / Double(steps))
    }
    return layer
  }

  /// φ/φ_s in a plate of thickness H with one closed side: Carslaw and Jaeger, section 3.4.
  private func series(_ z: Double, _ thickness: Double, _ diffusivity: Double, _ time: Double) -> Double {
    1
      - (0..<200).reduce(0) { sum, k in
        let n = Double(2 * k + 1) * Double.pi / (2 * thickness)
        return sum + (k % 2 == 0 ? 1 : -1) * 4 / (Double.pi * Double(2 * k + 1)) * exp(-diffusivity * n * n * time)
          * cos(n * z)
      }
  }

  @Test func littleUptakeFollowsTheSeriesOfAClosedBottom() throws {
    let (h, time) = (5e-3, 6000.0)
    let fraction = 1e-6
    let layer = try layer(cells: 128, thickness: h, fraction: fraction, time: time, steps: 400)
    for i in stride(from: 0, to: 128, by: 9) {
      let z = (Double(i) + 0.5) * h / 128
      #expect(abs(layer.fraction(i) / fraction - series(z, h, 1e-9, time)) < 2e-4)
    }
  }

  @Test func halvingTheCellsQuartersTheError() throws {
    let (h, time) = (5e-3, 6000.0)
    let fraction = 1e-6
    func error(_ cells: Int) throws -> Double {
      let layer = try layer(cells: cells, thickness: h, fraction: fraction, time: time, steps: 3000)
      return (0..<cells).map {
        abs(layer.fraction($0) / fraction - series((Double($0) + 0.5) * h / Double(cells), h, 1e-9, time))
      }.max()!
    }
    let errors = try [8, 16, 32].map { try error($0) }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(abs(log2(coarse / fine) - 2) < 0.15, "\(errors)")
    }
  }

  @Test func aDeepLayerSwellsByTheSimilaritySolution() throws {
    // φ = φ_s erfc(−ζ)/erfc(−λ), the surface at ζ = λ: √π λ e^{λ²} erfc(−λ) = φ_s/(1 − φ_s), rise 2λ√(Dt).
    let (time, diffusivity) = (2000.0, 1e-9)
    for fraction in [0.2, 0.5, 0.8] {
      var (low, high) = (0.0, 3.0)
      for _ in 0..<80 {
        let middle = 0.5 * (low + high)
        let value = Double.pi.squareRoot() * middle * exp(middle * middle) * erfc(-middle)
        if value < fraction / (1 - fraction) { low = middle } else { high = middle }
      }
      let rise = 2 * low * (diffusivity * time).squareRoot()
      let layer = try layer(cells: 512, thickness: 10e-3, fraction: fraction, time: time, steps: 500)
      #expect(abs(layer.uptake / rise - 1) < 4e-3, "\(fraction): \(layer.uptake / rise)")
    }
  }

  @Test func whatEntersIsFoundInTheLayer() throws {
    var layer = SwellingLayer(cells: 40, thickness: 4e-3, diffusivity: 1e-9)
    let path = SwellingLayer.VaporPath(conductance: 4e-7, pressureRatio: 0.57, molarVolumeRatio: 0.85)
    for step in 0..<200 {
      try layer.advance(by: Double(step), surface: step < 150 ? .vapor(path) : .closed)
    }
    let found = layer.loading.reduce(0, +) * layer.cell
    #expect(layer.uptake > 1e-3)
    #expect(abs(found / layer.uptake - 1) < 1e-12)
  }

  @Test func fastDiffusionLeavesTheVaporPathAlone() throws {
    // One well-mixed cell: dU/dt = q(φ), integrated with small steps of Euler's.
    let h = 4e-3
    let path = SwellingLayer.VaporPath(conductance: 4e-7, pressureRatio: 0.57, molarVolumeRatio: 0.85)
    var layer = SwellingLayer(cells: 20, thickness: h, diffusivity: 1e-2)
    for _ in 0..<400 { try layer.advance(by: 50, surface: .vapor(path)) }
    var u = 0.0
    for _ in 0..<200_000 {
      let fraction = u / (1 + u)
      let x = fraction / (fraction + path.molarVolumeRatio * (1 - fraction))
      u += 0.1 / h * path.conductance * log((1 - x * path.pressureRatio) / (1 - path.pressureRatio))
    }
    #expect(abs(layer.loading[0] / layer.loading[19] - 1) < 1e-4)
    #expect(abs(layer.uptake / (u * h) - 1) < 1e-3)
  }

  @Test func aSaturatedSurfaceStopsTheVapor() throws {
    // Pure antisolvent in both vials: nothing moves any more, and never does the fraction reach 1.
    var layer = SwellingLayer(cells: 20, thickness: 1e-3, diffusivity: 1e-8)
    let path = SwellingLayer.VaporPath(conductance: 4e-6, pressureRatio: 0.57, molarVolumeRatio: 0.85)
    var gains: [Double] = []
    for _ in 0..<300 { gains.append(try layer.advance(by: 1000, surface: .vapor(path))) }
    #expect(gains.last! < 0.1 * gains[0])
    #expect(gains.allSatisfy { $0 > 0 })
    #expect(layer.fraction(0) > 0.95 && layer.fraction(19) < 1)
  }
}
