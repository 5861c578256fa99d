import Materials
import Quantities
import Specimens

/// A film from vapor at the middle of its plate: what landed, what stayed, and of what it consists from the substrate
/// up.
public struct FilmProfile: Hashable, Sendable {
  /// A part of the film of one composition.
  public struct Layer: Hashable, Sendable {
    public var thickness: Length
    /// (A/ν_A − B/ν_B) over the mean of both: too much AX above 0, too much BX₂ below.
    public var excess: Double
    /// Volume share of each phase, the compound's own among them.
    public var phases: [String: Double]
  }

  /// Molecules per area by salt.
  public var arrived: [String: Double]
  public var desorbed: [String: Double]
  public var kept: [String: Double]
  /// Of the whole film, as of a layer; dx of physics (3.5).
  public var excess: Double
  /// ln a_AX of the surface while the compound grew, mean; 0 in the middle of what the compound stands.
  public var logSaltActivity: Double
  /// Volume share of each phase in the whole film.
  public var phases: [String: Double]
  public var thickness: Length
  public var time: TimeSpan
  public var layers: [Layer]
}

extension VacuumSublimation {
  /// The film at the middle of the plate.
  /// - Throws: `MaterialError`.
  public func profile(of material: Compound, in library: MaterialLibrary) throws -> FilmProfile {
    guard let law = material.sublimation else {
      throw MaterialError.unknown(what: "sublimation constants", name: material.name, known: [])
    }
    var course = try SublimationCourse(self, of: material, law: law, in: library)
    course.run(duration: duration?.si, thickness: targetThickness?.si)
    let column = course.column
    let laws = course.laws
    func named(_ salts: SurfaceBalance.Salts) -> [String: Double] {
      Dictionary(uniqueKeysWithValues: course.salts.enumerated().map { ($1.name, salts[$0]) })
    }
    let layers = column.allLayers.map { salts in
      let volumes = zip(laws.phases.phases, laws.phases.amounts(salts)).map { ($0.name, $0.volume * $1) }
      let total = volumes.reduce(0) { $0 + $1.1 }
      return FilmProfile.Layer(
        thickness: Length(si: total), excess: FilmColumn.excess(salts, laws),
        phases: Dictionary(uniqueKeysWithValues: volumes.map { ($0.0, $0.1 / total) }).filter { $0.value > 1e-9 })
    }
    return FilmProfile(
      arrived: named(column.arrived), desorbed: named(column.desorbed), kept: named(column.kept),
      excess: column.excess, logSaltActivity: column.logSaltActivity, phases: column.phaseShares,
      thickness: Length(si: column.thickness), time: TimeSpan(si: course.time), layers: layers)
  }
}
