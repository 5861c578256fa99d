import Foundation
import Materials
import Quantities

/// A step that grows a crystal from a solution: what all such steps ask for, and check, alike.
public protocol SolutionProcess: ProcessModel {
  var solvent: String { get }
  /// A second solvent, mixed in.
  var cosolvent: String? { get }
  /// Its volume over that of both solvents.
  var cosolventFraction: Ratio? { get }
  /// An additive such as formic acid.
  var modulator: String? { get }
  var modulatorConcentration: Concentration? { get }
  /// Moles of compound per volume of solvent, as many as the scarcer salt can make.
  var concentration: Concentration { get }
  /// Moles of A halide per mole of B halide in the solution, over that of the compound.
  var precursorRatio: Ratio { get }
  /// A foreign ion in the solution.
  var impurity: String? { get }
  /// Its moles per mole of compound in solution.
  var impurityFraction: Ratio? { get }
}

extension SolutionProcess {
  public static var makesCrystal: Bool { true }

  /// The keys of the solution itself.
  public static var solutionKeys: [ParameterKey] {
    [
      ParameterKey("solvent", .text(choices: []), "Name of a solvent in data/ with a solution entry of the compound."),
      ParameterKey("cosolvent", .text(choices: []), default: "", "A second solvent, mixed in."),
      .quantity(
        "cosolventFraction", RatioDimension.self, in: 0...1, default: "",
        "Volume of the second solvent over that of both; needed with `cosolvent`."),
      ParameterKey("modulator", .text(choices: []), default: "", "An additive that frees or binds solute."),
      .quantity(
        "modulatorConcentration", ConcentrationDimension.self, in: 0...1.2e4, default: "",
        "Moles of the additive per volume of solvent; needed with `modulator`."),
      .quantity(
        "concentration", ConcentrationDimension.self, in: 1...1e4,
        "Moles of compound per volume of solvent; with a `precursorRatio`, those that the scarcer salt can make."),
      .quantity(
        "precursorRatio", RatioDimension.self, in: 0.1...10, default: "1",
        "Moles of A halide per mole of B halide dissolved, over that of the compound."),
      ParameterKey("impurity", .text(choices: []), default: "", "A foreign ion of data/, dissolved with the compound."),
      .quantity(
        "impurityFraction", RatioDimension.self, in: 0...0.1, default: "",
        "Moles of the foreign ion per mole of compound in solution; needed with `impurity`."),
    ]
  }

  public var materials: [String] { [solvent] + [cosolvent, modulator].compactMap { $0 } }

  /// The solution of these keys.
  /// - Throws: `MaterialError.unknown`.
  func liquor(of compound: Compound, in library: MaterialLibrary) throws -> MotherLiquor {
    var liquor = try MotherLiquor(
      of: compound, in: solvent, cosolvent: cosolvent, cosolventFraction: cosolventFraction, modulator: modulator,
      modulatorConcentration: modulatorConcentration, library: library)
    liquor.composition = SolutionComposition(
      concentration: concentration, precursorRatio: precursorRatio, impurity: impurity,
      impurityFraction: impurityFraction)
    return liquor
  }

  /// What an antisolvent lacks in data/: itself, or its action in one of the solvents.
  func antisolventConflicts(
    _ antisolvent: String, of compound: Compound, in library: MaterialLibrary
  ) -> [ProcessConflict] {
    func unknown(_ what: String, _ known: [String]) -> ProcessConflict {
      ProcessConflict(
        .unknownName(what: what, name: antisolvent, known: known), key: "antisolvent",
        message: "no \(what) named `\(antisolvent)`")
    }
    guard library.solvents[antisolvent] != nil else { return [unknown("solvent", library.solvents.keys.sorted())] }
    return [solvent, cosolvent].compactMap { $0 }.compactMap { name in
      guard let solution = compound.solutions[name], solution.antisolvents?[antisolvent] == nil else { return nil }
      return unknown("antisolvent of \(compound.name) in \(name)", solution.antisolvents?.keys.sorted() ?? [])
    }
  }

  /// A solution that holds more than dissolves at a temperature.
  func undissolvedConflicts(
    _ liquor: MotherLiquor, of compound: Compound, at temperature: Temperature
  ) -> [ProcessConflict] {
    let saturation = liquor.saturation(at: temperature.si)
    guard concentration.si > saturation else { return [] }
    let molar = { (c: Double) -> String in String(format: "%.3g mol/L", c / 1000) }
    return [
      ProcessConflict(
        key: "concentration",
        message: "\(molar(concentration.si)) does not dissolve: \(compound.name) saturates \(liquor.name) at "
          + "\(molar(saturation)) and \(temperature.formatted())")
    ]
  }

