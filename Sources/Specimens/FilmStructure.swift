import Quantities

/// Grains of a polycrystalline film, and what its boundaries do.
public struct GrainStructure: Hashable, Sendable {
  /// Square root of a grain's mean area in the plane.
  public var size: Length
  /// Standard deviation of ln(√area) over the grains.
  public var logDeviation: Double
  /// Area of grain boundaries per volume of film, 1/m.
  public var boundaryDensity: Double
  /// March-Dollase parameter of the face on the substrate: 1 for a powder, 0 for one direction.
  public var texture: Ratio
  /// Deep traps per area of boundary.
  public var boundaryTraps: ArealDensity
  /// Halide diffusivity along a boundary over that within a grain. The literature disagrees on its side of 1: neutral,
  /// unless the recipe says otherwise.
  public var boundaryMobility: Ratio

  public init(
    size: Length, logDeviation: Double, boundaryDensity: Double, texture: Ratio, boundaryTraps: ArealDensity,
    boundaryMobility: Ratio = Ratio(si: 1)
  ) {
    self.size = size
    self.logDeviation = logDeviation
    self.boundaryDensity = boundaryDensity
    self.texture = texture
    self.boundaryTraps = boundaryTraps
    self.boundaryMobility = boundaryMobility
  }
}

/// The upper face of a film.
public struct SurfaceRoughness: Hashable, Sendable {
  /// Standard deviation of the height.
  public var deviation: Length
  /// Distance at which heights no longer know of each other.
  public var correlationLength: Length
  /// Share of the substrate that the film leaves bare.
  public var pinholeShare: Ratio

  public init(deviation: Length, correlationLength: Length, pinholeShare: Ratio) {
    self.deviation = deviation
    self.correlationLength = correlationLength
    self.pinholeShare = pinholeShare
  }
}

/// The salts that a film from vapor was made of, as they lie in it.
public struct SaltLayers: Hashable, Sendable {
  /// Names of the sources in data/.
  public var salts: [String]
  /// From the substrate up, molecules per area of each salt, 1/m².
  public var layers: [[Double]]

  public init(salts: [String], layers: [[Double]]) {
    self.salts = salts
    self.layers = layers
  }
}

/// One of the crystals, flakes or dies that a run gives: what a plate-level yield counts.
public struct PlateMember: Hashable, Sendable {
  /// On the plate, m from its corner.
  public var position: SIMD2<Double>
  public var area: Area
  public var thickness: Length
  public var halideVacancies: NumberDensity
  /// Deep traps, those of boundaries spread over the volume.
  public var trapDensity: NumberDensity
  /// Of these, the ones of boundaries and torn edges, which heat does not change.
  public var boundaryTraps: NumberDensity
  /// How many alike it stands for.
  public var count: Double

  public init(
    position: SIMD2<Double>, area: Area, thickness: Length, halideVacancies: NumberDensity, trapDensity: NumberDensity,
    boundaryTraps: NumberDensity = NumberDensity(si: 0), count: Double = 1
  ) {
    self.position = position
    self.area = area
    self.thickness = thickness
    self.halideVacancies = halideVacancies
    self.trapDensity = trapDensity
    self.boundaryTraps = boundaryTraps
    self.count = count
  }
}
