import Fields
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// A memory device that halide vacancies switch, resolved in space: level L2 of the model.
///
/// What the compact level (`VacancyDevice`) lumps is solved for: ions across the whole crystal in time (`IonColumn`) or in equilibrium,
/// as the number of crossings asks (`IonSolver`); the potential in three dimensions under the window of the switching contact,
/// over the crystal's own disorder (`ContactPotential`); nucleation by the local density and the local drop
/// (`SurfaceNucleation`); a cluster whose vacancies come and go one by one (`VacancyCluster`); emission over the contact's
/// barrier, column by column.
///
/// The split: an ion crosses the window in milliseconds and the crystal in seconds or more, so the window is in equilibrium
/// with the electrochemical potentials that the column finds at each depth.
///
/// Left out: Joule heat (the barrier keeps the power below 1 nW, some 0.1 K by the spreading resistance of a disc), depletion by
/// the cluster itself, and the charge of the cluster, whose electrons are taken to balance it.
///
/// Closure: the countercharge moves as the vacancies do. Cation vacancies alone do not; where carriers from the contacts make
/// good what an ion-poor region lacks, it acts as if it did. Without that (`countercharge: .fixed`) the region that loses
/// vacancies takes nearly all of the voltage, and the contact layer sees of it only what grows with √V.
public struct ResolvedVacancyDevice: Sendable {
  /// Cells under the switching contact.
  public struct Resolution: Hashable, Sendable {
    /// Along x and y, no more than the fields have; from the contact to the middle of the crystal.
    public var lateral: SIMD2<Int>
    public var planes: Int

    public init(lateral: SIMD2<Int>, planes: Int) {
      self.lateral = lateral
      self.planes = planes
    }

    public static let standard = Resolution(lateral: SIMD2(48, 48), planes: 64)
    public static let coarse = Resolution(lateral: SIMD2(32, 32), planes: 48)
  }

  /// Whether what balances the vacancies' charge moves.
  public enum Countercharge: Hashable, Sendable {
    case mobile
    case fixed
  }

  /// The same device at the compact level: contact, bulk and electrode.
  public let compact: VacancyDevice
  public let resolution: Resolution
  public let warnings: [ValidityWarning]
  /// Of the ions, set by `prepared(for:)`; finite volumes until then.
  public private(set) var ionSolver = IonSolver.finiteVolume
  /// Θ of the test it is prepared for.
  public private(set) var crossings: Double?

  let nucleation: SurfaceNucleation
  let cluster: VacancyCluster
  /// Columns of the window, and their edges, m.
  let columns: SIMD2<Int>
  let edges: SIMD2<Double>
  let discRadius: Double
  /// C_S/ε: field in the crystal at the contact per drop over the contact layer, 1/m.
  let fieldPerDrop: Double
  /// Ions under the window, down to the middle of the crystal.
  private let windowIons: Double
  /// ln of a region's density over the window's, of the columns that tell its response.
  static let regionShift = 0.3
  public private(set) var pristine: State

