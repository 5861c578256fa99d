import Fields

/// The potential in a conducting, dielectric or heat-conducting medium between electrodes.
///
///     div(κ grad φ) − s φ = −f
///
/// s ≥ 0 is what a sink takes up: a screening ε/λ², or a heat capacity over a step in time; none unless given. Physics
/// (7.11) to (7.14). Cells of a uniform grid, x fastest, with harmonic means of κ at their faces (Patankar, *Numerical
/// Heat Transfer and Fluid Flow*, section 4.2): a current that enters a cell leaves it. Electrodes are planes on the
/// bottom and top faces, whole or in part; sides are periodic or insulate. Second order in the spacing where κ is
/// smooth. Matter in layers is solved by lateral transforms, and planar electrodes on it by a capacitance matrix;
/// anything else by conjugate gradients until the currents balance, preconditioned by one of these for a low contrast
/// within planes, else by multigrid. The solution tells which. κ may be 0 in places; cells without any way to an
/// electrode keep the mean of the electrodes' potentials, and what sources stand in them is never balanced. Without an
/// electrode the mean of the potential is 0. SI units; no scale enters, so any coherent units do. Memory: about 100 B
/// per voxel, 160 B with multigrid. A solver is a value: threads take copies. Buffers are kept between solutions.
public struct PotentialSolver: Sendable {
  /// Contrast within a plane up to which transforms precondition: their iterations, about 8 times its square root, then
  /// take as long as multigrid.
  public static let transformContrast = 50.0

  public let grid: Grid
  public let boundary: PotentialBoundary
  public internal(set) var method: PotentialMethod
  public var tolerance: PotentialTolerance
  /// Largest conductance between neighbors in one plane over the smallest, at the start; infinite where some do not
  /// conduct.
  public let contrast: Double

  enum Preconditioner: Sendable {
    case layered(LayeredPotential)
    case capacitance(ElectrodeCapacitance)
    case multigrid(ConductanceMultigrid)
    /// While another is being made.
    case none

    var workCount: Int {
      switch self {
      case .none: 0
      case .layered(let layered): layered.workCount
      case .capacitance(let capacitance): capacitance.workCount
      case .multigrid(let multigrid): multigrid.workCount
      }
    }
  }

  let layout: NetworkLayout
  /// Conductances of the network.
  var conductances: [Double]
  var preconditioner: Preconditioner
  /// What the iteration works in.
  var work: [Double] = []
  /// Cells that changed since the last solution.
  var changed: [Int] = []

  /// Prepares the conductances, plans and factors of one medium and boundary.
  /// - Parameters:
  ///   - grid: cells along x, y, z and their spacing in m.
  ///   - conductivity: on that grid; 0 or more.
  ///   - sink: s on that grid, 0 or more.
  ///   - method: one to be used instead of the one that fits; `transform` and `multigrid` suit every problem.
  /// - Throws: `PotentialError` for a κ that is negative or not finite and for shapes that differ; `TransformError`.
  public init(
    _ grid: Grid, boundary: PotentialBoundary = PotentialBoundary(), conductivity: Conductivity,
    sink: Field? = nil, method: PotentialMethod? = nil, tolerance: PotentialTolerance = PotentialTolerance()
  ) throws {
    try Self.check(grid, boundary, conductivity, sink)
    self.grid = grid
    self.boundary = boundary
    self.tolerance = tolerance
    layout = NetworkLayout(nx: grid.nx, ny: grid.ny, nz: grid.nz, hasSinks: sink != nil)
    let layout = self.layout
    var storage = [Double](repeating: 0, count: layout.size)
    let layers = storage.withUnsafeMutableBufferPointer { buffer in
      let network = layout.network(in: buffer.baseAddress!)
      if let sink { network.fillSinks(sink) }
      network.fill(grid, conductivity, boundary)
      return ConductanceLayers(network, boundary)
    }
    contrast = layers.contrast
    let isPartial = boundary.bottom.isPartial || boundary.top.isPartial
    let fits: PotentialMethod
    if isPartial {
      let isLayered = layers.contrast == 1 && layers.reachesElectrodes
      let isSmall = layers.electrodeCells <= ElectrodeCapacitance.largestMatrix
      fits = isLayered ? (isSmall ? .capacitanceMatrix : .capacitanceIteration) : .multigrid
    } else {
      fits = layers.contrast == 1 ? .direct : layers.contrast <= Self.transformContrast ? .transform : .multigrid
    }
    let chosen = method ?? fits
    self.method = chosen
    switch chosen {
    case .direct, .transform:
      preconditioner = .layered(
        try LayeredPotential(
          nx: grid.nx, ny: grid.ny, gx: layers.gx, gy: layers.gy, rises: layers.rises, sinks: layers.sinks,
          boundary.lateral))
    case .capacitanceMatrix, .capacitanceIteration:
      preconditioner = .capacitance(
        try ElectrodeCapacitance(
          nx: grid.nx, ny: grid.ny, gx: layers.gx, gy: layers.gy, rises: layers.rises, sinks: layers.sinks,
          bottomConductance: layers.bottomConductance, topConductance: layers.topConductance, boundary,
          factors: chosen == .capacitanceMatrix))
    case .multigrid:
      preconditioner = .multigrid(
        storage.withUnsafeMutableBufferPointer { ConductanceMultigrid(layout.network(in: $0.baseAddress!)) })
    }
    conductances = storage
  }

  static func check(
    _ grid: Grid, _ boundary: PotentialBoundary, _ conductivity: Conductivity, _ sink: Field?
  ) throws {
    if let sink {
      guard SIMD3(sink.grid.nx, sink.grid.ny, sink.grid.nz) == SIMD3(grid.nx, grid.ny, grid.nz) else {
        throw PotentialError.shapeMismatch(of: "the sink", found: sink.values.count, expected: grid.count)
      }
      if let bad = sink.values.firstIndex(where: { !($0.isFinite && $0 >= 0) }) {
        throw PotentialError.badSink(sink.values[bad], cell: grid.cell(bad))
      }
    }
    var conducts = false
    for field in [conductivity.x, conductivity.y, conductivity.z] {
      let found = SIMD3(field.grid.nx, field.grid.ny, field.grid.nz)
      guard found == SIMD3(grid.nx, grid.ny, grid.nz) else {
        throw PotentialError.shapeMismatch(of: "the conductivity", found: field.values.count, expected: grid.count)
      }
      for (n, value) in field.values.enumerated() {
        guard value.isFinite, value >= 0 else {
          throw PotentialError.badConductivity(value, cell: grid.cell(n))
        }
        if value > 0 { conducts = true }
      }
    }
    guard conducts else { throw PotentialError.noConductor }
    for face in [boundary.bottom, boundary.top] {
      guard case .electrodes(let cells) = face else { continue }
      guard cells.count == grid.planeCount else {
        throw PotentialError.shapeMismatch(
          of: "a face's list of electrodes", found: cells.count, expected: grid.planeCount)
      }
      if let bad = cells.compactMap({ $0 }).first(where: { $0 < 0 }) { throw PotentialError.badElectrode(bad) }
    }
  }
}