  /// Names that the library does not know, and keys that stand without their partner.
  func solutionConflicts(of compound: Compound, in library: MaterialLibrary) -> [ProcessConflict] {
    var found: [ProcessConflict] = []
    func unknown(_ key: String, _ name: String, _ what: String, _ known: [String]) {
      found.append(
        ProcessConflict(
          .unknownName(what: what, name: name, known: known), key: key, message: "no \(what) named `\(name)`"))
    }
    for (key, name) in [("solvent", solvent)] + (cosolvent.map { [("cosolvent", $0)] } ?? []) {
      if library.solvents[name] == nil {
        unknown(key, name, "solvent", library.solvents.keys.sorted())
      } else if compound.solutions[name] == nil {
        unknown(key, name, "solution of \(compound.name)", compound.solutions.keys.sorted())
      } else if let modulator, compound.solutions[name]?.modulators?[modulator] == nil {
        unknown(
          "modulator", modulator, "additive of \(compound.name) in \(name)",
          compound.solutions[name]?.modulators?.keys.sorted() ?? [])
      }
    }
    if let impurity, compound.impurities?[impurity] == nil {
      unknown("impurity", impurity, "impurity of \(compound.name)", compound.impurities?.keys.sorted() ?? [])
    }
    for (name, partner, isThere, isPartnerThere) in [
      ("cosolvent", "cosolventFraction", cosolvent != nil, cosolventFraction != nil),
      ("modulator", "modulatorConcentration", modulator != nil, modulatorConcentration != nil),
      ("impurity", "impurityFraction", impurity != nil, impurityFraction != nil),
    ] where isThere != isPartnerThere {
      let (missing, present) = isThere ? (partner, name) : (name, partner)
      found.append(ProcessConflict(key: present, message: "`\(present)` needs `\(missing)` beside it"))
    }
    return found
  }

  /// Temperatures that the solution or the compound does not stand.
  func programConflicts(
    _ program: [ProgramSegment], key: String = "program", liquor: MotherLiquor, compound: Compound
  ) -> [ProcessConflict] {
    var found: [ProcessConflict] = []
    let celsius = { (kelvin: Double) -> String in String(format: "%.1f °C", kelvin - 273.15) }
    for (index, segment) in program.enumerated() {
      for (end, temperature) in [("from", segment.from), ("to", segment.to)] {
        guard let temperature else { continue }
        let place = "\(key)[\(index)].\(end)"
        if temperature >= liquor.boilingPoint {
          found.append(
            ProcessConflict(
              key: place,
              message: "\(celsius(temperature.si)) is at or above the boiling point of \(liquor.name), "
                + celsius(liquor.boilingPoint.si)))
        }
        if temperature >= compound.decompositionTemperature {
          found.append(
            ProcessConflict(
              key: place,
              message: "\(celsius(temperature.si)) is at or above the decomposition of \(compound.name), "
                + celsius(compound.decompositionTemperature.si)))
        }
      }
    }
    return found
  }

  /// Concentrations that do not dissolve at the start of the program, or never saturate the solvent in it.
  func saturationConflicts(
    _ schedule: TemperatureProgram, liquor: MotherLiquor, compound: Compound
  ) -> [ProcessConflict] {
    let molar = { (c: Double) -> String in String(format: "%.3g mol/L", c / 1000) }
    let atStart = liquor.saturation(at: schedule.beginning)
    if concentration.si > atStart {
      return [
        ProcessConflict(
          key: "concentration",
          message: "\(molar(concentration.si)) does not dissolve at the program's start: \(compound.name) saturates "
            + "\(liquor.name) at \(molar(atStart)) and \(String(format: "%.1f °C", schedule.beginning - 273.15))")
      ]
    }
    let lowest = schedule.lines.flatMap { [$0.from, $0.to] }.map { liquor.saturation(at: $0) }.min()!
    guard concentration.si <= lowest else { return [] }
    return [
      ProcessConflict(
        key: "concentration",
        message: "\(molar(concentration.si)) never saturates \(liquor.name) in this program (it takes "
          + "\(molar(lowest))), so nothing grows")
    ]
  }
}
