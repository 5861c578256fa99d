import Growth
import Materials
import Quantities
import Switching

extension Recipe {
  /// The largest current density that a contact carries, A/m².
  static let largestCurrentDensity = 1e9
  /// Fewest and most voxels along an axis of the field window.
  static let voxelCounts = 4...512

  /// Checks the recipe against the library: names, and what physics forbids before anything runs.
  /// - Throws: `RecipeError` with every problem, sorted by position.
  public func check(against library: MaterialLibrary) throws(RecipeError) {
    let problems = problems(against: library)
    guard problems.isEmpty else { throw RecipeError(problems) }
  }

  /// Every problem of the recipe with the library, sorted by position.
  public func problems(against library: MaterialLibrary) -> [RecipeProblem] {
    var found: [RecipeProblem] = []
    let compound = library.compounds[material]
    if compound == nil {
      found.append(
        problem(.unknownMaterial, "material", missing(material, "compound", library.compounds.keys.sorted())))
    }
    if process.steps.isEmpty { found.append(problem(.missingKey, "process", ProcessError.noSteps.description)) }
    var temperature: Temperature?
    for (index, step) in process.steps.enumerated() {
      if step is Cooling, let start = temperature, let end = step.endTemperature, end > start {
        found.append(
          problem(
            .processConflict, "process[\(index)].to",
            "\(end.formatted()) is above \(start.formatted()), where the step before ends; `annealing` heats"))
      }
      temperature = step.endTemperature ?? temperature
      let model = type(of: step)
      if model.makesCrystal != (index == 0) {
        let error = index == 0 ? GrowthError.noSpecimen(model: model.name) : .unexpectedSpecimen(model: model.name)
        found.append(problem(.processConflict, "process[\(index)].model", error.description))
      }
      found += problems(of: step, at: "process[\(index)]", compound: compound, library: library)
    }
    if let compound, fields.spacing <= compound.latticeConstant {
      found.append(
        problem(
          .spacingTooSmall, "fields.spacing",
          "\(fields.spacing.formatted()) is not larger than the lattice constant, "
            + compound.latticeConstant.formatted()))
    }
    if let least = bounds?.minimumThickness, let most = bounds?.maximumThickness, most < least {
      found.append(
        problem(
          .outOfRange, "bounds.maximumThickness",
          "\(most.formatted()) is below `minimumThickness`, \(least.formatted()): nothing meets both"))
    }
    found += voxelProblems
    if let device {
      found += problems(of: device, library: library)
      let mechanism = compound.flatMap { try? device.mechanism(in: $0, library: library) } ?? device.mechanism
      if device.gap != nil, compound != nil, mechanism != .metal {
        found.append(
          problem(
            .badStack, "device.gap",
            "vacancies switch between a top and a bottom electrode; a gap is for filaments of metal: leave it out"))
      }
      if device.level == .resolved, let compound,
        let obstacle = try? device.obstacle(toResolving: compound, in: library)
      {
        found.append(problem(.deviceConflict, "device.level", obstacle.description))
      }
      let isOptical = mechanism == .light
      for (index, step) in test.enumerated() where step.isLight != isOptical {
        let error: SwitchingError = isOptical ? .voltageOnLight : .lightOnElectrodes
        found.append(problem(.deviceConflict, "test[\(index)].model", error.description))
      }
      let (constants, isKnown) =
        switch mechanism {
        case .light: ("photoPhase", compound?.photoPhase != nil)
        case .metal: ("metallization", compound?.metallization != nil)
        case .vacancies, .auto: ("contactSwitching", compound?.contactSwitching != nil)
        }
      if let compound, !isKnown, !test.isEmpty {
        found.append(
          problem(
            .deviceConflict, "test",
            "no device of \(compound.name) can be tested yet: the library has no "
              + "\(constants) constants of it; set another `device.mechanism`, or leave out `device` and `test`"))
      }
    } else if !test.isEmpty {
      found.append(problem(.missingDevice, "test", "a test needs a device; add the key `device`"))
    }
    return found.sorted()
  }

  private func problems(
    of step: any ProcessModel, at path: String, compound: Compound?, library: MaterialLibrary
  ) -> [RecipeProblem] {
    var found: [RecipeProblem] = []
    guard let compound else { return found }
    for conflict in step.conflicts(of: compound, in: library) {
      let place = KeyPathText.child(path, conflict.key)
      switch conflict.kind {
      case .physics: found.append(problem(.processConflict, place, conflict.message))
      case .gapTooSmall: found.append(problem(.gapTooSmall, place, conflict.message))
      case .unknownName(let what, let name, let known):
        found.append(problem(.unknownSolvent, place, missing(name, what, known)))
      }
    }
    return found
  }