  /// - Throws: `SwitchingError`, `MaterialError`, `TransformError`, `Roots.Failure`.
  public init(
    _ specification: DeviceSpecification, of library: MaterialLibrary, in fields: CrystalFields,
    resolution: Resolution = .standard, countercharge: Countercharge = .mobile
  ) throws {
    let compound = specification.scenario.exposed(try library.material(fields.compound))
    compact = try VacancyDevice(specification, of: library, in: fields)
    guard let contact = compound.contactSwitching else {
      throw SwitchingError.noSwitchingConstants(of: compound.name)
    }
    self.resolution = resolution
    let sampling = WindowSampling(fields.vacancyDensity.grid, lateral: resolution.lateral)
    columns = SIMD2(sampling.nx, sampling.ny)
    edges = sampling.edges
    discRadius = contact.discRadius.si
    let grid = fields.vacancyDensity.grid
    let mesh = try ColumnMesh.graded(
      thickness: fields.thickness.si, half: resolution.planes, finest: 0.5 * compound.latticeConstant.si)
    let region = fields.stepMap.values[fields.stepMap.grid.index(fields.windowCell.x, fields.windowCell.y, 0)]
    let bulk = fields.meanVacancyDensity.si * region
    let planes = resolution.planes
    let plane = sampling.nx * sampling.ny
    let rest = sampling.layers(
      fields.vacancyDensity, heights: Array(mesh.heights.prefix(planes)), below: bulk)
    var means = [Double](repeating: bulk, count: mesh.count)
    for k in 0..<planes { means[k] = rest[k * plane..<(k + 1) * plane].reduce(0, +) / Double(plane) }

    let hop = IonHop.halide(of: compound, at: fields.temperature)
    let diffusivity = hop.diffusivity(barrier: fields.migrationBarrier.mean)
    let sites = compound.halideSiteDensity
    let composition = IonColumn.Composition(
      ions: LatticeIons(charge: 1, siteDensity: sites, diffusivity: diffusivity),
      countercharge: LatticeIons(
        charge: -1, siteDensity: sites, diffusivity: countercharge == .mobile ? diffusivity : 0),
      permittivity: compact.staticPermittivity, layerCapacitance: compact.contact.layerCapacitance,
      temperature: fields.temperature.si)
    let column = IonColumn(mesh, composition, restDensity: means)
    let regions = [-Self.regionShift, Self.regionShift].map { shift in
      IonColumn(mesh, composition, restDensity: means.map { $0 * exp(shift) })
    }
    windowIons = bulk * edges.x * edges.y * Double(plane) * 0.5 * fields.thickness.si
    fieldPerDrop = composition.layerCapacitance / compact.staticPermittivity

    let surface = Array(rest.prefix(plane))
    nucleation = SurfaceNucleation(
      fields: fields, compound: compound, contact: contact, area: specification.area.si, surface: surface,
      barriers: sampling.plane(fields.migrationBarrier, grid.nz - 1), edges: edges)
    cluster = VacancyCluster(
      attemptFrequency: compound.defects.attemptFrequency.si, attachmentEnergy: fields.migrationBarrier.mean,
      detachmentEnergy: contact.detachmentEnergy.si, transferCoefficient: contact.transferCoefficient.si,
      hopsPerLayer: contact.layerThickness.si / fields.hopDistance(in: compound),
      capacity: max(1, Int(compact.discCapacity.rounded())))
    warnings = compact.warnings + (compact.bulk.ions == nil ? [] : [Self.bulkWarning])
    let window = try ContactPotential(
      nx: sampling.nx, ny: sampling.ny, edges: edges, rest: rest, column: column)
    pristine = State(column: column, regions: regions, window: window, columns: plane)
    refresh(&pristine)
  }

  /// The same device with the solver for its ions that a test calls for: that of its fewest crossings; finite volumes where
  /// pulses are.
  public func prepared(for protocols: [TestProtocol]) -> ResolvedVacancyDevice {
    let theta = compact.crossings(during: protocols)
    var device = self
    device.crossings = theta
    // Equilibrium at every voltage is for ramps: a pulse may be far shorter than they are.
    let hasPulses = protocols.contains { $0.ramps.isEmpty }
    device.ionSolver =
      hasPulses ? .finiteVolume : theta.map { IonSolver.choice(crossings: $0, ions: windowIons) } ?? .finiteVolume
    return device
  }

  private static var bulkWarning: ValidityWarning {
    ValidityWarning(
      stage: "switching", code: "bulkNotResolved",
      message: "the resolved level leaves out how ions screen the bulk's current")
  }

  /// Due where single ions should have been followed.
  var solverWarnings: [ValidityWarning] {
    ionSolver == .counting ? [IonSolver.warning(crossings: crossings ?? 0, ions: windowIons)] : []
  }
}
