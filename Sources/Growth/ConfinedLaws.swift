/// What a map of confined growth needs to know of its solution and its crystal; SI, concentrations per volume of solution.
public struct ConfinedLaws {
  /// Moles per volume of crystal.
  public var crystalDensity: Double
  /// c*(T).
  public var saturation: (_ temperature: Double) -> Double
  /// D(T) in the gap.
  public var diffusivity: (_ temperature: Double) -> Double
  /// Speed of a face at an excess c − c*, m/s; of the excess's sign.
  public var integrationSpeed: (_ excess: Double, _ saturation: Double, _ temperature: Double) -> Double
  /// Nuclei per area of one plate and time.
  public var wallRate: (_ concentration: Double, _ temperature: Double) -> Double
  /// Nuclei per volume and time.
  public var volumeRate: (_ concentration: Double, _ temperature: Double) -> Double

  public init(
    crystalDensity: Double, saturation: @escaping (_ temperature: Double) -> Double,
    diffusivity: @escaping (_ temperature: Double) -> Double,
    integrationSpeed: @escaping (_ excess: Double, _ saturation: Double, _ temperature: Double) -> Double,
    wallRate: @escaping (_ concentration: Double, _ temperature: Double) -> Double = { _, _ in 0 },
    volumeRate: @escaping (_ concentration: Double, _ temperature: Double) -> Double = { _, _ in 0 }
  ) {
    self.crystalDensity = crystalDensity
    self.saturation = saturation
    self.diffusivity = diffusivity
    self.integrationSpeed = integrationSpeed
    self.wallRate = wallRate
    self.volumeRate = volumeRate
  }

  /// Excess c_i − c* at a face behind an impedance.
  ///
  ///     x + G R(x) = c − c*
  ///
  /// R rises at least linearly with x, so Newton's steps from the free excess end at the root from one side.
  /// - Throws: `GrowthError.integration`.
  func faceExcess(free: Double, impedance: Double, saturation: Double, temperature: Double) throws -> Double {
    guard free != 0, impedance > 0 else { return free }
    var x = free
    for _ in 0..<100 {
      let speed = integrationSpeed(x, saturation, temperature)
      let change = 1e-4 * x
      let slope = 1 + impedance * (integrationSpeed(x + change, saturation, temperature) - speed) / change
      var next = x - (x + impedance * speed - free) / slope
      if next / free <= 0 || next / free > 1 { next = 0.5 * x }
      guard next.isFinite else { break }
      if abs(next - x) <= 1e-9 * abs(next) { return next }
      x = next
    }
    throw GrowthError.integration(reason: "the solution at a crystal's rim was not found (free excess \(free) mol/m3)")
  }
}
