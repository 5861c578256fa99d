import Materials
import NumericalMethods
import Quantities
import Specimens

/// How finely the device's fields are resolved: the recipe's `fields:` block.
public struct FieldResolution: Hashable, Sendable, Codable {
  public var spacing: Length
  /// Width, depth, height of the window; a nil height stands for `auto`.
  public var size: FieldExtent
  /// Standard deviation of ln(vacancy density); the compound's own if absent.
  public var logDeviation: Ratio?
  public var correlationLength: Length?
  /// Along z, where it differs from that along x and y.
  public var verticalCorrelationLength: Length?
  public var covariance: Covariance?
  public var stepLogDeviation: Ratio?
  public var stepCorrelationLength: Length?
  /// Vacancies at the free surface, at the support and in grain boundaries beyond those of the bulk, over these.
  public var surfaceExcess: Ratio?
  public var interfaceExcess: Ratio?
  public var boundaryExcess: Ratio?
  /// How much faster halides move along grain boundaries than through grains; the compound's own number, if absent.
  public var boundaryMobility: Ratio?
  /// Depth at which an excess has fallen to 1/e.
  public var excessDepth: Length?
  public var elasticity: FieldElasticity?
  /// Strain put on the crystal from outside, along the window's x and y.
  public var strainX: Ratio?
  public var strainY: Ratio?

  public init(
    spacing: Length, size: FieldExtent, logDeviation: Ratio? = nil, correlationLength: Length? = nil,
    stepLogDeviation: Ratio? = nil, stepCorrelationLength: Length? = nil
  ) {
    self.spacing = spacing
    self.size = size
    self.logDeviation = logDeviation
    self.correlationLength = correlationLength
    self.stepLogDeviation = stepLogDeviation
    self.stepCorrelationLength = stepCorrelationLength
  }

  public static let keys: [ParameterKey] = [
    .quantity("spacing", LengthDimension.self, in: 2e-10...1e-6, default: "8 nm", "Edge of a voxel."),
    ParameterKey(
      "size", .extent, default: "[256 nm, 256 nm, auto]",
      "Width, depth and height of the window at the switching contact; `auto` is the crystal's thickness, at most 128 planes."
    ),
    .quantity(
      "logDeviation", RatioDimension.self, in: 0...3, default: "",
      "Short-range spread of ln(vacancy density); the compound's own if absent."),
    .quantity(
      "correlationLength", LengthDimension.self, in: 1e-10...1e-6, default: "",
      "Short-range correlation length; the compound's own if absent."),
    .quantity(
      "verticalCorrelationLength", LengthDimension.self, in: 1e-10...1e-6, default: "",
      "Short-range correlation length along z; as along x and y if absent."),
    ParameterKey(
      "covariance", .text(choices: Covariance.allCases.map(\.rawValue)), default: "matern32",
      "How short-range correlation falls with distance: \"exponential\" is rough, \"matern52\" smoothest."),
    .quantity(
      "stepLogDeviation", RatioDimension.self, in: 0...3, default: "",
      "Spread of ln(vacancy density) from growth steps over the electrode; the compound's own if absent."),
    .quantity(
      "stepCorrelationLength", LengthDimension.self, in: 1e-8...1e-2, default: "",
      "Correlation length of growth steps; the compound's own if absent."),
    .quantity(
      "surfaceExcess", RatioDimension.self, in: -1...1e4, default: "0",
      "Vacancies at the free surface beyond those of the bulk, over these."),
    .quantity(
      "interfaceExcess", RatioDimension.self, in: -1...1e4, default: "0",
      "The same at the support."),
    .quantity(
      "boundaryExcess", RatioDimension.self, in: -1...1e6, default: "0",
      "The same in grain boundaries of a film, 0.5 nm wide."),
    .quantity(
      "boundaryMobility", RatioDimension.self, in: 0...1e6, default: "",
      "Speed of halides along grain boundaries over that in grains: above 1 a fast way, below 1 a trap, 1 neutral; the "
        + "compound's own if absent."),
    .quantity(
      "excessDepth", LengthDimension.self, in: 1e-10...1e-6, default: "2 nm",
      "Depth at which the excess of a surface has fallen to 1/e."),
    ParameterKey(
      "elasticity", .text(choices: FieldElasticity.allCases.map(\.rawValue)), default: "layered",
      "A film's grains: \"layered\" takes the mean medium that they make, \"resolved\" each one's own stiffness, which "
        + "takes seconds per device."),
    .quantity(
      "strainX", RatioDimension.self, in: -0.05...0.05, default: "0",
      "Strain put on from outside along x, as by a bent support, beyond that of misfit; tension above 0."),
    .quantity(
      "strainY", RatioDimension.self, in: -0.05...0.05, default: "0",
      "The same along y; as `strainX` for biaxial strain."
    ),
  ]
}

extension FieldResolution {
  /// The fields of one device on a crystal; for many devices build one `FieldModel` and keep it.
  /// - Parameters:
  ///   - support: what lies below the crystal, bottom to top, with thicknesses.
  ///   - electrode: overlap of the electrodes.
  /// - Throws: `FieldError`, `TransformError`.
  public func resolve(
    _ crystal: GrownCrystal, of compound: Compound, on support: [(LayerMaterial, Length)], electrode: Area,
    seed: UInt64, device: Int = 0
  ) throws -> CrystalFields {
    let model = try FieldModel(
      self, of: compound, on: support, electrode: electrode,
      face: crystal.grains == nil ? crystal.orientation.face : SIMD3(0, 0, 1))
    var random = RandomSource(seed: seed, device: device, stream: .fields)
    return try model.resolve(crystal, random: &random)
  }
}

/// What resists strain in a film of grains.
public enum FieldElasticity: String, Hashable, Sendable, Codable, CaseIterable {
  /// The isotropic medium that grains of all orientations make.
  case layered
  /// Each grain's own stiffness.
  case resolved
}

/// The three edges of the field window. In a recipe a list `[256 nm, 256 nm, auto]`.
public struct FieldExtent: Hashable, Sendable {
  public var width: Length
  public var depth: Length
  /// nil: `auto`.
  public var height: Length?

  public init(width: Length, depth: Length, height: Length?) {
    self.width = width
    self.depth = depth
    self.height = height
  }
}

extension FieldExtent: Codable {
  public init(from decoder: any Decoder) throws {
    var list = try decoder.unkeyedContainer()
    width = try list.decode(Length.self)
    depth = try list.decode(Length.self)
    if (try? list.decode(String.self)) == "auto" {
      height = nil
    } else {
      var again = try decoder.unkeyedContainer()
      _ = try again.decode(Length.self)
      _ = try again.decode(Length.self)
      height = try again.decode(Length.self)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var list = encoder.unkeyedContainer()
    try list.encode(width)
    try list.encode(depth)
    if let height { try list.encode(height) } else { try list.encode("auto") }
  }
}