  private var voxelProblems: [RecipeProblem] {
    let edges = [fields.size.width, fields.size.depth, fields.size.height]
    return edges.enumerated().compactMap { index, edge in
      guard let edge else { return nil }
      let count = (edge.si / fields.spacing.si).rounded()
      let allowed = Self.voxelCounts
      let isOdd = index < 2 && count.truncatingRemainder(dividingBy: 2) != 0
      guard count < Double(allowed.lowerBound) || count > Double(allowed.upperBound) || isOdd else { return nil }
      return problem(
        .badVoxelCount, "fields.size[\(index)]",
        "\(edge.formatted()) at a spacing of \(fields.spacing.formatted()) is \(QuantityText.number(count)) voxels; "
          + "\(allowed.lowerBound) to \(allowed.upperBound) are possible" + (index < 2 ? ", in even numbers" : ""))
    }
  }

  private func problems(of device: DeviceSpecification, library: MaterialLibrary) -> [RecipeProblem] {
    var found: [RecipeProblem] = []
    for (index, layer) in device.stack.enumerated() where layer.layer != StackLayer.crystal {
      guard library.layers[layer.layer] == nil else { continue }
      let path = "device.stack[\(index)]"
      let message = missing(layer.layer, "layer", library.layers.keys.sorted() + [StackLayer.crystal])
      found.append(problem(.unknownLayer, marks[path + ".layer"] == nil ? path : path + ".layer", message))
    }
    let crystals = device.stack.indices.filter { device.stack[$0].layer == StackLayer.crystal }
    if let place = crystals.first, crystals.count == 1 {
      let isElectrode = { (layer: StackLayer) in library.layers[layer.layer]?.role == .electrode }
      let isOptical = device.mechanism == .light
      if device.gap == nil, !isOptical, !device.stack[..<place].contains(where: isElectrode) {
        found.append(problem(.badStack, "device.stack", "no electrode stands below the crystal"))
      }
      if !isOptical, !device.stack[(place + 1)...].contains(where: isElectrode) {
        found.append(problem(.badStack, "device.stack", "no electrode stands above the crystal"))
      }
    } else {
      found.append(
        problem(
          .badStack, "device.stack", "`crystal` stands \(crystals.count) times in the stack; it stands there once"))
    }
    let side = device.area.si.squareRoot()
    for (index, edge) in [fields.size.width, fields.size.depth].enumerated() where edge.si > side * (1 + 1e-9) {
      found.append(
        problem(
          .windowTooLarge, "fields.size[\(index)]",
          "\(edge.formatted()) is wider than the electrode, \(Length(si: side).formatted())"))
    }
    let largest = device.area.si * Self.largestCurrentDensity
    for (index, step) in test.enumerated() {
      found += problems(of: step, at: "test[\(index)]", largest: largest)
      if case .impedance = step, device.level == .resolved {
        found.append(problem(.deviceConflict, "test[\(index)].model", SwitchingError.noSmallSignal.description))
      }
    }
    return found
  }

  /// - Parameter largest: current that the contact carries, A.
  private func problems(of step: TestProtocol, at path: String, largest: Double) -> [RecipeProblem] {
    var found: [RecipeProblem] = []
    let extremes = step.extremes
    for extreme in extremes {
      let place = "\(path).\(extreme.complianceKey)"
      if extreme.compliance.si > largest, extreme.compliance.si.isFinite, !found.contains(where: { $0.path == place }) {
        found.append(
          problem(
            .complianceTooLarge, place,
            "\(extreme.compliance.formatted()) is more than the contact carries, " + Current(si: largest).formatted()))
      }
      if extreme.isReverse, let first = extremes.first, extreme.voltage.si * first.voltage.si > 0 {
        found.append(
          problem(
            .outOfRange, "\(path).\(extreme.voltageKey)",
            "\(extreme.voltage.formatted()) has the sign of `amplitude`; the second half has the other"))
      }
    }
    if let (one, other) = step.rivals {
      found.append(
        problem(.outOfRange, path + "." + one, "`\(one)` or `\(other)` stands here, one of the two and not both"))
    }
    return found
  }

  private func missing(_ name: String, _ what: String, _ known: [String]) -> String {
    let hint = Spelling.nearest(to: name, among: known).map { "; did you mean `\($0)`?" } ?? ""
    return
      "no \(what) named `\(name)` in the library\(hint); it holds \(known.isEmpty ? "none" : known.joined(separator: ", "))"
  }

  private func problem(_ code: RecipeProblem.Code, _ path: String, _ message: String) -> RecipeProblem {
    .init(code, at: Mark.nearest(to: path, in: marks, file: file), path: path, message)
  }
}

extension TestProtocol {
  fileprivate var isLight: Bool { if case .light = self { true } else { false } }

  /// Two keys that exclude each other, where not just one of them stands.
  fileprivate var rivals: (String, String)? {
    switch self {
    case .multilevel(_, let test):
      (test.compliances == nil) == (test.stopVoltages == nil) ? ("stopVoltages", "compliances") : nil
    case .retention(_, let rest):
      rest.temperature != nil && rest.temperatures != nil ? ("temperatures", "temperature") : nil
    default: nil
    }
  }
}
