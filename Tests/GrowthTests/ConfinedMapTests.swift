import Foundation
import Growth
import NumericalMethods
import Quantities
import Testing

@Suite struct ConfinedMapTests {
  static let density = 7960.0
  static let diffusivity = 1e-9

  static func hold(_ time: Double) -> TemperatureProgram {
    try! TemperatureProgram([
      ProgramSegment(from: .kelvin(340), to: .kelvin(340), rate: HeatingRate(si: 1)),
      ProgramSegment(hold: TimeSpan(si: time)),
    ])
  }

  static func gap(_ height: Double, edge: Double) -> GapGeometry {
    GapGeometry(
      middle: Length(si: height), wedge: Angle(si: 0), bow: Curvature(si: 0), plateArea: Area(si: edge * edge),
      wettingFilm: Length(si: 0))
  }

  /// One crystal from nothing, c* kept at its rim, in a plate too large to be felt.
  static func frank(omega: Double, width: Int, time: Double, stepScale: Double = 1) throws -> ConfinedMap {
    let saturation = 600.0
    let c = saturation + omega * (density - saturation)
    let laws = ConfinedLaws(
      crystalDensity: density, saturation: { _ in saturation }, diffusivity: { _ in diffusivity },
      integrationSpeed: { excess, _, _ in 1e-2 * excess })
    var map = try ConfinedMap(
      width: width, geometry: gap(1e-7, edge: 1.6e-2), concentration: c, program: hold(time), laws: laws,
      stepScale: stepScale)
    map.insert(at: SIMD2(0.8e-2 + 3e-5, 0.8e-2 - 2e-5))
    var random = RandomSource(seed: 1, stream: .growth)
    try map.run(random: &random)
    return map
  }

  /// λ of the disc of the square's area at the end of a run, over Frank's.
  private func coefficient(_ map: ConfinedMap, _ moment: ConfinedMap.Moment, _ exact: Double) -> Double {
    moment.edges[0] / Double.pi.squareRoot() / (2 * (Self.diffusivity * moment.time).squareRoot()) / exact
  }

  /// A square that takes solute evenly along its rim keeps within 2 % of the disc of its area.
  @Test(arguments: [(0.05, 0.11438), (0.1, 0.18462), (0.2, 0.31432)])
  func aLoneCrystalGrowsAsFranksDisc(omega: Double, lambda: Double) throws {
    for width in [48, 96, 192] {
      let map = try Self.frank(omega: omega, width: width, time: 2000, stepScale: 0.5)
      #expect(abs(coefficient(map, map.history.last!, lambda) - 1) < 0.02, "\(width) cells")
      let half = map.history.last { $0.time < 1000 }!
      let last = map.history.last!
      let exponent = log(last.edges[0] / half.edges[0]) / log(last.time / half.time)
      #expect(abs(exponent - 0.5) < 0.03, "\(width) cells")
      #expect(map.balanceError < 1e-10)
    }
  }

