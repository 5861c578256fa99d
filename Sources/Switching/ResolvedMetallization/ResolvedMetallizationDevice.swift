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
  /// Atoms of a nucleus: a disc of five sites.
  static let nucleus = [(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)]
  /// Events within one step of the voltage that tell a balance from a change, and that are followed at most.
  static let balanceEvents = 3000
  static let eventLimit = 100_000
  /// Atoms more or fewer, after which potential and current are found anew, and of a large filament the share of them.
  static let largestChange = 24
  static let largestShare = 1.0 / 150

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
      ring *= faces.last! < p.length ? 1.4 : 2
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
    var isBridge = false
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
      for atoms in body.lower where atoms > 0 { stem += law.resistivity / (Double(atoms) * edge) }
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
    let p = cell.parameters
    let edge = metal.atomEdge
    let planes = heights(body)
    let path =
      temperature - p.temperature < 0.01
      ? cell.path : MetallizationCell.path(p, tipArea: 1, at: temperature)
    var flow = IonFlow(radialFaces: radialFaces, heightFaces: planes.map { Double($0) * edge }, path: path)
    let (rings, rows) = (flow.radialCount, flow.heightCount)
    // Between two pieces the middle of the gap parts what belongs to which.
    let hasUpper = body.upperBottom < frame.lattice.cells.z
    let border = hasUpper ? (body.lowerTop + body.upperBottom + 1) / 2 : frame.lattice.cells.z
    func potential(_ plane: Int) -> Double {
      if body.isBridge { return voltage * conduction.shares[plane] }
      return plane < border ? 0 : voltage
    }
    var metal = [Double?](repeating: nil, count: rings * rows)
    for k in 0..<rows {
      let range = planes[k]..<planes[k + 1]
      var (lower, upper, mean) = (0, 0, 0.0)
      for plane in range {
        lower += body.lower[plane]
        upper += body.upper[plane]
        mean += potential(plane)
      }
      let atoms = Double(max(lower, upper)) / Double(range.count)
      guard atoms >= 0.5 else { continue }
      let radius = (atoms / Double.pi).squareRoot() * edge
      let value = body.isBridge ? mean / Double(range.count) : lower >= upper ? 0 : voltage
      for i in 0..<rings {
        let (inner, outer) = (radialFaces[i], radialFaces[i + 1])
        guard i == 0 || 0.5 * (inner * inner + outer * outer) < radius * radius else { break }
        metal[flow.cell(i, k)] = value
      }
    }
    if voltage == 0 {
      guess = nil
      flow.rest(metal: metal)
    } else {
      try flow.solve(metal: metal, electrode: voltage, guess: first(flow, after: guess, voltage: voltage))
      guess = flow
    }
    return rates(flow, body, planes: planes, potential: potential, temperature: temperature)
  }

  /// Where the search for a potential begins: at the last one, or at straight lines.
  private func first(_ flow: IonFlow, after last: IonFlow?, voltage: Double) -> [Double] {
    var guess = flow.potential
    var other = 0
    for k in 0..<flow.heightCount {
      let middle = 0.5 * (flow.heightFaces[k] + flow.heightFaces[k + 1])
      if let last {
        while other + 1 < last.heightCount, last.heightFaces[other + 1] <= middle { other += 1 }
        for i in 0..<flow.radialCount { guess[flow.cell(i, k)] = last.potential[last.cell(i, other)] }
      } else {
        for i in 0..<flow.radialCount { guess[flow.cell(i, k)] = voltage * middle / flow.heightFaces.last! }
      }
    }
    return guess
  }

  private func rates(
    _ flow: IonFlow, _ body: FilamentBody, planes: [Int], potential: (Int) -> Double, temperature: Double
  ) -> Exchange {
    let edge = metal.atomEdge
    let count = frame.lattice.cells.z
    var path = flow.path
    path.tipArea = edge * edge
    path.activeArea = .infinity
    path.gap = 0.5 * edge
    let lifetime = cell.lifetime(at: temperature)
    var exchange = Exchange(
      attach: [Double](repeating: 0, count: reach * count), kink: [Double](repeating: 0, count: reach * count))
    for k in 0..<flow.heightCount {
      let plane = (planes[k] + planes[k + 1] - 1) / 2
      let atoms = max(body.lower[plane], body.upper[plane])
      let isTip = !body.isBridge && plane >= body.lowerTop - 2 && plane < body.upperBottom
      let radius = radius(atoms)
      // A tip's curvature is that of the channel, as at the compact level: coarse atoms have none of their own.
      let balance =
        isTip ? cell.tipBalance : cell.capillarity.wall(radius: radius) + cell.parameters.openCircuitVoltage
      let thinning = atoms > 0 ? lifetime.thinning(radius: radius) / edge : 0
      var (outside, rate) = (-1, IonPath.Rates.none)
      for i in 0..<reach {
        // Metal within the mesh meets the crystal at its rim.
        var out = i
        while out + 1 < flow.radialCount, flow.metal[flow.cell(out, k)] != nil { out += 1 }
        if out != outside {
          outside = out
          rate = path.rates(driving: flow.potential[flow.cell(out, k)] - potential(plane) - balance)
        }
        for z in planes[k]..<planes[k + 1] {
          exchange.attach[z * reach + i] = rate.deposition / atomsPerSite
          exchange.kink[z * reach + i] = rate.dissolution / atomsPerSite + thinning
        }
      }
    }
    return exchange
  }
}
