import Boule
import Foundation
import Growth
import Materials
import NumericalMethods
import Quantities
import Recipes

/// A growth recipe that nobody has seen: every key of a random process model drawn from its own range.
///
/// Temperatures, concentrations and volumes are drawn from what a laboratory would use in four recipes of five, so that
/// enough of them run; in the fifth they come from the whole range.
struct RandomRecipe {
  private var random: RandomSource
  private let library: MaterialLibrary
  private var compound: Compound
  /// Temperatures between which the step's solution comes out, K, and moles per volume that do so; nil: anything goes.
  private var sensible: (start: Double, end: Double, concentration: Double)?

  init(number: Int, library: MaterialLibrary) {
    random = RandomSource(seed: 20, name: "recipe", member: number, stream: .tolerances)
    self.library = library
    let names = library.compounds.keys.sorted()
    compound = library.compounds[names[Int(random.uniform() * Double(names.count))]]!
  }

  /// The recipe as it would stand in a file.
  mutating func text() -> String {
    let growing = ProcessCatalog.models.filter { $0.makesCrystal }
    let changing = ProcessCatalog.models.filter { !$0.makesCrystal }
    var steps = [step(growing[pick(growing.count)])]
    while random.uniform() < 0.5, steps.count < 4 { steps.append(step(changing[pick(changing.count)])) }
    return """
      schema: 1
      name: random
      material: \(compound.name)
      seed: \(pick(1000))
      process:
      \(steps.joined(separator: "\n"))

      """
  }

  private mutating func pick(_ count: Int) -> Int { min(count - 1, Int(random.uniform() * Double(count))) }

  private mutating func step(_ model: any ProcessModel.Type) -> String {
    var lines = ["  - model: \(model.name)"]
    // Keys that need each other are there together or not at all.
    var present: [String: Bool] = [:]
    let partners = [
      "cosolventFraction": "cosolvent", "modulatorConcentration": "modulator", "impurityFraction": "impurity",
      "seedCount": "seedEdge", "quenchTime": "antisolvent", "annealDuration": "annealTemperature",
    ]
    let solvents = compound.solutions.keys.sorted()
    let solvent = solvents.isEmpty ? "DMF" : solvents[pick(solvents.count)]
    sensible =
      random.uniform() < 0.8 ? sensibleConditions(in: solvent, isIsothermal: model.name.hasSuffix("Diffusion")) : nil
    for key in model.keys {
      let isThere: Bool
      if let leader = partners[key.name] {
        isThere = present[leader] ?? false
      } else {
        isThere = key.defaultText == nil || random.uniform() < 0.4
      }
      guard isThere, let value = value(of: key, solvent: solvent) else { continue }
      present[key.name] = true
      lines.append("    \(key.name): \(value)")
    }
    return lines.joined(separator: "\n")
  }

  /// What dissolves at the start and saturates on the way, by the solubility law of the plain solvent.
  private mutating func sensibleConditions(
    in solvent: String, isIsothermal: Bool
  ) -> (start: Double, end: Double, concentration: Double)? {
    guard let liquor = try? MotherLiquor(of: compound, in: solvent, library: library) else { return nil }
    let (cold, hot) = (285 + 15 * random.uniform(), min(liquor.boilingPoint.si - 5, 320 + 70 * random.uniform()))
    let isRetrograde = liquor.saturation(at: hot) < liquor.saturation(at: cold)
    let (start, end) = isRetrograde ? (cold, hot) : (hot, cold)
    let most = 0.95 * liquor.saturation(at: isIsothermal ? cold : start)
    let least = isIsothermal ? 0.3 * most : min(most, 1.05 * liquor.saturation(at: end))
    return (isIsothermal ? cold : start, end, least + (most - least) * random.uniform())
  }

