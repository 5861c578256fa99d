import Foundation
import Growth
import Quantities
import Recipes
import Specimens
import Testing

/// Turning one knob of the recipe moves the outcome the way the equations demand.
@Suite struct ProcessDirectionTests {
  static let runs = 24 * Fixture.effort

  func median(_ recipe: Recipe, _ value: (GrownCrystal) -> Double) throws -> Double {
    try Fixture.median(try Fixture.crystals(recipe, runs: Self.runs).map(value))
  }

  func mean(_ recipe: Recipe, _ value: (GrownCrystal) -> Double) throws -> Double {
    try Fixture.crystals(recipe, runs: Self.runs).reduce(0) { $0 + value($1) } / Double(Self.runs)
  }

  private func firstNucleus(_ crystal: GrownCrystal) -> Double {
    crystal.record.first { $0.crystalCount > 0 }!.temperature.si
  }

  /// A fast ramp outruns depletion: nuclei appear later in temperature, more of them, and stay smaller.
  @Test func aFasterRampNucleatesHotterMoreAndSmaller() throws {
    let slow = try Fixture.recipe("process[0].program[0].rate=0.3 K/h")
    let fast = try Fixture.recipe("process[0].program[0].rate=20 K/h")
    #expect(try median(fast, firstNucleus) > median(slow, firstNucleus) + 1)
    // Means, because the medians of such small numbers are whole.
    let counts = try (mean(fast) { Double($0.crystalCount) }, mean(slow) { Double($0.crystalCount) })
    #expect(counts.0 > 1.5 * counts.1, "\(counts)")
    #expect(try median(fast) { $0.lateralSize.si } < median(slow) { $0.lateralSize.si })
  }

  /// A faster front traps more cation vacancies.
  @Test func aFasterRampLeavesMoreVacancies() throws {
    let slow = try Fixture.recipe("process[0].program[0].rate=0.3 K/h")
    let fast = try Fixture.recipe("process[0].program[0].rate=20 K/h")
    #expect(try median(fast) { $0.defects.cationVacancies.si } > median(slow) { $0.defects.cationVacancies.si })
  }

  /// The gap sets the thickness one to one, and with it what a current can tell of traps, through 1/L².
  @Test func theGapSetsTheThickness() throws {
    for gap in [5.0, 10, 40] {
      let recipe = try Fixture.recipe("process[0].gap=\(gap) µm", "process[0].gapWedge=0 rad")
      for crystal in try Fixture.crystals(recipe, runs: 6) {
        #expect(abs(crystal.thickness.si / (gap * 1e-6) - 1) < 1e-9)
        // 30 kT/q at 25 °C over q L²/2ε.
        let floor =
          60 * 0.025693 * 25.5 * Constants.vacuumPermittivity / (Constants.elementaryCharge * gap * gap * 1e-12)
        #expect(abs(crystal.traps.geometricFloor.si / floor - 1) < 1e-4)
        // Hundreds of times more traps than the crystal has would be needed.
        #expect(crystal.traps.apparentDensity == nil && crystal.traps.density < crystal.traps.geometricFloor)
      }
    }
  }

  /// More solute saturates at a lower temperature: c*(T) falls on heating.
  @Test func aRicherSolutionNucleatesColderAndYieldsMore() throws {
    let lean = try Fixture.recipe("process[0].concentration=1.0 mol/L")
    let rich = try Fixture.recipe("process[0].concentration=1.2 mol/L")
    #expect(try median(rich, firstNucleus) < median(lean, firstNucleus) - 5)
    #expect(try median(rich) { $0.yield.si } > median(lean) { $0.yield.si } + 0.1)
    #expect(try median(rich) { $0.growthTemperature.si } < median(lean) { $0.growthTemperature.si })
  }

  /// A hotter end draws more out of solution and freezes in more thermal strain.
  @Test func aHotterEndYieldsMore() throws {
    let mild = try Fixture.recipe("process[0].program[0].to=84 °C")
    let hot = try Fixture.recipe("process[0].program[0].to=95 °C")
    #expect(try median(hot) { $0.yield.si } > median(mild) { $0.yield.si } + 0.05)
    #expect(try median(hot) { $0.growthTemperature.si } > median(mild) { $0.growthTemperature.si })
  }

  /// A wall that wets the nucleus halves its work: more crystals, at lower temperature.
  @Test func aWallThatHelpsNucleationGivesMoreCrystals() throws {
    let helpful = try Fixture.recipe("process[0].contactAngle=85 deg")
    let hostile = try Fixture.recipe("process[0].contactAngle=105 deg")
    #expect(try median(helpful, firstNucleus) < median(hostile, firstNucleus))
    #expect(try median(helpful) { Double($0.crystalCount) } > median(hostile) { Double($0.crystalCount) })
  }

  /// Solute is neither lost nor made, counted from the crystals' edges, the gap and what is left in solution.
  @Test func soluteIsConservedInEveryRun() throws {
    for crystal in try Fixture.crystals(try Fixture.recipe(), runs: 12) {
      #expect(crystal.balanceError < 1e-10)
      let molar = 1 / (Constants.avogadro * pow(5.93e-10, 3))
      // Tolerances off: 20 µm, 15 mm plates, 5 µrad of wedge, 1 mol per liter of solvent.
      let solution = 2e-5 * 15e-3 * 15e-3
      let solvent = solution / (1 + 1000 / molar)
      let solid = crystal.yield.si * 1000 * solvent / molar
      let largest = crystal.sizes.max()!
      #expect(solid >= largest * largest * crystal.thickness.si * 0.999)
      let upper = crystal.sizes.reduce(0) { $0 + $1 * $1 * 2.01e-5 }
      #expect(solid <= upper * Double(crystal.crystalCount) / Double(crystal.sizes.count) + 1e-18)
    }
  }
}
