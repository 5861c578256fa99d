import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// The resolved part of the crystal at the switching contact: its grid, its disorder and its elastic surroundings.
///
/// Memory for 64 × 64 × 128 voxels: 37 MiB, 74 B per voxel.
public struct FieldWindow: Sendable {
  /// What a window of any thickness of crystal is made from.
  struct Specification: Sendable {
    let resolution: FieldResolution
    let compound: Compound
    /// The stack below the crystal, bottom to top.
    let support: [ElasticLayer]
    let electrodeEdge: Double
    let covariance: Covariance
    /// Standard deviation of ln(vacancy density) in the window and its correlation length.
    let logDeviation: Ratio
    let correlationLength: Length
    /// Along x, y and z, m.
    let correlationLengths: SIMD3<Double>

    init(
      _ resolution: FieldResolution, of compound: Compound, on support: [(LayerMaterial, Length)],
      electrodeEdge: Double
    ) throws {
      self.resolution = resolution
      self.compound = compound
      self.electrodeEdge = electrodeEdge
      covariance = resolution.covariance ?? .matern32
      logDeviation = resolution.logDeviation ?? compound.disorder.logDeviation
      correlationLength = resolution.correlationLength ?? compound.disorder.correlationLength
      correlationLengths = SIMD3(
        correlationLength.si, correlationLength.si,
        resolution.verticalCorrelationLength?.si ?? correlationLength.si)
      self.support = try support.map { material, thickness in
        guard thickness.si > 0, thickness.si.isFinite else {
          throw FieldError.thinLayer(name: material.name, thickness: thickness.si)
        }
        return ElasticLayer(
          try .isotropic(
            youngModulus: material.youngModulus.si, poissonRatio: material.poissonRatio.si, name: material.name),
          thickness: thickness.si)
      }
    }
  }

  /// z counts from the window's lowest plane.
  public let grid: Grid
  /// ln(vacancy density) within the window.
  public let disorder: GaussianFieldModel
  /// Nil where the crystal's face leaves no mirror plane along the support: then voxels are solved one by one.
  public let layered: LayeredStrainSolver?
  /// What lies below the window, bottom to top.
  let below: [ElasticLayer]
  public let warnings: [ValidityWarning]
  private let habit: WindowHabit
  private let crystalThickness: Double

  /// Planes of an `auto` window in a crystal too thick to hold in full.
  public static let planeLimit = 128
  /// Clipped share of a spectrum above which a warning is due.
  static let clippingLimit = 1e-3

  /// - Parameters:
  ///   - crystalThickness: m; infinite for a crystal whose support is out of elastic reach.
  ///   - habit: how the crystal, or a film's grains, lie.
  init(_ specification: Specification, crystalThickness: Double, habit: WindowHabit) throws {
    let compound = specification.compound
    let grid = try Self.grid(specification.resolution, crystalThickness: crystalThickness)
    self.grid = grid
    self.habit = habit
    self.crystalThickness = crystalThickness
    disorder = try GaussianFieldModel(
      grid, covariance: specification.covariance, deviation: specification.logDeviation.si,
      correlationLengths: specification.correlationLengths, periodicity: .lateral)
    let (c11, c12, c44) = (
      compound.elasticity.c11.si, compound.elasticity.c12.si, compound.elasticity.c44.si
    )
    let rest = crystalThickness - Double(grid.nz) * grid.spacing.z
    // A remainder below half a plane is rounding of the plane count, not a layer of its own.
    let isFull = rest < 0.5 * grid.spacing.z
    let crystal: Stiffness?
    switch habit {
    case .crystal(let face):
      crystal = try? Stiffness.cubic(c11: c11, c12: c12, c44: c44, face: face, name: compound.name)
    case .film(let normal, let texture):
      crystal = try Stiffness.film(
        c11: c11, c12: c12, c44: c44, normal: normal, texture: MarchDollase(r: texture), name: compound.name)
    }
    let medium = try crystal ?? Stiffness.polycrystal(c11: c11, c12: c12, c44: c44, name: compound.name)
    // What lies deeper than the solver looks need not be told.
    let edge = max(Double(grid.nx) * grid.spacing.x, Double(grid.ny) * grid.spacing.y)
    let told = min(rest, 2 * LayeredStack.depth * edge)
    below = specification.support + (isFull ? [] : [ElasticLayer(medium, thickness: told)])
    let layers = below
    layered = try crystal.map { try LayeredStrainSolver(grid, crystal: $0, below: layers) }
    warnings = Self.warnings(grid: grid, disorder: disorder, electrodeEdge: specification.electrodeEdge)
  }