  private mutating func value(of key: ParameterKey, solvent: String) -> String? {
    switch key.kind {
    case .quantity(let dimension, let range):
      return QuantityText.exact(si: number(key.name, range), unit: dimension.siUnit)
    case .quantities(let dimension, let range, let count):
      let values = (0..<min(3, max(1, count.lowerBound))).map { _ in
        QuantityText.exact(si: number(key.name, range), unit: dimension.siUnit)
      }
      return "[\(values.joined(separator: ", "))]"
    case .integer(let range):
      // Finer maps only take longer.
      let most = min(Double(range.upperBound), key.name == "mapWidth" && random.uniform() < 0.9 ? 64 : 1000)
      return String(Int(Double(range.lowerBound) + random.uniform() * (most - Double(range.lowerBound))))
    case .flag: return random.uniform() < 0.5 ? "true" : "false"
    case .text(let choices): return choices.isEmpty ? name(key.name, solvent: solvent) : choices[pick(choices.count)]
    case .list: return key.name == "sources" ? sources() : program()
    case .mapping, .extent, .layers, .models: return nil
    }
  }

  private mutating func name(_ key: String, solvent: String) -> String? {
    let known: [String] =
      switch key {
      case "solvent": [solvent]
      case "cosolvent": compound.solutions.keys.sorted()
      case "modulator": (compound.solutions[solvent]?.modulators ?? [:]).keys.sorted()
      // A required name: where the solution has none, one that is refused.
      case "antisolvent": (compound.solutions[solvent]?.antisolvents?.keys.sorted() ?? ["DCM"])
      case "impurity": (compound.impurities ?? [:]).keys.sorted()
      case "substrate": library.layers.keys.sorted()
      default: []
      }
    guard !known.isEmpty else { return nil }
    return known[pick(known.count)]
  }

  /// What a laboratory uses, SI.
  private static let usual: [String: ClosedRange<Double>] = [
    "concentration": 100...2500, "gap": 1e-6...1e-4, "gapWedge": -1e-5...1e-5, "gapBow": -0.01...0.01,
    "wettingFilm": 0...5e-8, "plateArea": 1e-5...1e-3, "contactAngle": 0.7...2.2, "volume": 1e-7...1e-4,
    "to": 280...400, "temperature": 285...320, "rate": 1e-4...0.02, "duration": 1e3...1e6,
  ]

  private mutating func number(_ key: String, _ range: ClosedRange<Double>) -> Double {
    var range = range
    if let sensible, key == "concentration" {
      return min(max(sensible.concentration, range.lowerBound), range.upperBound)
    }
    if let sensible, key == "temperature" { return sensible.start }
    if random.uniform() < 0.8, let usual = Self.usual[key] { range = usual.clamped(to: range) }
    let place = random.uniform()
    if range.lowerBound > 0, range.upperBound > 10 * range.lowerBound {
      return range.lowerBound * pow(range.upperBound / range.lowerBound, place)
    }
    return range.lowerBound + place * (range.upperBound - range.lowerBound)
  }

  /// A crucible for each salt of the compound, or one for all; where data/ has none, one that is refused.
  private mutating func sources() -> String {
    let salts = compound.sublimation?.salts.keys.sorted() ?? ["CsBr"]
    let names = random.uniform() < 0.3 ? [compound.name] : salts
    let crucibles = names.map { name -> String in
      let temperature = 400 + 600 * random.uniform()
      let charge = pow(10, -3 + 4 * random.uniform())
      return "{source: \(name), temperature: \(temperature) K, charge: \(charge) g}"
    }
    return "[\(crucibles.joined(separator: ", "))]"
  }

  private mutating func program() -> String {
    let start = sensible?.start ?? (290 + 30 * random.uniform())
    var temperature = start
    var segments: [String] = []
    for index in 0...pick(3) {
      if index > 0, random.uniform() < 0.4 {
        segments.append("{hold: \(100 * pow(1e4, random.uniform())) s}")
        continue
      }
      let anywhere = random.uniform() < 0.1 ? 200 + 500 * random.uniform() : 285 + 110 * random.uniform()
      let target = sensible.map { $0.start + ($0.end - $0.start) * (index == 0 ? 1 : random.uniform()) } ?? anywhere
      let from = index == 0 ? "from: \(temperature) K, " : ""
      segments.append("{\(from)to: \(target) K, rate: \(pow(10, -4.5 + 3 * random.uniform())) K/s}")
      temperature = target
    }
    return "[\(segments.joined(separator: ", "))]"
  }
}
