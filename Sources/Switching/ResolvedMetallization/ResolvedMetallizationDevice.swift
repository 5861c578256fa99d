import Foundation
import NumericalMethods
import Quantities
import Specimens

/// A metallization cell whose filament is resolved in space: its atoms on a lattice between the electrodes, one by one, and the
/// ions' way to them about the filament's axis.
///
/// Physics (8.8)-(8.12), level L2. The laws and numbers are those of the compact cell, of which only the wait for a nucleus is
/// kept, and the radius of the channel that a filament grows in: where charge transfer limits growth, nothing else would keep it
/// from becoming as wide as it is long. How it fills the channel, where it bridges, how thick its neck becomes and where it
/// breaks comes out. Coarse atoms of a nanometer stand for
/// some sixty each, whose ions arrive at the rate of single ones: noise of counts is that much larger. The ions' potential is
/// that of a body with the filament's cross-section in every plane, round about the axis.
public struct ResolvedMetallizationDevice: Sendable {
  /// Whose laws hold.
  public let compact: MetallizationDevice
  var cell: MetallizationCell { compact.cell }
  let metal: FilamentMetal
  let frame: FilamentLattice.Frame
  /// Real atoms of a coarse one.
  let atomsPerSite: Double
  /// Sites along x, and along y.
  let width: Int
  /// The lattice's column, x fastest, to the mesh's ring; -1 outside of the channel.
  let rings: [Int]
  /// Rings of the channel.
  let reach: Int
  /// Rings of the mesh, m: a_c wide as far as the lattice reaches, then wider.
  let radialFaces: [Double]

  /// a_c, m; of long ways the largest that is trusted.
  static let edges = 0.5e-9...1e-9
  /// Planes that are wanted, where a_c leaves the choice, and that are borne.
  static let wantedPlanes = 400.0
  static let largestPlanes = 1000
  /// Bond of coarse atoms over kT: so much that a surface stays whole, so little that it stays rough and takes what arrives. It
  /// shifts no balance; the surface's energy acts through Gibbs and Thomson's law.
  static let cohesion = 1.0
  /// Coarse atoms of a nucleus, at least: they stand for so many that it lives.
  static let smallestNucleus = 5
  /// Events, or times that potential and current were found anew, that tell a balance from a change.
  static let balanceEvents = 3000
  static let balanceUpdates = 40
  /// Events of one step of the voltage that are followed at most.
  static let eventLimit = 100_000
  /// Atoms more or fewer, after which potential and current are found anew, and of a large filament the share of them.
  static let largestChange = 24
  static let largestShare = 1.0 / 150
  /// Events after which they are found anew whatever came of them.
  static let eventsPerUpdate = 1000
  /// Planes of a gap below which a quarter of the tip's plane counts.
  static let narrowGap = 6

  /// - Parameter atomEdge: a_c, m, from 0.4 to 1 nm; chosen by the length, if absent.
  /// - Throws: `SwitchingError.tooLongToResolve`.
  public init(_ compact: MetallizationDevice, atomEdge: Double? = nil) throws {
    self.compact = compact
    let p = compact.cell.parameters
    let edge = atomEdge ?? min(max(p.length / Self.wantedPlanes, Self.edges.lowerBound), Self.edges.upperBound)
    let planes = max(4, Int((p.length / edge).rounded()))
    guard planes <= Self.largestPlanes else {
      throw SwitchingError.tooLongToResolve(
        length: p.length, largest: Double(Self.largestPlanes) * Self.edges.upperBound)
    }
    let transfer = compact.cell.path.transfer
    metal = FilamentMetal(
      atomEdge: p.length / Double(planes), bondEnergy: Self.cohesion * compact.cell.thermal, reaction: transfer)
    let channel = max(2, p.tipRadius / metal.atomEdge)
    width = 2 * Int(channel.rounded(.up))
    frame = FilamentLattice.Frame(sites: SIMD3(width, width, planes), edge: metal.atomEdge)
    atomsPerSite = metal.atomEdge * metal.atomEdge * metal.atomEdge / p.atomicVolume
    let (width, middle) = (width, 0.5 * Double(width - 1))
    rings = (0..<width * width).map { column in
      let (x, y) = (Double(column % width) - middle, Double(column / width) - middle)
      let distance = (x * x + y * y).squareRoot()
      return distance < channel ? Int(distance) : -1
    }
    reach = rings.max()! + 1
    var faces = (0...(reach + 1)).map { Double($0) * p.length / Double(planes) }
    // Out to the electrode's edge: its whole area gives ions.
    let rim = max(p.length, 3 * faces.last!, (p.electrodeArea / Double.pi).squareRoot())
    var ring = faces[1]
    while faces.last! < rim {
      ring *= faces.last! < p.length ? 1.4 : 4
      faces.append(faces.last! + ring)
    }
    radialFaces = faces
  }