  /// Whether a crystal begins below a cell or spans several does not show.
  @Test func theCellDoesNotShow() throws {
    let edges = try [32, 48, 96, 192].map {
      try Self.frank(omega: 0.1, width: $0, time: 1000, stepScale: 0.25).crystals[0].edge
    }
    for edge in edges { #expect(abs(edge / edges[3] - 1) < 0.025, "\(edges)") }
  }

  @Test func soluteIsKeptInFiftyCases() throws {
    for index in 0..<50 {
      var random = RandomSource(seed: 77, member: index, stream: .growth)
      let edge = 5e-3 + 2e-2 * random.uniform()
      let geometry = GapGeometry(
        middle: Length(si: 5e-6 + 3e-5 * random.uniform()), wedge: Angle(si: 1e-4 * (random.uniform() - 0.5)),
        bow: Curvature(si: 1e-2 * (random.uniform() - 0.5)), plateArea: Area(si: edge * edge),
        wettingFilm: Length(si: 1e-7 * random.uniform()))
      let program = try TemperatureProgram([
        ProgramSegment(from: .kelvin(320), to: .kelvin(350), rate: HeatingRate(si: 3e-3)),
        ProgramSegment(to: .kelvin(347), rate: HeatingRate(si: 1e-3)),
      ])
      let barrier = 0.02 + 0.05 * random.uniform()
      let speed = 1e-7 * exp(4 * random.uniform())
      let saturation = { (t: Double) -> Double in 900 * exp(-0.012 * (t - 325)) }
      let laws = ConfinedLaws(
        crystalDensity: Self.density, saturation: saturation, diffusivity: { _ in Self.diffusivity },
        integrationSpeed: { excess, saturation, _ in speed * excess / saturation },
        nucleation: { temperature in
          let saturation = saturation(temperature)
          return { c in (c > saturation ? 1e3 * exp(-barrier / pow(log(c / saturation), 2)) : 0, 0) }
        })
      var map = try ConfinedMap(
        width: 24, geometry: geometry, concentration: 880, program: program, laws: laws,
        edgeTransfer: index % 3 == 0 ? 1e-7 : 0)
      do { try map.run(random: &random) } catch is ConfinedMap.TooManyCrystals { continue }
      #expect(map.balanceError < 1e-10)
      // From the map alone: solution beside and over the crystals, and what the crystals fill.
      let cell = pow(edge / 24, 2)
      var supply = 0.0
      var now = 0.0
      for i in map.concentrations.indices {
        let height = map.coverage.limits[i] + geometry.wettingFilm
        supply += 880 * height * cell
        let solid = map.coverage.thickness[i]
        now += (map.concentrations[i] * (height - solid) + Self.density * solid) * cell
      }
      #expect(abs(now / (supply + map.inflow) - 1) < 1e-10)
      #expect(map.concentrations.allSatisfy { $0 > 0 && $0.isFinite })
    }
  }

  /// A slow crystal on a small plate in free exchange, at steps of many times the plate's own diffusion time.
  @Test func anOpenEdgeKeepsASmallPlateAtTheReservoirsConcentration() throws {
    let laws = ConfinedLaws(
      crystalDensity: Self.density, saturation: { _ in 600 }, diffusivity: { _ in Self.diffusivity },
      integrationSpeed: { _, _, _ in 1e-9 })
    var map = try ConfinedMap(
      width: 24, geometry: Self.gap(1e-5, edge: 6e-4), concentration: 700, program: Self.hold(1.5e5), laws: laws,
      edgeTransfer: 5e-3, stepScale: 0.2)
    map.insert(at: SIMD2(3.1e-4, 2.8e-4))
    var random = RandomSource(seed: 1, stream: .growth)
    try map.run(random: &random)
    #expect(abs(map.crystals[0].edge / 3e-4 - 1) < 0.01)
    for moment in map.history { #expect(abs(moment.concentration / 700 - 1) < 0.01, "at \(moment.time) s") }
    #expect(abs(map.inflow / ((Self.density - 700) * map.crystals[0].volume) - 1) < 0.01)
    #expect(map.balanceError < 1e-10)
  }

  /// Coverage of the middle of the plate at some times, mean over seeds; crystals of one constant speed, no depletion.
  private func avrami(nuclei: Int, rate: Double, times: [Double], seeds: Int) throws -> [Double] {
    let edge = 1e-2
    let laws = ConfinedLaws(
      crystalDensity: 600, saturation: { _ in 600 - 1e-6 }, diffusivity: { _ in 1e-8 },
      integrationSpeed: { _, _, _ in 1e-6 }, nucleation: { _ in { _ in (0.5 * rate, 0) } })
    return try times.map { time in
      var sum = 0.0
      for seed in 0..<seeds {
        var random = RandomSource(seed: UInt64(seed), stream: .growth)
        var map = try ConfinedMap(
          width: 32, geometry: Self.gap(1e-6, edge: edge), concentration: 600, program: Self.hold(time), laws: laws)
        for _ in 0..<nuclei { map.insert(at: edge * SIMD2(random.uniform(), random.uniform())) }
        try map.run(random: &random)
        for j in 6..<26 { for i in 6..<26 { sum += map.coverage.covered[j * 32 + i] } }
      }
      return sum / Double(seeds * 400)
    }
  }

  private func exponent(_ coverage: [Double], _ times: [Double]) -> Double {
    let x = times.map { log($0) }
    let y = coverage.map { log(-log(1 - $0)) }
    let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    return zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
  }

  @Test func coverageFollowsAvramiWithoutDepletion() throws {
    let times = [220.0, 330, 490, 690]
    let saturated = exponent(try avrami(nuclei: 60, rate: 0, times: times, seeds: 36), times)
    #expect(abs(saturated - 2) < 0.03, "\(saturated)")
    let slow = [310.0, 400, 520, 690]
    let continuous = exponent(try avrami(nuclei: 0, rate: 3.6e3, times: slow, seeds: 64), slow)
    #expect(abs(continuous - 3) < 0.03, "\(continuous)")
  }
}