  /// Height of the window, m.
  var height: Double { Double(grid.nz) * grid.spacing.z }

  private var width: Double { max(Double(grid.nx) * grid.spacing.x, Double(grid.ny) * grid.spacing.y) }

  /// Whether a crystal of this thickness that lies like this has this very window, planes and surroundings alike.
  func serves(crystalThickness thickness: Double, habit: WindowHabit) -> Bool {
    guard habit.family == self.habit.family else { return false }
    if thickness == crystalThickness { return true }
    let reach = height + LayeredStack.depth * width
    return crystalThickness >= reach && thickness >= reach
  }

  /// The window's grid from the recipe's block.
  private static func grid(_ resolution: FieldResolution, crystalThickness: Double) throws -> Grid {
    let spacing = resolution.spacing.si
    guard spacing > 0, spacing.isFinite else { throw FieldError.notPositive("spacing", spacing) }
    func count(_ length: Double, _ key: String) throws -> Int {
      guard length > 0, !length.isNaN else { throw FieldError.notPositive(key, length) }
      let voxels = Int(min(1e9, length / spacing).rounded())
      guard voxels >= 4 else { throw FieldError.smallWindow(key: key, voxels: voxels) }
      return voxels
    }
    let nx = try count(resolution.size.width.si, "size[0]")
    let ny = try count(resolution.size.depth.si, "size[1]")
    if nx % 2 != 0 { throw FieldError.oddWindow(key: "size[0]", voxels: nx) }
    if ny % 2 != 0 { throw FieldError.oddWindow(key: "size[1]", voxels: ny) }
    guard let height = resolution.size.height else {
      let nz = min(planeLimit, try count(crystalThickness, "size[2]"))
      return Grid(nx: nx, ny: ny, nz: nz, spacing: SIMD3(repeating: spacing))
    }
    let nz = try count(height.si, "size[2]")
    guard Double(nz) * spacing < crystalThickness + 0.5 * spacing else {
      throw FieldError.windowAboveCrystal(height: height.si, thickness: crystalThickness)
    }
    return Grid(nx: nx, ny: ny, nz: nz, spacing: SIMD3(repeating: spacing))
  }

  private static func warnings(grid: Grid, disorder: GaussianFieldModel, electrodeEdge: Double) -> [ValidityWarning] {
    var found: [ValidityWarning] = []
    let text = { (x: Double) -> String in String(format: "%.3g", x) }
    let length = disorder.correlationLengths.x
    if disorder.clippedFraction > clippingLimit {
      found.append(.clippedSpectrum(of: "window", disorder.clippedFraction))
    }
    let width = min(Double(grid.nx) * grid.spacing.x, Double(grid.ny) * grid.spacing.y)
    if disorder.deviation > 0, width < 4 * length {
      found.append(
        .fields(
          "narrowWindow",
          "the window is \(text(width * 1e9)) nm wide, less than 4 correlation lengths of "
            + "\(text(length * 1e9)) nm; its mean density scatters more than the electrode's"))
    }
    if disorder.deviation > 0, (disorder.correlationLengths .< grid.spacing) != SIMDMask(repeating: false) {
      found.append(
        .fields(
          "coarseVoxels",
          "voxels of \(text(grid.spacing.x * 1e9)) nm do not resolve a correlation length of "
            + "\(text(disorder.correlationLengths.min() * 1e9)) nm"))
    }
    if width > electrodeEdge * (1 + 1e-9) {
      found.append(
        .fields(
          "windowBeyondElectrode",
          "the window is \(text(width * 1e9)) nm wide, more than the electrode's edge of "
            + "\(text(electrodeEdge * 1e9)) nm"))
    }
    return found
  }
}
