import Quantities

/// How a layered compound cleaves and breaks when it is peeled.
public struct Exfoliability: Hashable, Sendable, Codable {
  /// Of one molecular layer, along the stacking axis.
  public var layerSpacing: Length
  /// Γ: work of parting two layers, per area of the new interface.
  public var cleavageEnergy: SurfaceEnergy
  /// Young's modulus E in the layers.
  public var inPlaneModulus: Pressure
  /// ν in the layers.
  public var poissonRatio: Ratio
  /// ε₀: strain at which 63 % of sheets of the reference area break.
  public var fractureStrain: Ratio
  /// m: the smaller, the more the strength scatters and falls with area.
  public var weibullModulus: Ratio
  /// A₀.
  public var referenceArea: Area
  /// Volume that a halide vacancy and its cation vacancy add: tension times it eases their making.
  public var vacancyVolume: Volume
  /// Deep traps per area of a torn edge's face.
  public var edgeTrapDensity: ArealDensity

  public init(
    layerSpacing: Length, cleavageEnergy: SurfaceEnergy, inPlaneModulus: Pressure, poissonRatio: Ratio,
    fractureStrain: Ratio, weibullModulus: Ratio, referenceArea: Area, vacancyVolume: Volume,
    edgeTrapDensity: ArealDensity
  ) {
    self.layerSpacing = layerSpacing
    self.cleavageEnergy = cleavageEnergy
    self.inPlaneModulus = inPlaneModulus
    self.poissonRatio = poissonRatio
    self.fractureStrain = fractureStrain
    self.weibullModulus = weibullModulus
    self.referenceArea = referenceArea
    self.vacancyVolume = vacancyVolume
    self.edgeTrapDensity = edgeTrapDensity
  }
}
