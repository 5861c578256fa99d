import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Recipes
import Specimens
import Testing

/// A vessel of MAPbBr₃ in DMF, and what its crystals must do whatever the numbers are.
@Suite struct SolutionGrowthTests {
  /// 5 mL of 1 mol/L in DMF, ramped to 80 °C and held; keys on top.
  static func recipe(_ keys: String = "", program: String = Self.program) throws -> Recipe {
    try Recipe(
      yaml: """
        schema: 1
        name: vessel
        material: MAPbBr3
        seed: 1
        process:
          - model: solutionGrowth
            solvent: DMF
            concentration: 1.0 mol/L
            volume: 5 mL
            program: \(program)
            \(keys)
        """
    )
  }

  static let program = "[{from: 25 °C, to: 80 °C, rate: 20 K/h}, {hold: 3 h}]"

  static let library = try! Fixture.library()

  static func grow(_ recipe: Recipe, seed: UInt64 = 1) throws -> GrownCrystal {
    return try recipe.process.run(on: try library.material("MAPbBr3"), in: library, seed: seed)
  }

  static let seeded = "contactAngle: 179 deg\n    seedCount: 3\n    seedEdge: 0.2 mm"

  /// Where nothing nucleates, the seeds alone take up the solute.
  @Test func seedsAloneGrowWhereNothingNucleates() throws {
    let crystal = try Self.grow(try Self.recipe(Self.seeded, program: "[{from: 50 °C, to: 75 °C, rate: 2 K/h}]"))
    #expect(crystal.crystalCount == 3)
    #expect(crystal.lateralSize.si > 1e-3)
    let density = try Self.library.material("MAPbBr3").molarDensity
    let solvent = 5e-6 / (1 + 1000 / density)
    // Crystals hold their share of all solute, that of the seeds included.
    let (held, seeds) = (3 * density * pow(crystal.lateralSize.si, 3), 3 * density * pow(0.2e-3, 3))
    #expect(abs(crystal.yield.si * (1000 * solvent + seeds) / held - 1) < 1e-9)
    #expect(crystal.balanceError < 1e-10)
  }

  /// Corners have at most 2β of the supersaturation to give, so a threshold beyond that includes nothing at any speed; without
  /// a threshold every ring includes all it may; between the two, a face that integration slows starves less.
  @Test func solventIsIncludedWhereTransportStarvesTheFace() throws {
    func fraction(threshold: Double, speed: Double = 1) throws -> Double {
      var compound = try Self.library.material("MAPbBr3")
      compound.growthKinetics.cornerDepletion = Ratio(si: 0.2)
      compound.growthKinetics.inclusionThreshold = Ratio(si: threshold)
      compound.growthKinetics.integrationPrefactor.si *= speed
      var library = Self.library
      library.compounds["MAPbBr3"] = compound
      let recipe = try Self.recipe(Self.seeded, program: "[{from: 50 °C, to: 75 °C, rate: 2 K/h}]")
      return try recipe.process.run(on: compound, in: library, seed: 1).inclusionFraction.si
        / compound.growthKinetics.largestInclusionFraction.si
    }
    #expect(try fraction(threshold: 0.41) == 0)
    #expect(abs(try fraction(threshold: 0) - 1) < 1e-12)
    let (slow, fast) = try (fraction(threshold: 0.1, speed: 0.03), fraction(threshold: 0.1, speed: 30))
    #expect(slow < fast && fast <= 0.75 + 1e-9)
  }

