import Materials
import Quantities

/// The recipe's `device:` block: the stack from bottom to top and the electrodes' overlap.
public struct DeviceSpecification: Hashable, Sendable, Codable {
  public var stack: [StackLayer]
  /// Overlap of the electrodes.
  public var area: Area
  public var seriesResistance: Resistance

  public init(stack: [StackLayer], area: Area, seriesResistance: Resistance) {
    self.stack = stack
    self.area = area
    self.seriesResistance = seriesResistance
  }

  public static let keys: [ParameterKey] = [
    ParameterKey("stack", .layers, "Layers from bottom to top; `crystal` stands for the grown crystal."),
    .quantity("area", AreaDimension.self, in: 1e-19...1e-4, "Overlap of the electrodes."),
    .quantity(
      "seriesResistance", ResistanceDimension.self, in: 0...1e9, default: "50 ohm", "Leads and source together."),
  ]
}

extension DeviceSpecification {
  /// The electrodes next to the crystal, above and below.
  /// - Throws: `SwitchingError`, `MaterialError`.
  public func electrodes(in library: MaterialLibrary) throws -> (top: LayerMaterial, bottom: LayerMaterial) {
    guard let place = stack.firstIndex(where: { $0.layer == StackLayer.crystal }) else {
      throw SwitchingError.noCrystalInStack
    }
    let above = try stack[(place + 1)...].map { try library.layer($0.layer) }
    let below = try stack[..<place].map { try library.layer($0.layer) }
    guard let top = above.first(where: { $0.role == .electrode }) else { throw SwitchingError.noElectrode(above: true) }
    guard let bottom = below.last(where: { $0.role == .electrode }) else {
      throw SwitchingError.noElectrode(above: false)
    }
    return (top, bottom)
  }
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
