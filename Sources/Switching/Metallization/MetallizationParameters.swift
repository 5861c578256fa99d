import Foundation
import Quantities

/// What a cell of an active metal, a crystal and a second electrode is described by; SI units.
///
/// The numbers of physics section 14: most are calibrated, and the current density of exchange is known to some decades
/// only.
public struct MetallizationParameters: Hashable, Sendable, Codable {
  /// Distance between the electrodes, m.
  public var length: Double
  /// Overlap of the electrodes, m².
  public var electrodeArea: Double
  /// K.
  public var temperature: Double
  /// Leads and source together, ohm.
  public var seriesResistance = 50.0
  /// Whether both electrodes are of the active metal, so that a filament may start from either.
  public var bothElectrodesActive = false

  /// z.
  public var charge = 1.0
  /// j₀ at 300 K, A/m².
  public var exchangeDensity: Double
  /// How j₀ grows with temperature, J.
  public var exchangeActivation = 0.6 * Constants.elementaryCharge
  /// α, between 0 and 1.
  public var transferCoefficient = 0.4
  /// Voltage of the cell in open circuit, V; above zero it dissolves the filament.
  public var openCircuitVoltage = 0.0

  /// k_n0 of one site, 1/s.
  public var nucleationRate: Double
  /// ΔG*, J.
  public var nucleationEnergy: Double
  /// N_c, atoms.
  public var criticalClusterSize = 1.0
  /// Area of the electrode per site, m².
  public var siteArea = 1e-18

  /// Mobile ions of the metal in the crystal, 1/m³.
  public var ionDensity: Double
  /// a, m.
  public var hopDistance = 0.42e-9
  /// ν₀, 1/s.
  public var attemptFrequency = 2e12
  /// E_a, J.
  public var hopBarrier: Double

  /// γ, J/m².
  public var surfaceEnergy = 1.25
  /// Ω, m³.
  public var atomicVolume = 1.7e-29
  /// D_s at 300 K, m²/s.
  public var surfaceDiffusivity: Double
  /// How D_s grows with temperature, J.
  public var surfaceActivation = 0.4 * Constants.elementaryCharge
  /// ν_s, 1/m².
  public var surfaceDensity = 1.4e19
  /// C of τ = C r⁴/B.
  public var lifetimePrefactor = 4.0

  /// φ of the gap, J.
  public var tunnelBarrier = 1.0 * Constants.elementaryCharge
  /// Of the electron in the gap, over the free one.
  public var tunnelMass = 1.0
  /// ρ of the filament, Ω m.
  public var resistivity = 5e-8
  /// λ, m.
  public var meanFreePath = 20e-9
  /// K at which a filament can get no hotter.
  public var meltingTemperature = 1235.0
  /// Of the crystal, W/(m K).
  public var thermalConductivity = 0.4
  /// Of the crystal, F/m; zero leaves out the current that charges the electrodes, which only small signals see.
  public var permittivity = 0.0

  /// Radius of a growing filament, m.
  public var tipRadius = 1e-9
  /// Length of its thinnest part, which breaks, m.
  public var neckLength = 2e-9

  /// Atoms lost for good per coulomb that passes.
  public var lossPerCharge = 0.0
  /// Atoms that the cell can lose before it has none.
  public var reservoir = 1e9

  /// K for which j₀ and D_s are given.
  static let reference = 300.0

  /// exp[(E/k)(1/300 K − 1/T)].
  static func warming(_ activation: Double, to temperature: Double) -> Double {
    exp(activation / Constants.boltzmann * (1 / reference - 1 / temperature))
  }

  public init(
    length: Double, electrodeArea: Double, temperature: Double, exchangeDensity: Double, nucleationRate: Double,
    nucleationEnergy: Double, ionDensity: Double, hopBarrier: Double, surfaceDiffusivity: Double
  ) {
    self.length = length
    self.electrodeArea = electrodeArea
    self.temperature = temperature
    self.exchangeDensity = exchangeDensity
    self.nucleationRate = nucleationRate
    self.nucleationEnergy = nucleationEnergy
    self.ionDensity = ionDensity
    self.hopBarrier = hopBarrier
    self.surfaceDiffusivity = surfaceDiffusivity
  }
}
