/// The constants of nature in SI units, CODATA 2018 (NIST SP 961); the first seven are exact by definition of the SI.
public enum Constants {
  /// Charge of a proton, C.
  public static let elementaryCharge = 1.602176634e-19
  /// Planck constant, J s.
  public static let planck = 6.62607015e-34
  /// Reduced Planck constant, J s.
  public static let reducedPlanck = planck / (2 * Double.pi)
  /// Speed of light in vacuum, m/s.
  public static let speedOfLight = 299_792_458.0
  /// Boltzmann constant, J/K.
  public static let boltzmann = 1.380649e-23
  /// Avogadro constant, 1/mol.
  public static let avogadro = 6.02214076e23
  /// Molar gas constant, J/(mol K).
  public static let gas = boltzmann * avogadro
  /// Vacuum permittivity, F/m.
  public static let vacuumPermittivity = 8.8541878128e-12
  /// Electron mass, kg.
  public static let electronMass = 9.1093837015e-31
  /// Richardson constant of the free electron, A/(m² K²).
  public static let richardson =
    4 * Double.pi * electronMass * boltzmann * boltzmann * elementaryCharge / (planck * planck * planck)
  /// Standard gravity, m/s².
  public static let gravity = 9.80665
}