  /// The state of a device between steps.
  public struct State: Hashable, Sendable {
    /// Sites that are metal, x fastest; plane 0 stands on the electrode that the filament grows from.
    var atoms: [Int] = []
    /// As that of the compact cell, whose `isNucleated`, `orientation` and `patience` count.
    var wait = MetallizationCell.State()
    /// S.
    var conductance = 0.0
  }

  /// How the metal conducts: its conductance, and the potential of each plane over the whole voltage.
  struct Conduction {
    var conductance: Double
    /// Radius of the thinnest plane of a bridge, m.
    var neck: Double
    /// Of each plane's middle; only for a bridge.
    var shares: [Double]
  }

  func radius(_ atoms: Int) -> Double { (Double(max(atoms, 1)) / Double.pi).squareRoot() * metal.atomEdge }

  /// Electrons through the filament: along a bridge with its contact at the thinnest plane, or across the gaps that the columns
  /// leave open, each by itself.
  func conduction(_ body: FilamentBody) -> Conduction {
    let law = cell.filament
    let edge = metal.atomEdge
    guard body.isBridge, let thinnest = body.lower.min() else {
      var open = 0.0
      for opening in body.openings { open += edge * edge * cell.tunnelGap.conductance(gap: edge * Double(opening)) }
      guard open > 0 else { return Conduction(conductance: 0, neck: 0, shares: []) }
      var stem = 0.0
      for atoms in body.lower + body.upper where atoms > 0 { stem += law.resistivity / (Double(atoms) * edge) }
      return Conduction(conductance: 1 / (1 / open + stem), neck: 0, shares: [])
    }
    let constriction = body.lower.firstIndex(of: thinnest)!
    let contact = law.resistance(radius: radius(thinnest), length: 0)
    var (sum, shares) = (0.0, [Double]())
    for (plane, atoms) in body.lower.enumerated() {
      let own = law.resistivity / (Double(atoms) * edge) + (plane == constriction ? contact : 0)
      shares.append(sum + 0.5 * own)
      sum += own
    }
    return Conduction(conductance: 1 / sum, neck: radius(thinnest), shares: shares.map { $0 / sum })
  }

  // MARK: ions

  /// Faces of the mesh along the axis, in planes: single ones where metal ends or is thinnest, wider ones elsewhere.
  func heights(_ body: FilamentBody) -> [Int] {
    let planes = frame.lattice.cells.z
    let ends =
      body.isBridge
      ? [body.lower.firstIndex(of: body.lower.min()!)!] : [body.lowerTop, body.upperBottom]
    var faces = [0]
    while let last = faces.last, last < planes {
      let distance = ends.map { abs($0 - last) }.min()!
      let room = ends.filter { $0 > last }.map { $0 - last }.min() ?? planes
      let step = distance <= 10 ? 1 : min(1 + (distance - 10) / 3, max(1, room - 8), 24)
      faces.append(min(planes, last + step))
    }
    return faces
  }

  /// Rates at which ions arrive and metal leaves, 1/s per site, by ring and plane.
  struct Exchange {
    var attach: [Double]
    var kink: [Double]
  }

  /// What a filament exchanges with the crystal under a voltage on the cell.
  /// - Parameters:
  ///   - voltage: of the electrode that dissolves against the filament's, V.
  ///   - guess: the last solution, replaced by this one.
  /// - Throws: `SwitchingError.notConverged`.
  func exchange(
    _ body: FilamentBody, _ conduction: Conduction, voltage: Double, temperature: Double, guess: inout IonFlow?
  ) throws -> Exchange {
    let edge = metal.atomEdge
    let planes = heights(body)
    let path =
      abs(temperature - cell.parameters.temperature) < 0.01
      ? cell.path : MetallizationCell.path(cell.parameters, tipArea: 1, at: temperature)
    let surface = surface(body, conduction, voltage: voltage)
    var flow = IonFlow(radialFaces: radialFaces, heightFaces: planes.map { Double($0) * edge }, path: path)
    let (rings, rows) = (flow.radialCount, flow.heightCount)
    var metal = [Double?](repeating: nil, count: rings * rows)
    for k in 0..<rows {
      let range = planes[k]..<planes[k + 1]
      let isUpper = body.upper[range].reduce(0, +) > body.lower[range].reduce(0, +)
      var (atoms, held, value) = (0, 0.0, 0.0)
      for plane in range where (body.joint(plane) == .upper) == isUpper && body.joint(plane) != .none {
        atoms += isUpper ? body.upper[plane] : body.lower[plane]
        held += 1
        value += surface[plane]
      }
      guard Double(atoms) >= 0.5 * Double(range.count) else { continue }
      let radius = (Double(atoms) / Double(range.count) / Double.pi).squareRoot() * edge
      for i in 0..<rings {
        let (inner, outer) = (radialFaces[i], radialFaces[i + 1])
        guard i == 0 || 0.5 * (inner * inner + outer * outer) < radius * radius else { break }
        metal[flow.cell(i, k)] = value / held
      }
    }
    if path.hopDensity > 0, path.transfer.exchangeDensity > 0 {
      try flow.solve(metal: metal, electrode: voltage, guess: first(flow, after: guess, voltage: voltage))
      guess = flow
    }
    return rates(flow, body, planes: planes, surface: surface, temperature: temperature)
  }

