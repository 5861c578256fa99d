import Foundation
import Quantities

/// Mobile ions and their countercharge across a crystal between two blocking contacts.
///
///     ∂c/∂t = −∂J/∂z,   −∂(ε ∂φ/∂z)/∂z = q Σ z (c − c₀),   C_S (V − φ₀) = −ε ∂φ/∂z at each contact
///
/// Poisson, Nernst & Planck with Bikerman's crowding and a compact (Stern) layer at each contact; physics (8.4)-(8.6).
/// Finite volumes; the unknowns of a cell are φ and the electrochemical potentials of the ions (`first`) and of the
/// countercharge (`second`), so no density can fall below 0.
public struct IonColumn: Hashable, Sendable {
  /// What a column is made of.
  public struct Composition: Hashable, Sendable {
    public var ions: LatticeIons
    /// D = 0: fixed at its places, as cation vacancies are on their own.
    public var countercharge: LatticeIons
    /// F/m.
    public var permittivity: Double
    /// Of the compact layer of either contact, F/m².
    public var layerCapacitance: Double
    /// K.
    public var temperature: Double

    public init(
      ions: LatticeIons, countercharge: LatticeIons, permittivity: Double, layerCapacitance: Double, temperature: Double
    ) {
      self.ions = ions
      self.countercharge = countercharge
      self.permittivity = permittivity
      self.layerCapacitance = layerCapacitance
      self.temperature = temperature
    }

    /// kT/q, V.
    public var thermalVoltage: Double { Constants.boltzmann * temperature / Constants.elementaryCharge }
  }

  public let mesh: ColumnMesh
  public let composition: Composition
  /// Ions at rest, and as much countercharge, 1/m³.
  public let restDensity: [Double]
  /// φ, kT/q, the contact at the end of the column being at 0.
  public internal(set) var potential: [Double]
  /// µ of ions and countercharge, kT, 0 at rest.
  public internal(set) var first: [Double]
  public internal(set) var second: [Double]
  /// φ of the contact at depth 0, kT/q.
  public internal(set) var contactPotential = 0.0

  /// −U.
  let firstRest: [Double]
  let secondRest: [Double]
  /// ε/Δ between a cell and the next; before the first and after the last, the compact layer and half a cell in series; F/m².
  let couplings: [Double]
  /// 1/Δ between a cell and the next, 1/m.
  let steps: [Double]
  var work: BlockTridiagonal

  /// - Parameter restDensity: of each cell, 1/m³, below the sites' density; 0 is a column without ions.
  public init(_ mesh: ColumnMesh, _ composition: Composition, restDensity: [Double]) {
    precondition(restDensity.count == mesh.count, "one density per cell")
    precondition(
      restDensity.allSatisfy { $0 >= 0 && $0 < composition.ions.siteDensity }, "ions fit on their sites")
    self.mesh = mesh
    self.composition = composition
    self.restDensity = restDensity
    hasIons = restDensity.contains { $0 > 0 }
    let zeros = [Double](repeating: 0, count: mesh.count)
    (potential, first, second) = (zeros, zeros, zeros)
    // A cell without ions of its own: a density whose charge no meter sees.
    let floor = 1e-12
    firstRest = restDensity.map { composition.ions.logit(max($0, floor)) }
    secondRest = restDensity.map { composition.countercharge.logit(max($0, floor)) }
    let heights = mesh.heights
    let end = { (height: Double) in 1 / (1 / composition.layerCapacitance + 0.5 * height / composition.permittivity) }
    steps = (1..<mesh.count).map { 2 / (heights[$0 - 1] + heights[$0]) }
    couplings = [end(heights[0])] + steps.map { composition.permittivity * $0 } + [end(heights[mesh.count - 1])]
    work = BlockTridiagonal(count: mesh.count)
  }

  public static func == (a: IonColumn, b: IonColumn) -> Bool {
    a.mesh == b.mesh && a.composition == b.composition && a.restDensity == b.restDensity
      && a.potential == b.potential && a.first == b.first && a.second == b.second
      && a.contactPotential == b.contactPotential
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(contactPotential)
    hasher.combine(potential)
  }

  /// Whether anything in the column can move; without ions it is a capacitor.
  public let hasIons: Bool

  /// Logits of a cell's ions and countercharge.
  @inline(__always)
  func logits(_ i: Int) -> (Double, Double) {
    (
      first[i] - composition.ions.charge * potential[i] + firstRest[i],
      second[i] - composition.countercharge.charge * potential[i] + secondRest[i]
    )
  }

  /// 1/m³.
  public var ionDensity: [Double] {
    hasIons ? mesh.heights.indices.map { composition.ions.density(logit: logits($0).0) } : restDensity
  }
  public var counterDensity: [Double] {
    hasIons ? mesh.heights.indices.map { composition.countercharge.density(logit: logits($0).1) } : restDensity
  }

  /// Ions per area, 1/m².
  public var ionsPerArea: Double { zip(ionDensity, mesh.heights).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Share of occupied sites in the first cell.
  public var surfaceFraction: Double { hasIons ? LatticeIons.share(logits(0).0) : 0 }

  /// Drop over the compact layer of the switching contact that pulls positive ions to it, V.
  public var layerDrop: Double {
    composition.thermalVoltage * couplings[0] * (potential[0] - contactPotential) / composition.layerCapacitance
  }

  /// Free energy per area at the present voltage, J/m², electrodes held by their source.
  ///
  ///     F = Σ h kT [c ln x + (c_max − c) ln(1 − x) + c U] − ½ Σ C (Δφ)² + Σ h q ρ φ − …
  ///
  /// Written in the form that a step at fixed voltage lowers: the energy of the field, less what the source has given,
  /// plus the ions' entropy of mixing over their sites. Countercharge that does not move adds a constant.
  public var freeEnergy: Double {
    let thermal = Constants.boltzmann * composition.temperature
    var sum = 0.0
    for i in mesh.heights.indices {
      let (y, w) = logits(i)
      guard hasIons else { continue }
      sum += mesh.heights[i] * thermal * mixing(composition.ions, y, firstRest[i])
      sum += mesh.heights[i] * thermal * mixing(composition.countercharge, w, secondRest[i])
    }
    let scale = composition.thermalVoltage * composition.thermalVoltage
    let last = mesh.count - 1
    var field = couplings[0] * square(contactPotential - potential[0]) + couplings[last + 1] * square(potential[last])
    for i in 1..<mesh.count { field += couplings[i] * square(potential[i] - potential[i - 1]) }
    let charge = couplings[0] * (contactPotential - potential[0])
    return sum + scale * (0.5 * field - charge * contactPotential)
  }

  private func mixing(_ ions: LatticeIons, _ y: Double, _ rest: Double) -> Double {
    let x = LatticeIons.share(y)
    // x ln x + (1 − x) ln(1 − x) = x y − ln(1 + e^y).
    return ions.siteDensity * (x * (y - rest) - LatticeIons.logActivity(y))
  }

  private func square(_ x: Double) -> Double { x * x }
}
