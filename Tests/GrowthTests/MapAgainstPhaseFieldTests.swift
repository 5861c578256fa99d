import Foundation
import Growth
import NumericalMethods
import Quantities
import Testing

/// The event-driven map of facets held to the phase field, which knows nothing of facets or cells.
@Suite struct MapAgainstPhaseFieldTests {
  /// Two crystals on one plate, fed by diffusion alone, compete for its solute: both ways of following them agree on how much
  /// they have taken, from their first growth until they have the plate to themselves.
  @Test func twoCompetingCrystalsTakeTheSameSolute() throws {
    let (diffusivity, width) = (1e-9, 1e-6)
    let (density, saturation, omega) = (7960.0, 600.0, 0.2)
    let interface = try PhaseFieldInterface(
      diffusivity: Diffusivity(si: diffusivity), capillaryLength: Length(si: 0.883883 * width / 30),
      width: Length(si: width))
    let box = try PhaseFieldBox(columns: 128, rows: 128, spacing: Length(si: 0.9 * width), edges: .walls)
    let places = [SIMD2(0.3, 0.35) * box.size.x, SIMD2(0.7, 0.6) * box.size.x]
    let radius = 5 * width
    var field = try PhaseFieldGrowth(
      interface, supersaturation: Ratio(si: omega), in: box,
      seeds: places.map { PhaseFieldSeed(center: $0, radius: Length(si: radius)) }, timeStep: TimeSpan(si: 2e-3))
    // The map grows from nothing: Frank's law tells when its crystals have the seeds' size.
    let age = pow(radius / (2 * (try FrankGrowth.discCoefficient(supersaturation: omega))), 2) / diffusivity
    let laws = ConfinedLaws(
      crystalDensity: density, saturation: { _ in saturation }, diffusivity: { _ in diffusivity },
      integrationSpeed: { excess, _, _ in 1e2 * excess })
    let program = try TemperatureProgram([
      ProgramSegment(from: .kelvin(340), to: .kelvin(340), rate: HeatingRate(si: 1)),
      ProgramSegment(hold: TimeSpan(si: 1.2)),
    ])
    let gap = GapGeometry(
      middle: Length(si: 1e-8), wedge: Angle(si: 0), bow: Curvature(si: 0),
      plateArea: Area(si: box.size.x * box.size.x), wettingFilm: Length(si: 0))
    var map = try ConfinedMap(
      width: 64, geometry: gap, concentration: saturation + omega * (density - saturation), program: program,
      laws: laws)
    for place in places { map.insert(at: place) }
    var random = RandomSource(seed: 1, stream: .growth)
    try map.run(random: &random)
    for _ in 0..<10 {
      try field.advance(steps: 50)
      let time = field.time.si + age
      let next = try #require(map.history.firstIndex { $0.time >= time })
      let (a, b) = (map.history[next - 1], map.history[next])
      let share = (time - a.time) / (b.time - a.time)
      let area = zip(a.edges, b.edges).reduce(0) { $0 + (1 - share) * $1.0 * $1.0 + share * $1.1 * $1.1 }
      #expect(abs(area / field.crystalArea.si - 1) < 0.06, "after \(time) s")
    }
    // They did compete: much of the excess is gone.
    #expect(field.crystalArea.si / (box.size.x * box.size.x) > 0.5 * omega)
  }
}