  /// The potential at which each plane's metal is in balance with the ions, V: that of the piece that it belongs to, and what
  /// its curvature and the open circuit add.
  ///
  /// A tip's curvature is that of the channel, as at the compact level: coarse atoms have none of their own.
  private func surface(_ body: FilamentBody, _ conduction: Conduction, voltage: Double) -> [Double] {
    body.lower.indices.map { plane in
      let own = body.isBridge ? voltage * conduction.shares[plane] : body.joint(plane) == .upper ? voltage : 0
      let atoms = max(body.lower[plane], body.upper[plane])
      return own
        + (body.isTip(plane)
          ? cell.tipBalance
          : cell.capillarity.wall(radius: radius(atoms)) + cell.parameters.openCircuitVoltage)
    }
  }

  /// Where the search for a potential begins: at the last one, stretched to the voltage, or at straight lines.
  private func first(_ flow: IonFlow, after last: IonFlow?, voltage: Double) -> [Double] {
    var guess = flow.potential
    var other = 0
    let stretch = last.map { $0.electrode == 0 ? 1 : min(max(voltage / $0.electrode, -20), 20) } ?? 1
    for k in 0..<flow.heightCount {
      let middle = 0.5 * (flow.heightFaces[k] + flow.heightFaces[k + 1])
      if let last {
        while other + 1 < last.heightCount, last.heightFaces[other + 1] <= middle { other += 1 }
        for i in 0..<flow.radialCount { guess[flow.cell(i, k)] = stretch * last.potential[last.cell(i, other)] }
      } else {
        for i in 0..<flow.radialCount { guess[flow.cell(i, k)] = voltage * middle / flow.heightFaces.last! }
      }
    }
    return guess
  }

  private func rates(
    _ flow: IonFlow, _ body: FilamentBody, planes: [Int], surface: [Double], temperature: Double
  ) -> Exchange {
    let edge = metal.atomEdge
    let count = frame.lattice.cells.z
    var path = flow.path
    path.tipArea = edge * edge
    path.activeArea = .infinity
    path.gap = 0.5 * edge
    let lifetime = cell.lifetime(at: temperature)
    // A piece that nothing holds floats with the ions around it.
    let floating = path.rates(driving: -cell.capillarity.tip(radius: edge))
    var exchange = Exchange(
      attach: [Double](repeating: 0, count: reach * count), kink: [Double](repeating: 0, count: reach * count))
    // Rings of metal in each row; a row beside a tip takes those of the tip.
    let widths = (0..<flow.heightCount).map { k in
      (0..<flow.radialCount).first { flow.metal[flow.cell($0, k)] == nil } ?? flow.radialCount - 1
    }
    for k in 0..<flow.heightCount {
      let beside = max(k > 0 ? widths[k - 1] : 0, k + 1 < flow.heightCount ? widths[k + 1] : 0)
      for plane in planes[k]..<planes[k + 1] {
        let atoms = max(body.lower[plane], body.upper[plane])
        let isFloating = body.joint(plane) == .none
        let thinning = lifetime.thinning(radius: radius(atoms)) / edge
        var (place, rate) = (-1, floating)
        for i in 0..<reach {
          // Metal meets the crystal at its rim, wherever in the plane it stands.
          let out = widths[k] > 0 ? widths[k] : min(i, max(0, beside - 1))
          if out != place, !isFloating {
            place = out
            rate = path.rates(driving: flow.potential[flow.cell(out, k)] - surface[plane])
          }
          exchange.attach[plane * reach + i] = rate.deposition / atomsPerSite
          exchange.kink[plane * reach + i] = rate.dissolution / atomsPerSite + thinning
        }
      }
    }
    return exchange
  }
}
