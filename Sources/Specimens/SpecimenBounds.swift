import Quantities

/// What crystals, flakes or dies of a run are held to: the recipe's `bounds:` block.
public struct SpecimenBounds: Hashable, Sendable, Codable {
  public var minimumThickness: Length?
  public var maximumThickness: Length?
  public var minimumArea: Area?
  /// Of mobile halide vacancies.
  public var maximumVacancyDensity: NumberDensity?
  /// Of deep traps, those of grain boundaries among them.
  public var maximumTrapDensity: NumberDensity?

  public init(
    minimumThickness: Length? = nil, maximumThickness: Length? = nil, minimumArea: Area? = nil,
    maximumVacancyDensity: NumberDensity? = nil, maximumTrapDensity: NumberDensity? = nil
  ) {
    self.minimumThickness = minimumThickness
    self.maximumThickness = maximumThickness
    self.minimumArea = minimumArea
    self.maximumVacancyDensity = maximumVacancyDensity
    self.maximumTrapDensity = maximumTrapDensity
  }

  public static let keys: [ParameterKey] = [
    .quantity("minimumThickness", LengthDimension.self, in: 0...1, default: "", "Thinnest that will do."),
    .quantity("maximumThickness", LengthDimension.self, in: 1e-10...1, default: "", "Thickest that will do."),
    .quantity("minimumArea", AreaDimension.self, in: 0...1, default: "", "Smallest plan that will do."),
    .quantity(
      "maximumVacancyDensity", NumberDensityDimension.self, in: 1...1e30, default: "",
      "Most mobile halide vacancies that will do."),
    .quantity(
      "maximumTrapDensity", NumberDensityDimension.self, in: 1...1e30, default: "",
      "Most deep traps that will do, those of grain boundaries among them."),
  ]

  public func accept(_ member: PlateMember) -> Bool {
    member.thickness >= minimumThickness ?? member.thickness && member.thickness <= maximumThickness ?? member.thickness
      && member.area >= minimumArea ?? member.area
      && member.halideVacancies <= maximumVacancyDensity ?? member.halideVacancies
      && member.trapDensity <= maximumTrapDensity ?? member.trapDensity
  }

  /// Of the crystals, flakes or dies of a run, the share that will do.
  public func yield(of crystal: GrownCrystal) -> Ratio {
    let members = crystal.plateMembers
    let all = members.reduce(0) { $0 + $1.count }
    return Ratio(si: members.reduce(0) { $0 + (accept($1) ? $1.count : 0) } / all)
  }
}

extension GrownCrystal {
  /// What the run gave on its plate; the crystal itself, where that is all.
  public var plateMembers: [PlateMember] {
    guard plate.isEmpty else { return plate }
    return [
      PlateMember(
        position: center, area: Area(si: lateralSize.si * lateralSize.si), thickness: thickness,
        halideVacancies: defects.halideVacancies, trapDensity: traps.density)
    ]
  }

  /// Standard deviation of the thickness over what the run gave on its plate; nil where that is one crystal, or alike to
  /// less than a hundredth of a lattice constant.
  public var plateThicknessDeviation: Length? {
    guard plate.count > 1 else { return nil }
    let all = plate.reduce(0) { $0 + $1.count }
    let mean = plate.reduce(0) { $0 + $1.count * $1.thickness.si } / all
    let square = plate.reduce(0) { $0 + $1.count * ($1.thickness.si - mean) * ($1.thickness.si - mean) }
    let deviation = (square / (all - 1)).squareRoot()
    return deviation > 5e-12 ? Length(si: deviation) : nil
  }
}
