import Foundation
import Materials
import Quantities
import Specimens

/// A run of `VacuumSublimation` in time: crucibles empty, the film at the plate's middle grows, the shutter closes.
struct SublimationCourse {
  typealias Salts = SurfaceBalance.Salts

  /// A time through which every crucible's rate counts as steady.
  struct Interval {
    var start: Double
    var end: Double
    /// Molecules that each crucible gives off.
    var emitted: [Salts]
  }

  /// Salts of the compound, in the order of the lanes.
  let salts: [VaporSource]
  let laws: FilmColumn.Laws
  let geometries: [SourceGeometry]
  private let charges: [Salts]
  private(set) var crucibles: [Crucible]
  private(set) var intervals: [Interval] = []
  /// At the middle of the plate.
  private(set) var column: FilmColumn
  private(set) var time = 0.0
  /// When the first film grew, s, and the formula units that landed then per area and time.
  private(set) var first: (time: Double, supply: Double)?
  private(set) var record: [GrowthRecord] = []
  private(set) var isTargetReached = false
  private let substrateTemperature: Temperature

  /// Share of a charge that leaves in an interval at most; share of the duration that one lasts at most.
  private static let longestShare = 1.0 / 64
  /// A run without another end stops here, s.
  static let longestRun = 1e7

  /// - Throws: `MaterialError.unknown`.
  init(_ process: VacuumSublimation, of compound: Compound, law: Sublimation, in library: MaterialLibrary) throws {
    // In the order of the names, so that nothing depends on hashing.
    let salts = try law.salts.keys.sorted().map { try library.source($0) }
    self.salts = salts
    laws = FilmColumn.Laws(of: compound, law: law, salts: salts, temperature: process.substrateTemperature)
    crucibles = process.sources.map { setting in
      let lanes = salts.indices.filter { setting.source == compound.name || salts[$0].name == setting.source }
      let isPowder = setting.source == compound.name
      let counts = lanes.map { isPowder ? Double(law.salts[salts[$0].name]!.formulaUnits) : 1 }
      let mass = zip(lanes, counts).reduce(0) { $0 + $1.1 * salts[$1.0].moleculeMass }
      let parts = zip(lanes, counts).map { lane, count in
        Crucible.Part(
          salt: lane, amount: setting.charge.si / mass * count,
          pureRate: setting.area.si * Evaporation.flux(of: salts[lane], at: setting.temperature), count: count)
      }
      return Crucible(
        parts, formationEnergy: isPowder ? law.formationEnergy.si / (Constants.boltzmann * setting.temperature.si) : 0)
    }
    geometries = process.geometries
    charges = crucibles.map(Self.amounts)
    column = FilmColumn(laws: laws, shares: geometries.map { $0.share(at: .zero) })
    substrateTemperature = process.substrateTemperature
  }

  private static func amounts(_ crucible: Crucible) -> Salts {
    var amounts = Salts.zero
    for part in crucible.parts { amounts[part.salt] += part.amount }
    return amounts
  }

  /// Runs until the time is over, the film is as thick as asked, or the crucibles are empty.
  mutating func run(duration: Double?, thickness target: Double?) {
    let end = min(duration ?? Self.longestRun, Self.longestRun)
    while time < end, crucibles.contains(where: { $0.left > 0 }) {
      var h = end - time
      if duration != nil { h = min(h, max(Self.longestShare * end, 1e-12 * end)) }
      for crucible in crucibles where crucible.left > 0 {
        let total = crucible.rates.reduce(0, +)
        guard total > 0 else { continue }
        h = min(h, crucible.step, Self.longestShare * crucible.charge / total)
      }
      // Rounding must not leave a sliver.
      if end - time - h < 1e-9 * h { h = end - time }
      var next = self
      next.advance(by: h)
      if let target, next.column.thickness > target {
        let below = column.thickness
        for _ in 0..<3 {
          let grown = next.column.thickness - below
          guard grown > 0 else { break }
          h *= (target - below) / grown
          next = self
          next.advance(by: h)
        }
        next.isTargetReached = true
        self = next
        return
      }
      self = next
    }
  }

  private mutating func advance(by h: Double) {
    let emitted = crucibles.indices.map { index in
      var salts = Salts.zero
      for (part, gone) in zip(crucibles[index].parts, crucibles[index].evaporate(for: h)) { salts[part.salt] += gone }
      return salts
    }
    column.deposit(emitted, for: h, isLayered: true)
    let interval = Interval(start: time, end: time + h, emitted: emitted)
    time += h
    if first == nil, column.speed > 0 { first = (interval.start, column.supply) }
    if let last = intervals.last, last.isAsSteady(as: interval) {
      intervals[intervals.count - 1].append(interval)
    } else {
      intervals.append(interval)
    }
    record.append(
      GrowthRecord(
        time: TimeSpan(si: time), temperature: substrateTemperature, concentration: Concentration(si: 0),
        saturation: Ratio(si: column.saturation), largestSize: Length(si: column.thickness), crystalCount: 0))
  }

  /// Molecules of each salt that left the crucibles.
  var evaporated: Salts { intervals.reduce(.zero) { $1.emitted.reduce($0, +) } }

  /// Error of the crucibles' own account over their charge: what was there, is there, and left.
  var crucibleError: Double {
    var worst = 0.0
    for (index, crucible) in crucibles.enumerated() {
      let gone = intervals.reduce(Salts.zero) { $0 + $1.emitted[index] }
      let missing = charges[index] - Self.amounts(crucible) - gone
      for part in crucible.parts where charges[index][part.salt] > 0 {
        worst = max(worst, abs(missing[part.salt]) / charges[index][part.salt])
      }
    }
    return worst
  }

  /// The intervals in at most so many groups, for the rest of the plate.
  func grouped(_ count: Int) -> [Interval] {
    guard intervals.count > count else { return intervals }
    var groups: [Interval] = []
    for (index, interval) in intervals.enumerated() {
      if index * count / intervals.count < groups.count {
        groups[groups.count - 1].append(interval)
      } else {
        groups.append(interval)
      }
    }
    return groups
  }

  /// The column at another point of the plate, without its layers.
  func column(at point: SIMD2<Double>, through groups: [Interval]) -> FilmColumn {
    var column = FilmColumn(laws: laws, shares: geometries.map { $0.share(at: point) })
    for group in groups { column.deposit(group.emitted, for: group.end - group.start, isLayered: false) }
    return column
  }
}

extension SublimationCourse.Interval {
  fileprivate mutating func append(_ next: Self) {
    end = next.end
    for index in emitted.indices { emitted[index] += next.emitted[index] }
  }

  /// Whether the rates are the same up to rounding.
  fileprivate func isAsSteady(as next: Self) -> Bool {
    zip(emitted, next.emitted).allSatisfy { a, b in
      let (a, b) = (a / (end - start), b / (next.end - next.start))
      return (0..<4).allSatisfy { abs(a[$0] - b[$0]) <= 1e-9 * max(a[$0], b[$0]) }
    }
  }
}
