import Materials
import Quantities
import Specimens

/// The recipe's `device:` block: the stack from bottom to top and the electrodes' overlap.
public struct DeviceSpecification: Hashable, Sendable, Codable {
  public var stack: [StackLayer]
  /// Overlap of the electrodes; of two on one face, the section of the crystal between them.
  public var area: Area
  public var seriesResistance: Resistance
  /// What switches the device.
  public var mechanism: SwitchingMechanism
  /// Between two electrodes on the upper face; nil if the crystal lies between its electrodes.
  public var gap: Length?
  /// Of two electrodes of active metal, which ones give filaments.
  public var activeElectrodes: ActiveElectrodes
  /// How closely the device is simulated.
  public var level: SimulationLevel
  /// Smallest current that the meter tells; resistances beyond it are bounds.
  public var meterFloor: Current
  /// How much faster ions hop than in the dry crystal.
  public var moisture: Ratio
  /// Electrons, and as many holes, that light keeps up in the crystal.
  public var photocarriers: NumberDensity
  /// Dots of another semiconductor in the crystal; none, if absent.
  public var quantumDots: QuantumDots?

  public var scenario: Scenario { Scenario(moisture: moisture, photocarriers: photocarriers) }

  public init(
    stack: [StackLayer], area: Area, seriesResistance: Resistance, mechanism: SwitchingMechanism = .auto,
    gap: Length? = nil, activeElectrodes: ActiveElectrodes = .both, level: SimulationLevel = .compact,
    meterFloor: Current = Current(si: 1e-13), moisture: Ratio = Ratio(si: 1),
    photocarriers: NumberDensity = NumberDensity(si: 0),
    quantumDots: QuantumDots? = nil
  ) {
    self.level = level
    self.meterFloor = meterFloor
    self.moisture = moisture
    self.photocarriers = photocarriers
    self.quantumDots = quantumDots
    self.activeElectrodes = activeElectrodes
    self.stack = stack
    self.area = area
    self.seriesResistance = seriesResistance
    self.mechanism = mechanism
    self.gap = gap
  }

  public static let keys: [ParameterKey] = [
    ParameterKey("stack", .layers, "Layers from bottom to top; `crystal` stands for the grown crystal."),
    .quantity(
      "area", AreaDimension.self, in: 1e-19...1e-4,
      "Overlap of the electrodes; with `gap`, the section of the crystal between them."),
    .quantity(
      "seriesResistance", ResistanceDimension.self, in: 0...1e9, default: "50 ohm",
      "Leads and source together; part of every resistance that is read."),
    ParameterKey(
      "mechanism", .text(choices: SwitchingMechanism.allCases.map(\.rawValue)), default: "auto",
      "What switches: \"vacancies\" at the top contact, a filament of \"metal\", or \"light\", which needs no electrodes; "
        + "\"auto\" is metal where an electrode's metal dissolves in the compound."),
    .quantity(
      "gap", LengthDimension.self, in: 1e-9...1e-3, default: "",
      "Distance of two electrodes of the top layer's metal on the upper face; absent, the crystal lies between top and bottom."
    ),
    ParameterKey(
      "activeElectrodes", .text(choices: ActiveElectrodes.allCases.map(\.rawValue)), default: "both",
      "Of two electrodes of active metal: \"one\" lets filaments grow from the first alone, as where the other was used up."
    ),
    ParameterKey(
      "level", .text(choices: SimulationLevel.allCases.map(\.rawValue)), default: "compact",
      "How closely the device is simulated: \"compact\", or its ions, clusters and filaments \"resolved\" in space "
        + "(some 20 s a cycle)."),
    .quantity(
      "meterFloor", CurrentDimension.self, in: 0...1e-3, default: "0.1 pA",
      "Smallest current that the meter tells; a higher resistance is told as the bound that this is."),
    .quantity(
      "moisture", RatioDimension.self, in: 1e-6...1e6, default: "1",
      "Scenario: how much faster ions hop than in the dry crystal."),
    .quantity(
      "photocarriers", NumberDensityDimension.self, in: 0...1e26, default: "0 1/cm^3",
      "Scenario: electrons, and as many holes, that light keeps up in the crystal; their current may hide a filament."),
    ParameterKey(
      "quantumDots", .mapping(QuantumDots.keys), default: "",
      "Dots of another semiconductor that the crystal has grown around; a scenario, which no growth model makes."),
  ]
}

