import Archive
import Fields
import NumericalMethods
import Quantities
import Specimens

/// Results with known random content.
struct Sample {
  var random: RandomSource

  init(seed: UInt64) { random = RandomSource(seed: seed, stream: RandomStream(rawValue: 200)) }

  /// Two devices, tables with every kind of column, and a recipe beyond ASCII.
  static func result(seed: UInt64) -> ResultFile {
    var sample = Sample(seed: seed)
    var other = DeviceFields(device: 3, fields: sample.fields(nx: 2, ny: 3, nz: 4), crystal: sample.crystal())
    other.time = 12.5
    let velocity = ["x", "y", "z"].map { MeshRecord.Component(name: $0, field: sample.field(Self.window(4, 2, 3))) }
    var first = DeviceFields(device: 0, fields: sample.fields(nx: 7, ny: 5, nz: 35), crystal: sample.crystal())
    let flux = ["x", "y", "z"].map { name in
      MeshRecord.Component(name: name, field: sample.field(Self.window(7, 5, 35)))
    }
    let fluxDimension = DimensionExponents(length: -2, time: -1)
    first.meshes.append(
      MeshRecord(
        name: "vacancyFlux", components: flux, units: "1/(m^2 s)", dimension: fluxDimension, longName: "vacancy flux",
        description: "Vacancies per area and time", creator: "Switching"))
    other.meshes.append(
      MeshRecord(
        name: "vacancyFlux", components: velocity, units: "1/(m^2 s)", dimension: fluxDimension,
        longName: "vacancy flux", description: "Vacancies per area and time", creator: "Switching"))
    return ResultFile(
      title: "MAPbBr₃ in a 20 µm gap", author: "A. Author", license: "CC-BY-4.0", date: 1_772_000_000,
      fields: [first, other], tables: [sample.table(rows: 1_000)] + sample.traceTables(),
      provenance: sample.provenance())
  }

  /// A number of any sign and size, now and then an edge of the format.
  mutating func number() -> Double {
    switch random.next() % 64 {
    case 0: -0.0
    case 1: .leastNonzeroMagnitude
    case 2: -.greatestFiniteMagnitude
    case 3: .pi
    default: (random.uniform() < 0.5 ? -1 : 1) * (random.uniform() + 0.5) * Self.power(Int(random.next() % 600) - 300)
    }
  }

  static func power(_ exponent: Int) -> Double { Double(sign: .plus, exponent: exponent, significand: 1) }

  static func window(_ nx: Int, _ ny: Int, _ nz: Int) -> Grid {
    Grid(nx: nx, ny: ny, nz: nz, spacing: SIMD3(4e-9, 5e-9, 2.5e-9), origin: SIMD3(1e-7, -2e-8, 3e-6))
  }

  mutating func field(_ grid: Grid) -> Field { Field(grid, values: (0..<grid.count).map { _ in number() }) }

  mutating func fields(nx: Int, ny: Int, nz: Int) -> CrystalFields {
    let grid = Self.window(nx, ny, nz)
    let plane = Grid(nx: 6, ny: 9, nz: 1, spacing: SIMD3(2e-5, 2e-5, 1e-9))
    return CrystalFields(
      compound: "MAPbBr3", vacancyDensity: field(grid), vacancyCount: field(grid), trapDensity: field(grid),
      strain: SymmetricTensorField(components: (0..<6).map { _ in field(grid) }), migrationBarrier: field(grid),
      vacancyEnergy: field(grid), stepMap: field(plane), windowCell: SIMD2(1, 2),
      meanVacancyDensity: NumberDensity(si: 1e23),
      logDeviation: Ratio(si: 0.5), correlationLength: Length(si: 2e-8), residualStrain: Ratio(si: 1e-3),
      residualStress: Pressure(si: 1e7), thickness: Length(si: 2e-5), unstrainedBarrier: Energy(si: 4e-20),
      temperature: Temperature(si: 298.15), warnings: [])
  }

