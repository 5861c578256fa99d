import Foundation
import Materials
import Quantities

/// What can be told wrong before the plate turns.
extension SpinCoating {
  public func conflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] {
    var found = solutionConflicts(of: material, in: library)
    if material.grainBoundaries == nil || material.growthKinetics.interfacialEnergy == nil {
      found.append(
        ProcessConflict(
          key: "solvent",
          message:
            "data/ has no `grainBoundaries` or no `growthKinetics.interfacialEnergy` of \(material.name): no film "
            + "of it can be grown"))
    }
    for name in [solvent, cosolvent].compactMap({ $0 }) {
      if let liquid = library.solvents[name], liquid.vaporPressure == nil {
        found.append(
          ProcessConflict(key: "solvent", message: "data/ has no vapor pressure of \(name), so a film of it cannot dry")
        )
      }
    }
    found += antisolventConflicts(of: material, in: library)
    if (annealTemperature == nil) != (annealDuration == nil) {
      let (present, missing) =
        annealTemperature == nil
        ? ("annealDuration", "annealTemperature") : ("annealTemperature", "annealDuration")
      found.append(ProcessConflict(key: present, message: "`\(present)` needs `\(missing)` beside it"))
    }
    if let quenchTime, quenchTime >= duration {
      found.append(
        ProcessConflict(
          key: "quenchTime",
          message: "\(quenchTime.formatted()) is not before the end of the spinning, `duration` \(duration.formatted())"))
    }
    if let dieEdge {
      let edge = plateArea.si.squareRoot()
      if dieEdge.si > edge || dieEdge.si * Self.mostDies < edge {
        found.append(
          ProcessConflict(
            key: "dieEdge", message: "the plate holds between 1 and \(Int(Self.mostDies)) dies along its edge"))
      }
    }
    guard found.isEmpty, let liquor = try? liquor(of: material, in: library) else { return found }
    if temperature >= liquor.boilingPoint {
      found.append(
        ProcessConflict(
          key: "temperature",
          message: "\(temperature.formatted()) is at or above the boiling point of \(liquor.name), "
            + liquor.boilingPoint.formatted()))
    }
    for (key, value) in [("temperature", temperature)] + (annealTemperature.map { [("annealTemperature", $0)] } ?? [])
    where value >= material.decompositionTemperature {
      found.append(
        ProcessConflict(
          key: key,
          message: "\(value.formatted()) is at or above the decomposition of \(material.name), "
            + material.decompositionTemperature.formatted()))
    }
    let saturation = liquor.saturation(at: temperature.si)
    if concentration.si > saturation {
      let molar = { (c: Double) -> String in String(format: "%.3g mol/L", c / 1000) }
      found.append(
        ProcessConflict(
          key: "concentration",
          message: "\(molar(concentration.si)) does not dissolve: \(material.name) saturates \(liquor.name) at "
            + "\(molar(saturation)) and \(temperature.formatted())"))
    }
    return found
  }

  private func antisolventConflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] {
    guard let antisolvent else {
      return quenchTime == nil
        ? [] : [ProcessConflict(key: "quenchTime", message: "`quenchTime` needs `antisolvent` beside it")]
    }
    guard quenchTime != nil else {
      return [ProcessConflict(key: "antisolvent", message: "`antisolvent` needs `quenchTime` beside it")]
    }
    guard let liquid = library.solvents[antisolvent] else {
      return [
        ProcessConflict(
          .unknownName(what: "solvent", name: antisolvent, known: library.solvents.keys.sorted()), key: "antisolvent",
          message: "no solvent named `\(antisolvent)`")
      ]
    }
    var found: [ProcessConflict] = []
    for name in [solvent, cosolvent].compactMap({ $0 }) {
      guard let solution = material.solutions[name], solution.antisolvents?[antisolvent] == nil else { continue }
      let what = "antisolvent of \(material.name) in \(name)"
      found.append(
        ProcessConflict(
          .unknownName(what: what, name: antisolvent, known: solution.antisolvents?.keys.sorted() ?? []),
          key: "antisolvent", message: "no \(what) named `\(antisolvent)`"))
    }
    if temperature >= liquid.boilingPoint {
      found.append(
        ProcessConflict(
          key: "temperature",
          message: "\(temperature.formatted()) is at or above the boiling point of \(antisolvent), "
            + liquid.boilingPoint.formatted()))
    }
    return found
  }
}