extension DeviceSpecification {
  /// What switches a device of this compound; never `auto`.
  /// - Throws: `SwitchingError`, `MaterialError`.
  public func mechanism(in compound: Compound, library: MaterialLibrary) throws -> SwitchingMechanism {
    guard mechanism == .auto else { return mechanism }
    let electrodes = try electrodes(in: library)
    let dissolves = compound.metallization != nil && (electrodes.top.filament ?? electrodes.bottom.filament) != nil
    return dissolves ? .metal : .vacancies
  }

  /// Why a device of this compound cannot be resolved in space; nil if it can.
  /// - Throws: as `mechanism`.
  public func obstacle(toResolving compound: Compound, in library: MaterialLibrary) throws -> SwitchingError? {
    let mechanism = try mechanism(in: compound, library: library)
    if mechanism == .metal { return nil }
    if mechanism != .vacancies { return .notResolved(mechanism) }
    if quantumDots != nil { return .bulkNotResolved(what: "quantum dots") }
    return compound.bulkStates?.traps == nil ? nil : .bulkNotResolved(what: "traps that fill in the bulk")
  }

  /// The electrodes next to the crystal, above and below; with a gap, both on its upper face.
  /// - Throws: `SwitchingError`, `MaterialError`.
  public func electrodes(in library: MaterialLibrary) throws -> (top: LayerMaterial, bottom: LayerMaterial) {
    guard let place = stack.firstIndex(where: { $0.layer == StackLayer.crystal }) else {
      throw SwitchingError.noCrystalInStack
    }
    let isPlanar = gap != nil
    let above = try stack[(place + 1)...].map { try library.layer($0.layer) }
    let below = try stack[..<place].map { try library.layer($0.layer) }
    guard let top = above.first(where: { $0.role == .electrode }) else { throw SwitchingError.noElectrode(above: true) }
    if isPlanar { return (top, top) }
    guard let bottom = below.last(where: { $0.role == .electrode }) else {
      throw SwitchingError.noElectrode(above: false)
    }
    return (top, bottom)
  }
}

/// Of two electrodes of active metal, which ones give filaments.
public enum ActiveElectrodes: String, Hashable, Sendable, Codable, CaseIterable {
  case one
  case both
}

/// What switches a device.
public enum SwitchingMechanism: String, Hashable, Sendable, Codable, CaseIterable {
  /// By what the library knows of the electrodes' metals in the compound.
  case auto
  /// Vacancies at the top contact.
  case vacancies
  /// A filament of an electrode's metal.
  case metal
  /// A phase that light makes in the crystal.
  case light
}

/// One layer of a stack: a name alone takes the usual thickness of data/.
public struct StackLayer: Hashable, Sendable {
  public var layer: String
  public var thickness: Length?

  public init(layer: String, thickness: Length? = nil) {
    self.layer = layer
    self.thickness = thickness
  }

  /// The name that stands for the crystal.
  public static let crystal = "crystal"
}

extension StackLayer: Codable {
  private enum CodingKeys: String, CodingKey { case layer, thickness }

  public init(from decoder: any Decoder) throws {
    if let name = try? decoder.singleValueContainer().decode(String.self) {
      self.init(layer: name)
    } else {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      self.init(
        layer: try container.decode(String.self, forKey: .layer),
        thickness: try container.decodeIfPresent(Length.self, forKey: .thickness))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if let thickness {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(layer, forKey: .layer)
      try container.encode(thickness, forKey: .thickness)
    } else {
      var container = encoder.singleValueContainer()
      try container.encode(layer)
    }
  }
}