  mutating func crystal() -> GrownCrystal {
    let plate = Grid(nx: 300, ny: 11, nz: 1, spacing: SIMD3(1e-5, 1e-5, 1e-9), origin: SIMD3(1e-3, 2e-3, 0))
    let density = NumberDensity(si: 1e20)
    let temperature = Temperature(si: 300)
    return GrownCrystal(
      compound: "MAPbBr3", thicknessMap: field(plate), thickness: Length(si: 2e-5), lateralSize: Length(si: 1e-3),
      center: SIMD2(0, 0), inductionTime: TimeSpan(si: 3600),
      nucleationTemperature: .kelvin(340), crystalCount: 1, sizes: [1e-3], growthRate: Velocity(si: 1e-8),
      yield: Ratio(si: 0.1),
      growthTemperature: temperature, temperature: temperature,
      orientation: Orientation(quaternion: SIMD4(1, 0, 0, 0), face: SIMD3(1, 0, 0), mosaicWidth: Angle(si: 1e-4)),
      defects: DefectInventory(
        halideVacancies: density, cationVacancies: density, leadVacancies: density, freezeTemperature: temperature),
      zoning: [], inclusionFraction: Ratio(si: 0),
      traps: TrapReading(
        density: density, apparentDensity: density, trapFilledLimitVoltage: .volts(1), geometricFloor: density,
        isResolved: true),
      record: [], balanceError: 0, warnings: [])
  }

  mutating func table(rows: Int) -> Table {
    func column(_ name: String, _ units: String, _ values: Table.Values) -> Table.Column {
      Table.Column(name: name, units: units, longName: "long \(name)", description: "About \(name)", values: values)
    }
    return Table(
      name: "everything", description: "Every kind of column", rowOrder: "as drawn", creator: "Tests",
      columns: [
        column("real", "V", .real((0..<rows).map { _ in number() })),
        column("maybe", "V", .censored((0..<rows).map { _ in random.uniform() < 0.3 ? nil : number() })),
        column("whole", "1", .integer((0..<rows).map { _ in Int(truncatingIfNeeded: random.next()) })),
        column("flag", "1", .flag((0..<rows).map { _ in random.uniform() < 0.5 })),
        column("word", "text", .text((0..<rows).map { ["", "low", "20 µm ± 1 µm", "°C", "a b"][$0 % 5] })),
      ])
  }

  mutating func traceTables() -> [Table] {
    let traces = (0..<4).map { device in
      SwitchingTrace(
        forming: SwitchingTrace.Forming(
          voltage: device == 2 ? nil : number(), pristineResistance: number(), formedResistance: number(),
          kineticTimeBefore: number(), kineticTimeAfter: number()),
        cycles: (1...3).map { number in
          SwitchingTrace.Cycle(
            number: number, setVoltage: device == 2 ? nil : self.number(), resetVoltage: self.number(),
            lowResistance: self.number(), highResistance: self.number(), vacanciesOn: 100 * device + number,
            vacanciesOff: number, setEnergy: self.number())
        },
        curves: [:], readVoltage: 0.1, warnings: [])
    }
    let numbered = traces.enumerated().map { (device: 5 + 2 * $0.offset, trace: $0.element) }
    return [.states(of: numbered), .cycles(of: numbered), .formings(of: numbered), Self.emptyTable]
  }

  static let emptyTable = Table(
    name: "empty", description: "No rows", rowOrder: "none", creator: "Tests",
    columns: [
      Table.Column(name: "nothing", units: "1", longName: "nothing", description: "No rows", values: .integer([]))
    ])

  mutating func provenance() -> RunProvenance {
    RunProvenance(
      recipe: Array("gap: 20 µm ± 1 µm # °C\n".utf8), resolvedRecipe: "gap: 2e-5 m\n",
      overrides: ["process[0].gap=21 µm", "seed=8"], version: "0.1.0", libraryVersions: ["FFTW": "3.3.10"],
      seed: UInt64.max - 7, randomAlgorithm: "Philox 4x32-10", inputHash: SHA256.digest(of: [1, 2, 3]),
      numbers: (0..<5).map { index in
        RunProvenance.Number(
          path: "MAPbBr3.number\(index)", value: number(), units: "Pa", text: "\(index) GPa ± 1 GPa", kind: "measured",
          source: "10.1000/\(index)", read: "full text", uncertainty: "1 GPa")
      })
  }
}
