import Quantities

/// The keys of the recipe's test `light`: pulses that write, a beam that reads, and how the crystal is held.
public struct LightTrain: Hashable, Sendable, Codable {
  /// One pulse of light and the dark after it.
  public struct Pulse: Hashable, Sendable, Codable {
    public var width: TimeSpan
    /// From its end to the next pulse; after the last one the signal is watched as long.
    public var interval: TimeSpan
    public var power: Power

    public init(width: TimeSpan, interval: TimeSpan = TimeSpan(si: 5), power: Power = Power(si: 0.03)) {
      self.width = width
      self.interval = interval
      self.power = power
    }

    public static let keys: [ParameterKey] = [
      .quantity("width", DurationDimension.self, in: 1e-6...1e5, "How long the pulse lasts."),
      .quantity(
        "interval", DurationDimension.self, in: 0...1e6, default: "5 s", "Dark from its end to the next pulse."),
      .quantity("power", PowerDimension.self, in: 0...10, default: "30 mW", "Power of the pulse."),
    ]
  }

  public var pulses: [Pulse]
  /// Of the writing light.
  public var wavelength: Length
  /// Diameter of its even spot.
  public var spot: Length
  public var readWavelength: Length
  /// ψ of the read-out.
  public var polarizerAngle: Angle
  /// φ₀ of the read-out.
  public var bias: Angle
  /// Heat that the faces give off.
  public var frontHeatTransfer: HeatTransfer
  public var backHeatTransfer: HeatTransfer

  public init(
    pulses: [Pulse], wavelength: Length = .nanometers(405), spot: Length = .millimeters(2),
    readWavelength: Length = .nanometers(1310), polarizerAngle: Angle = Angle(si: .pi / 4),
    bias: Angle = Angle(si: -.pi / 4), frontHeatTransfer: HeatTransfer = HeatTransfer(si: 10),
    backHeatTransfer: HeatTransfer = HeatTransfer(si: 1e4)
  ) {
    self.pulses = pulses
    self.wavelength = wavelength
    self.spot = spot
    self.readWavelength = readWavelength
    self.polarizerAngle = polarizerAngle
    self.bias = bias
    self.frontHeatTransfer = frontHeatTransfer
    self.backHeatTransfer = backHeatTransfer
  }

  /// I of a pulse, W/m².
  func intensity(of pulse: Pulse) -> Double { pulse.power.si / (0.25 * Double.pi * spot.si * spot.si) }

  public static let keys: [ParameterKey] = [
    ParameterKey("pulses", .list(Pulse.keys), "The pulses of light that write, in order."),
    .quantity(
      "wavelength", LengthDimension.self, in: 1e-7...2e-5, default: "405 nm",
      "Of the writing light; longer than the band gap's, it passes unabsorbed."),
    .quantity(
      "spot", LengthDimension.self, in: 1e-6...0.1, default: "2 mm", "Diameter of the writing light's even spot."),
    .quantity(
      "readWavelength", LengthDimension.self, in: 1e-7...2e-5, default: "1310 nm",
      "Of the beam that reads, longer than the band gap's."),
    .quantity(
      "polarizerAngle", AngleDimension.self, in: -7...7, default: "45 deg",
      "Between the polarizer and the crystal's axis."),
    .quantity(
      "bias", AngleDimension.self, in: -7...7, default: "-45 deg",
      "Phase of the read-out in the dark; its sign chooses between excitation and inhibition."),
    .quantity(
      "frontHeatTransfer", HeatTransferDimension.self, in: 0...1e9, default: "10 W/(m^2 K)",
      "Of the lit face: some 10 in free air."),
    .quantity(
      "backHeatTransfer", HeatTransferDimension.self, in: 0...1e9, default: "1e4 W/(m^2 K)",
      "Of the other face: some 1e4 on a holder."),
  ]
}
