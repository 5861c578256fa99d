/// What a map of confined growth needs to know of its solution and its crystal; SI, concentrations per volume of
/// solution.
public struct ConfinedLaws {
  /// Moles per volume of crystal.
  public var crystalDensity: Double
  /// c*(T).
  public var saturation: (_ temperature: Double) -> Double
  /// D(T) in the gap.
  public var diffusivity: (_ temperature: Double) -> Double
  /// Speed of a face at an excess c − c*, m/s; of the excess's sign.
  public var integrationSpeed: (_ excess: Double, _ saturation: Double, _ temperature: Double) -> Double
  /// How fast a crystal grows across the plates, over how fast along them.
  public var heightRatio: Double
  /// At a temperature: nuclei per area of one plate and time, and per volume and time, of a concentration.
  public var nucleation: (_ temperature: Double) -> (_ concentration: Double) -> (wall: Double, volume: Double)

  public init(
    crystalDensity: Double, saturation: @escaping (_ temperature: Double) -> Double,
    diffusivity: @escaping (_ temperature: Double) -> Double,
    integrationSpeed: @escaping (_ excess: Double, _ saturation: Double, _ temperature: Double) -> Double,
    heightRatio: Double = 1,
    nucleation: @escaping (_ temperature: Double) -> (_ concentration: Double) -> (wall: Double, volume: Double) = {
      _ in { _ in (0, 0) }
    }
  ) {
    self.crystalDensity = crystalDensity
    self.saturation = saturation
    self.diffusivity = diffusivity
    self.integrationSpeed = integrationSpeed
    self.heightRatio = heightRatio
    self.nucleation = nucleation
  }

  /// Excess c_i − c* at a face behind an impedance.
  ///
  ///     x + G R(x) = c − c*
  ///
  /// R rises at least linearly with x, so Newton's steps end at the root from one side. Returns the excess, R, and
  /// what R gains for each mol/m³ of the free excess.
  /// - Throws: `GrowthError.integration`.
  func faceExcess(
    free: Double, start: Double, impedance: Double, saturation: Double, temperature: Double
  ) throws -> (excess: Double, speed: Double, slope: Double) {
    guard free != 0 else { return (0, 0, 0) }
    var x = start / free > 0 && start / free <= 1 ? start : free
    for _ in 0..<100 {
      let speed = integrationSpeed(x, saturation, temperature)
      let change = 1e-5 * x
      let rise = (integrationSpeed(x + change, saturation, temperature) - speed) / change
      let slope = 1 + impedance * rise
      let step = -(x + impedance * speed - free) / slope
      let next = x + step
      guard next.isFinite else { break }
      if abs(step) <= 1e-6 * abs(x) { return (next, speed + rise * step, rise / slope) }
      x = next / free <= 0 ? 0.5 * x : next / free > 1 ? free : next
    }
    throw GrowthError.integration(reason: "the solution at a crystal's rim was not found (free excess \(free) mol/m3)")
  }
}
