import Fields
import Materials
import NumericalMethods
import Quantities
import Specimens

/// Inverse temperature crystallization between two plates.
public struct SpaceConfinedGrowth: ProcessModel {
  public var solvent: String
  /// Moles of compound per volume of solvent.
  public var concentration: Concentration
  /// Distance of the plates at the middle of the cell.
  public var gap: Length
  /// Slope of the upper plate along x.
  public var gapWedge: Angle
  /// Curvature of the upper plate: the gap grows by κ r²/2 from the middle.
  public var gapBow: Curvature
  /// Solution film that stays between crystal and plate, both sides together.
  public var wettingFilm: Length
  /// Area of the square plates.
  public var plateArea: Area
  public var contactAngle: Angle
  public var program: [ProgramSegment]

  public static let name = "spaceConfinedGrowth"
  public static let summary = "Inverse temperature crystallization in the gap between two plates."
  public static let keys: [ParameterKey] = [
    ParameterKey("solvent", .text(choices: []), "Name of a solvent in data/ with a solution entry of the compound."),
    .quantity("concentration", ConcentrationDimension.self, in: 1...1e4, "Moles of compound per volume of solvent."),
    .quantity("gap", LengthDimension.self, in: 1e-7...2e-4, "Distance of the plates at the middle of the cell."),
    .quantity("gapWedge", AngleDimension.self, in: -1e-2...1e-2, default: "0 rad", "Slope of the upper plate along x."),
    .quantity("gapBow", CurvatureDimension.self, in: -1...1, default: "0 1/m", "Curvature of the upper plate."),
    .quantity("wettingFilm", LengthDimension.self, in: 0...1e-6, default: "0 nm", "Solution left between crystal and plates."),
    .quantity("plateArea", AreaDimension.self, in: 1e-8...1e-2, "Area of the square plates; with the gap, the volume of solution."),
    .quantity("contactAngle", AngleDimension.self, in: 0.01...3.13, default: "90 deg", "Contact angle of the solution's nucleus on the plates; 180° is a wall that does not help nucleation."),
    ParameterKey("program", .list(ProgramSegment.keys), "Ramps and holds, in order."),
  ]

  public func run(
    on specimen: GrownCrystal?, of material: Compound, in library: MaterialLibrary, random: inout RandomSource
  ) throws -> GrownCrystal {
    fatalError("to be written")
  }

  public func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] { [] }
}
