import Foundation
import Materials
import Quantities
import Specimens

/// Which compounds of the same salts a film of given composition consists of.
///
/// The lever rule: as many phases as salts, those at the corners of the simplex around the film's point in the plane of
/// salt shares. The simplices are laid smallest first, none across another, so that no tie lines cross. Every phase
/// counts as stable against its neighbors; only a temperature takes one away.
struct PhaseShares {
  typealias Salts = SurfaceBalance.Salts

  struct Phase {
    var name: String
    /// Salt molecules per formula unit.
    var salts: Salts
    /// Of a formula unit, m³.
    var volume: Double
  }

  let phases: [Phase]
  private let saltCount: Int
  /// Corners of each simplex and the inverse of their composition matrix, smallest simplex first.
  private let simplices: [(corners: [Int], inverse: [Salts])]

  /// - Parameters:
  ///   - salts: sources in the order of the lanes.
  init(of compound: Compound, salts: [VaporSource], law: Sublimation, temperature: Temperature) {
    var phases = [
      Phase(
        name: compound.name, salts: Self.counts(law.salts.mapValues(\.formulaUnits), salts),
        volume: 1 / compound.formulaUnitDensity)
    ]
    // In the order of the names, so that nothing depends on hashing.
    for (name, phase) in (law.competingPhases ?? [:]).sorted(by: { $0.key < $1.key }) {
      if let highest = phase.highestTemperature, temperature > highest { continue }
      phases.append(
        Phase(
          name: name, salts: Self.counts(phase.salts.mapValues(\.formulaUnits), salts),
          volume: phase.molarVolume.si / Constants.avogadro))
    }
    for salt in salts {
      phases.append(Phase(name: salt.name, salts: Self.counts([salt.name: 1], salts), volume: salt.moleculeVolume))
    }
    self.phases = phases
    saltCount = salts.count
    var found: [(corners: [Int], inverse: [Salts], rows: [Salts], columns: [Salts], size: Double)] = []
    for corners in Self.choices(of: salts.count, from: phases.count) {
      let columns = corners.map { phases[$0].salts / phases[$0].salts.sum() }
      guard let (inverse, determinant) = Self.inverse(columns, salts.count), abs(determinant) > 1e-9 else { continue }
      let perUnit = zip(inverse, corners).map { row, corner in row / phases[corner].salts.sum() }
      found.append((corners, perUnit, inverse, columns, abs(determinant)))
    }
    var laid: [(corners: [Int], inverse: [Salts], rows: [Salts], columns: [Salts], size: Double)] = []
    for simplex in found.sorted(by: { $0.size < $1.size }) {
      let isFree = laid.allSatisfy {
        Self.isBeyondAFace(of: $0.rows, simplex.columns) || Self.isBeyondAFace(of: simplex.rows, $0.columns)
      }
      // Beyond a plane faces alone do not tell simplices apart; there the smallest around a point serves.
      if isFree || salts.count > 3 { laid.append(simplex) }
    }
    simplices = laid.map { ($0.corners, $0.inverse) }
  }

  /// Whether points lie on the far side of a face of a simplex, given by what each of its corners has of a point.
  private static func isBeyondAFace(of rows: [Salts], _ points: [Salts]) -> Bool {
    rows.contains { row in points.allSatisfy { (row * $0).sum() <= 1e-9 } }
  }

  /// Formula units of each phase in so many molecules of the salts.
  func amounts(_ salts: Salts) -> [Double] {
    var amounts = [Double](repeating: 0, count: phases.count)
    let total = salts.sum()
    guard total > 0 else { return amounts }
    for (corners, inverse) in simplices {
      let shares = inverse.map { ($0 * salts).sum() }
      guard shares.allSatisfy({ $0 >= -1e-9 * total }) else { continue }
      for (corner, share) in zip(corners, shares) { amounts[corner] = max(0, share) }
      return amounts
    }
    return amounts
  }

  /// m³.
  func volume(_ salts: Salts) -> Double { zip(amounts(salts), phases).reduce(0) { $0 + $1.0 * $1.1.volume } }

  private static func counts(_ table: [String: Int], _ salts: [VaporSource]) -> Salts {
    var counts = Salts.zero
    for (lane, salt) in salts.enumerated() { counts[lane] = Double(table[salt.name] ?? 0) }
    return counts
  }

  private static func choices(of count: Int, from total: Int) -> [[Int]] {
    guard count > 0 else { return [[]] }
    guard total >= count else { return [] }
    return choices(of: count, from: total - 1) + choices(of: count - 1, from: total - 1).map { $0 + [total - 1] }
  }

  /// Rows of the inverse of a matrix given by columns, by Gauss and Jordan with pivots.
  private static func inverse(_ columns: [Salts], _ n: Int) -> (rows: [Salts], determinant: Double)? {
    var matrix = (0..<n).map { row in
      var line = Salts.zero
      for column in 0..<n { line[column] = columns[column][row] }
      return line
    }
    var inverse = (0..<n).map { row in
      var line = Salts.zero
      line[row] = 1
      return line
    }
    var determinant = 1.0
    for column in 0..<n {
      let pivot = (column..<n).max { abs(matrix[$0][column]) < abs(matrix[$1][column]) }!
      guard abs(matrix[pivot][column]) > 1e-12 else { return nil }
      if pivot != column {
        matrix.swapAt(pivot, column)
        inverse.swapAt(pivot, column)
        determinant = -determinant
      }
      let value = matrix[column][column]
      determinant *= value
      matrix[column] /= value
      inverse[column] /= value
      for row in 0..<n where row != column {
        let factor = matrix[row][column]
        matrix[row] -= factor * matrix[column]
        inverse[row] -= factor * inverse[column]
      }
    }
    return (inverse, determinant)
  }
}

extension PhaseShares {
  /// Volume share of each phase in layers, by name.
  func shares(of layers: [Salts]) -> [String: Double] {
    var volumes = [Double](repeating: 0, count: phases.count)
    for layer in layers {
      for (index, amount) in amounts(layer).enumerated() { volumes[index] += amount * phases[index].volume }
    }
    let total = volumes.reduce(0, +)
    return zip(phases, volumes).reduce(into: [:]) { if $1.1 > 1e-9 * total { $0[$1.0.name] = $1.1 / total } }
  }
}

extension GrownCrystal {
  /// Share of other compounds above which the compound's own numbers no longer tell of the film.
  private static let largestSecondaryShare = 0.02

  /// Takes over what the film consists of, and says so where it is not one compound.
  mutating func adoptPhases(_ shares: [String: Double]) {
    secondaryPhases = shares.filter { $0.key != compound }.mapValues { Ratio(si: $0) }
    warnings.removeAll { $0.code == "secondaryPhases" }
    let others = secondaryPhases.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value.si }
    guard others > Self.largestSecondaryShare else { return }
    warnings.append(
      ValidityWarning(
        stage: "growth", code: "secondaryPhases",
        message: String(format: "%.0f", 100 * others)
          + " % of the film are other compounds; defects and traps are those of \(compound) between them"))
  }
}
