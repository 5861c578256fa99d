import Fields

/// A charge and where it is, C and m.
public struct PointCharge: Hashable, Sendable {
  public var charge: Double
  public var position: SIMD3<Double>

  public init(charge: Double, position: SIMD3<Double>) {
    self.charge = charge
    self.position = position
  }
}

/// Charges spread over the eight nearest cells, and fields read back with the same weights.
///
/// Cloud in cell: a charge is a cube of the grid's spacing; each cell gets the part of the cube in it. The field at a
/// center is the mean of those at its faces, and a charge reads it with its own weights, so that two charges push each
/// other equally and none itself, as far as the grid is uniform (Hockney & Eastwood, *Computer Simulation Using
/// Particles*, section 5.2). Beyond a face the medium goes on as its mirror: with the opposite charge behind an electrode,
/// the same charge behind an insulator.
public struct ChargeCloud: Sendable {
  public let grid: Grid
  public let boundary: PotentialBoundary

  public init(_ grid: Grid, boundary: PotentialBoundary) {
    self.grid = grid
    self.boundary = boundary
  }

  /// The charge density of charges, C/m³: the source of the potential.
  ///
  /// What of a cloud lies behind an electrode counts as the charge that the electrode shows for it, of opposite sign.
  /// - Throws: `PotentialError.outsideGrid`.
  public func density(of charges: [PointCharge]) throws -> Field {
    var density = Field(grid)
    let perVolume = 1 / grid.voxelVolume
    for charge in charges {
      try forEachCorner(charge.position) { cell, weight, parity in
        density.values[cell] += charge.charge * perVolume * weight * (parity.isAtElectrode ? -1 : 1)
      }
    }
    return density
  }

  /// The electric field at positions, V/m.
  /// - Parameters:
  ///   - potential: on the grid.
  ///   - potentials: those of the electrodes.
  /// - Throws: `PotentialError.outsideGrid`.
  public func field(
    at positions: [SIMD3<Double>], in potential: Field, potentials: [Double]
  ) throws -> [SIMD3<Double>] {
    precondition(potential.grid.count == grid.count, "the potential lies on the cloud's grid")
    precondition(potentials.count == boundary.electrodeCount, "one potential per electrode")
    return try positions.map { position in
      var sum = SIMD3<Double>.zero
      try forEachCorner(position) { cell, weight, parity in
        var field = field(in: cell, of: potential, potentials)
        // The mirror turns the part along or across the face.
        if parity.isAtElectrode {
          field.x = -field.x
          field.y = -field.y
        }
        if parity.isAtInsulator { field.z = -field.z }
        if parity.turnsX { field.x = -field.x }
        if parity.turnsY { field.y = -field.y }
        sum += weight * field
      }
      return sum
    }
  }

  /// What a corner of a cloud passed on its way to a cell of the grid.
  private struct Parity {
    var isAtElectrode = false
    var isAtInsulator = false
    var turnsX = false
    var turnsY = false
  }

  private func forEachCorner(
    _ position: SIMD3<Double>, _ body: (_ cell: Int, _ weight: Double, _ parity: Parity) -> Void
  ) throws {
    let place = (position - grid.origin) / grid.spacing
    let cells = SIMD3(grid.nx, grid.ny, grid.nz)
    for axis in 0..<3 {
      let isFree = axis < 2 && boundary.lateral == .periodic
      guard place[axis].isFinite, isFree || (place[axis] >= 0 && place[axis] <= Double(cells[axis])) else {
        throw PotentialError.outsideGrid(position: position)
      }
    }
    let shifted = place - 0.5
    let low = shifted.rounded(.down)
    let part = shifted - low
    for corner in 0..<8 {
      var weight = 1.0
      var index = SIMD3<Int>.zero
      var parity = Parity()
      var face: PotentialFace?
      for axis in 0..<3 {
        let upper = corner >> axis & 1
        weight *= upper == 1 ? part[axis] : 1 - part[axis]
        let n = cells[axis]
        var i = Int(low[axis]) + upper
        if axis < 2, boundary.lateral == .periodic {
          i = ((i % n) + n) % n
        } else if i < 0 || i >= n {
          if axis == 0 { parity.turnsX = true }
          if axis == 1 { parity.turnsY = true }
          if axis == 2 { face = i < 0 ? boundary.bottom : boundary.top }
          i = i < 0 ? 0 : n - 1
        }
        index[axis] = i
      }
      guard weight != 0 else { continue }
      if let face {
        let isElectrode = face.electrode(at: index.y * grid.nx + index.x) != nil
        parity.isAtElectrode = isElectrode
        parity.isAtInsulator = !isElectrode
      }
      body(grid.index(index.x, index.y, index.z), weight, parity)
    }
  }

  /// The mean of the fields at a cell's faces.
  private func field(in cell: Int, of potential: Field, _ potentials: [Double]) -> SIMD3<Double> {
    let at = grid.cell(cell)
    let phi = potential.values
    let own = phi[cell]
    let wraps = boundary.lateral == .periodic
    /// φ beyond a face: that of the neighbor, or of the mirror.
    func neighbor(_ axis: Int, _ step: Int) -> Double {
      let n = [grid.nx, grid.ny, grid.nz][axis]
      var next = at
      next[axis] += step
      if next[axis] < 0 || next[axis] >= n {
        if axis < 2 {
          next[axis] = wraps ? (next[axis] + n) % n : at[axis]
        } else {
          let spot = at.y * grid.nx + at.x
          let electrode = step < 0 ? boundary.bottomElectrode(spot) : boundary.topElectrode(spot)
          return electrode.map { 2 * potentials[$0] - own } ?? own
        }
      }
      return phi[grid.index(next.x, next.y, next.z)]
    }
    var field = SIMD3<Double>.zero
    for axis in 0..<3 { field[axis] = (neighbor(axis, -1) - neighbor(axis, 1)) / (2 * grid.spacing[axis]) }
    return field
  }
}