  /// A scarce salt bounds what can crystallize, whichever it is.
  @Test(arguments: [0.5, 1, 3]) func theScarcerSaltBoundsTheYield(ratio: Double) throws {
    let recipe = try Self.recipe(
      Self.seeded + "\n    precursorRatio: \(ratio)", program: "[{from: 50 °C, to: 75 °C, rate: 2 K/h}]")
    let crystal = try Self.grow(recipe)
    #expect(crystal.yield.si < 1)
    // What the excess salt changes is the defects alone: the solution holds as much compound.
    #expect(
      abs(
        crystal.lateralSize.si
          / (try Self.grow(try Self.recipe(Self.seeded, program: "[{from: 50 °C, to: 75 °C, rate: 2 K/h}]")))
          .lateralSize.si - 1) < 1e-12)
  }

  @Test func seedsInUndersaturatedSolutionDissolve() throws {
    #expect(throws: GrowthError.dissolved) {
      _ = try Self.grow(try Self.recipe(Self.seeded, program: "[{from: 25 °C, to: 30 °C, rate: 1 K/h}, {hold: 48 h}]"))
    }
    // What they held is in solution then.
    let compound = try Self.library.material("MAPbBr3")
    let growth = FaceGrowth(of: compound)
    var batch = PopulationBalance(
      crystalDensity: compound.molarDensity, solventVolume: 1e-6, concentration: 1000,
      program: try TemperatureProgram([
        ProgramSegment(from: .kelvin(300), to: .kelvin(301), rate: HeatingRate(si: 1e-5))
      ]),
      faceSpeed: { c, t, edge, _ in
        try growth.speed(
          concentration: c / (1 + c / compound.molarDensity), saturation: 1400 / (1 + 1400 / compound.molarDensity),
          temperature: t, transport: .open(diffusivity: 1e-9, edge: edge, buoyancy: 1e10, forced: 0))
      })
    batch.seed(count: 5, edge: 2e-4)
    try batch.advance(to: 1e5)
    #expect(batch.edge(0) < 2 * PopulationBalance.nucleusEdge)
    let held = 5 * pow(2e-4, 3) * compound.molarDensity / 1e-6
    #expect(abs(batch.concentration / (1000 + held) - 1) < 1e-10)
  }

  /// The run's interpolated speeds against the law itself, solved crystal by crystal, at two tolerances.
  @Test func interpolatedSpeedsAndTolerancesChangeNothing() throws {
    let compound = try Self.library.material("MAPbBr3")
    let liquor = try MotherLiquor(of: compound, in: "DMF", library: Self.library)
    let growth = FaceGrowth(of: compound)
    let volume = { (c: Double) -> Double in c / (1 + c / compound.molarDensity) }
    let lift =
      Constants.gravity * compound.molarMass.si
      * (1 - liquor.density / (compound.molarDensity * compound.molarMass.si))
    func edge(_ tolerance: Double) throws -> Double {
      var batch = PopulationBalance(
        crystalDensity: compound.molarDensity, solventVolume: 5e-6 / (1 + 1000 / compound.molarDensity),
        concentration: 1000,
        program: try TemperatureProgram([
          ProgramSegment(from: .kelvin(323.15), to: .kelvin(348.15), rate: HeatingRate(si: 2.0 / 3600))
        ]), relativeTolerance: tolerance,
        faceSpeed: { c, t, edge, _ in
          let diffusivity = liquor.diffusivity(at: t)
          return try growth.speed(
            concentration: volume(c), saturation: volume(liquor.saturation(at: t)), temperature: t,
            transport: .open(
              diffusivity: diffusivity, edge: edge, buoyancy: lift / (liquor.viscosity(at: t) * diffusivity), forced: 0)
          )
        })
      batch.seed(count: 3, edge: 0.2e-3)
      try batch.advance(to: 12.5 * 3600)
      return batch.edge(0)
    }
    let exact = try edge(1e-9)
    #expect(abs(try edge(1e-6) / exact - 1) < 1e-5)
    #expect(abs(try edge(5e-7) / exact - 1) < 1e-5)
    let crystal = try Self.grow(try Self.recipe(Self.seeded, program: "[{from: 50 °C, to: 75 °C, rate: 2 K/h}]"))
    #expect(abs(crystal.lateralSize.si / exact - 1) < 1e-4)
  }

  @Test func aStirredVesselGrowsFasterThanAStillOne() throws {
    let program = "[{from: 50 °C, to: 75 °C, rate: 20 K/h}]"
    let still = try Self.grow(try Self.recipe(Self.seeded, program: program))
    let slow = try Self.grow(try Self.recipe(Self.seeded + "\n    stirringRate: 1 Hz", program: program))
    let fast = try Self.grow(try Self.recipe(Self.seeded + "\n    stirringRate: 10 Hz", program: program))
    #expect(slow.lateralSize.si >= still.lateralSize.si)
    #expect(fast.lateralSize.si > 1.02 * slow.lateralSize.si)
  }

  /// The same code grows on heating where the solubility falls and on cooling where it rises.
  @Test func retrogradeSolutionsGrowOnHeatingAndOthersOnCooling() throws {
    var usual = Self.library
    var compound = try usual.material("MAPbBr3")
    var solution = try #require(compound.solutions["DMF"])
    // Two crossing laws: both hold 1.1 mol/L at 50 °C.
    solution.referenceTemperature = .kelvin(323.15)
    solution.solubility = Concentration(si: 1100)
    solution.dissolutionHeatCapacity = nil
    for (enthalpy, growing, dissolving) in [(-15e3, 343.15, 303.15), (15e3, 303.15, 343.15)] {
      solution.dissolutionEnthalpy = MolarEnergy(si: enthalpy)
      compound.solutions["DMF"] = solution
      usual.compounds["MAPbBr3"] = compound
      func run(to end: Double) throws -> GrownCrystal {
        let recipe = try Self.recipe(
          Self.seeded, program: "[{from: 323.15 K, to: \(end) K, rate: 10 K/h}, {hold: 48 h}]")
        return try recipe.process.run(on: compound, in: usual, seed: 1)
      }
      let crystal = try run(to: growing)
      #expect(crystal.lateralSize.si > 1e-3)
      #expect(crystal.yield.si > 0.05)
      #expect(throws: GrowthError.dissolved) { _ = try run(to: dissolving) }
    }
  }

  /// Probabilities of how a run ends need runs that differ by chance alone.
  @Test func inductionTimesAndCountsScatterBetweenRuns() throws {
    let recipe = try Self.recipe("contactAngle: 80 deg")
    let crystals = try (0..<12).map { try Self.grow(recipe, seed: UInt64($0)) }
    #expect(Set(crystals.map(\.inductionTime.si)).count == 12)
    #expect(Set(crystals.map(\.crystalCount)).count > 3)
    for crystal in crystals {
      #expect(crystal.balanceError < 1e-10)
      #expect(crystal.sizes.max() == crystal.lateralSize.si)
    }
  }

  @Test func theMedianCrystalIsSmallerThanTheLargest() throws {
    let largest = try Self.grow(try Self.recipe())
    let median = try Self.grow(try Self.recipe("harvest: 0.5"))
    #expect(median.sizes == largest.sizes)
    #expect(median.lateralSize < largest.lateralSize)
  }

  @Test func theFormFollowsTheTransitionalSupersaturations() throws {
    let recipe = try Self.recipe(Self.seeded, program: "[{from: 50 °C, to: 75 °C, rate: 20 K/h}]")
    var compound = try Self.library.material("MAPbBr3")
    func form(_ hopper: Double, _ dendrite: Double) throws -> CrystalForm {
      compound.growthKinetics.hopperSupersaturation = Ratio(si: hopper)
      compound.growthKinetics.dendriteSupersaturation = Ratio(si: dendrite)
      return try recipe.process.run(on: compound, in: Self.library, seed: 1).form
    }
    #expect(try form(3, 4) == .polyhedral)
    #expect(try form(1e-3, 4) == .hopper)
    #expect(try form(1e-3, 2e-3) == .dendritic)
  }
}
