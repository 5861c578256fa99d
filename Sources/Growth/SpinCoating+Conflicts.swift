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
    found += dripConflicts(of: material, in: library)
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
          message: "\(quenchTime.formatted()) is not before the end of the spinning, `duration` \(duration.formatted())"
        ))
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
    found += undissolvedConflicts(liquor, of: material, at: temperature)
    return found
  }

  private func dripConflicts(of material: Compound, in library: MaterialLibrary) -> [ProcessConflict] {
    guard let antisolvent else {
      return quenchTime == nil
        ? [] : [ProcessConflict(key: "quenchTime", message: "`quenchTime` needs `antisolvent` beside it")]
    }
    guard quenchTime != nil else {
      return [ProcessConflict(key: "antisolvent", message: "`antisolvent` needs `quenchTime` beside it")]
    }
    var found = antisolventConflicts(antisolvent, of: material, in: library)
    guard let liquid = library.solvents[antisolvent] else { return found }
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
