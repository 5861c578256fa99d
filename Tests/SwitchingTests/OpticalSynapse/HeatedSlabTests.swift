import Foundation
import Switching
import Testing

@Suite struct HeatedSlabTests {
  static let conductivity = 0.42
  static let heatCapacity = 1.04e6

  static func slab(
    thickness: Double = 1e-3, absorption: Double = 1e7, front: Double = 10, back: Double = 1e4, cells: Int = 64
  ) throws -> HeatedSlab {
    try HeatedSlab(
      thickness: thickness, conductivity: conductivity, heatCapacity: heatCapacity, absorption: absorption,
      front: front, back: back, cells: cells)
  }

  /// Late decay rate of the mean rise after a long pulse, 1/s.
  static func decayRate(_ slab: HeatedSlab, time: Double) -> Double {
    var slab = slab
    slab.advance(by: 10 * time, steps: 2000, intensity: 1e4)
    slab.advance(by: 2 * time, steps: 2000, intensity: 0)
    let start = slab.meanRise
    slab.advance(by: time, steps: 1000, intensity: 0)
    return log(start / slab.meanRise) / time
  }

  @Test(arguments: [1e-3, 2e-3, 5e-3])
  func aSlabBetweenHeatSinksForgetsInItsDiffusionTime(thickness: Double) throws {
    let diffusivity = Self.conductivity / Self.heatCapacity
    let time = thickness * thickness / (.pi * .pi * diffusivity)
    let both = try Self.slab(thickness: thickness, absorption: 500, front: .infinity, back: .infinity)
    #expect(abs(Self.decayRate(both, time: time) * time - 1) < 1e-3)
    // One sink alone: the fundamental wave is four times as slow.
    let one = try Self.slab(thickness: thickness, front: 0, back: .infinity)
    #expect(abs(Self.decayRate(one, time: 4 * time) * 4 * time - 1) < 1e-3)
  }

  @Test func aSlabInAirCoolsAsOneLump() throws {
    let slab = try Self.slab(front: 10, back: 10)
    let lumped = Self.heatCapacity * 1e-3 / 20
    // Biot's number h L/κ is 0.024; the lumped law is its limit.
    #expect(abs(Self.decayRate(slab, time: lumped) * lumped - 1) < 0.01)
    let poor = try Self.slab(front: 0.1, back: 0.1)
    #expect(abs(Self.decayRate(poor, time: 100 * lumped) * 100 * lumped - 1) < 1e-4)
  }

  @Test func inSteadyLightHeatFlowsStraightToTheSink() throws {
    var slab = try Self.slab(absorption: 1e9, front: 0, back: 1e4)
    slab.advance(by: 100, steps: 1000, intensity: 1e4)
    let mean = 1e4 * (0.5 * 1e-3 / Self.conductivity + 1 / 1e4)
    #expect(abs(slab.meanRise / mean - 1) < 1e-3)
  }

  @Test(arguments: [0.1, 1e-3, 30.0])
  func heatIsNeitherMadeNorLost(step: Double) throws {
    var slab = try Self.slab(absorption: 2e3)
    for cycle in 0..<40 {
      slab.advance(by: 5 * step, steps: 5, intensity: cycle % 2 == 0 ? 1e4 : 0)
      #expect(abs(slab.heatIn - slab.heatOut - slab.heat) <= 1e-10 * slab.heatIn)
    }
    #expect(slab.heatIn > 0 && slab.heatOut > 0)
  }

  @Test func allLightOfAThinAbsorbingLayerIsCounted() throws {
    var slab = try Self.slab(absorption: 1e9)
    slab.advance(by: 1, steps: 10, intensity: 1)
    #expect(abs(slab.heatIn - 1) < 1e-12)
    var clear = try Self.slab(absorption: 0)
    clear.advance(by: 1, steps: 10, intensity: 1)
    #expect(clear.heatIn == 0 && clear.rise.allSatisfy { $0 == 0 })
  }

  /// Observed order from three refinements of something that converges.
  static func order(_ values: [Double]) -> Double {
    log2(abs((values[0] - values[1]) / (values[1] - values[2])))
  }

  @Test func theErrorFallsWithTheSquareOfTheCells() throws {
    let values = try [16, 32, 64].map { cells in
      var slab = try Self.slab(absorption: 2e3, cells: cells)
      slab.advance(by: 0.5, steps: 400, intensity: 1e4)
      return slab.meanRise
    }
    #expect(abs(Self.order(values) - 2) < 0.1)
  }

  @Test func theErrorFallsWithTheSquareOfTheStep() throws {
    let values = try [40, 80, 160].map { steps in
      var slab = try Self.slab(absorption: 2e3, cells: 16)
      slab.advance(by: 0.5, steps: steps, intensity: 1e4)
      return slab.meanRise
    }
    #expect(abs(Self.order(values) - 2) < 0.1)
  }

  @Test func whatNoSlabCanHaveIsNamed() {
    #expect(throws: SwitchingError.self) { try Self.slab(thickness: 0) }
    #expect(throws: SwitchingError.self) { try Self.slab(front: .nan) }
    #expect(throws: SwitchingError.self) { try Self.slab(absorption: -1) }
  }
}
