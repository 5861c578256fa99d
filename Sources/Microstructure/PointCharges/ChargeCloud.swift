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

/// How a charge is spread over cells.
public enum CloudShape: Hashable, Sendable, CaseIterable {
  /// Cloud in cell: a cube of the grid's spacing, over the eight nearest cells.
  case cube
  /// Triangular: twice as wide and densest in its middle, over the 27 nearest cells.
  case triangle

  /// Cells that a charge is spread over along an axis.
  var width: Int { self == .cube ? 2 : 3 }

  /// The first of those cells and their weights, for a place in cells from the grid's corner.
  @inline(__always)
  func weights(at place: Double) -> (first: Int, weights: SIMD3<Double>) {
    switch self {
    case .cube:
      let low = (place - 0.5).rounded(.down)
      let part = place - 0.5 - low
      return (Int(low), SIMD3(1 - part, part, 0))
    case .triangle:
      let own = place.rounded(.down)
      let d = place - own - 0.5
      return (Int(own) - 1, SIMD3(0.5 * (0.5 - d) * (0.5 - d), 0.75 - d * d, 0.5 * (0.5 + d) * (0.5 + d)))
    }
  }
}

/// Charges spread over the nearest cells, and fields read back with the same weights.
///
/// A charge is a cloud; each cell gets the part of it that lies in it. The field at a center comes from the two
/// neighbors on each side, and a charge reads it with its own weights, so that two charges push each other equally and
/// none itself, as far as the grid is uniform (Hockney & Eastwood, *Computer Simulation Using Particles*, section 5.2).
/// Beyond a face the medium goes on as its mirror: with the opposite charge behind an electrode, the same charge behind
/// an insulator.
public struct ChargeCloud: Sendable {
  public let grid: Grid
  public let boundary: PotentialBoundary
  public let shape: CloudShape

  public init(_ grid: Grid, boundary: PotentialBoundary, shape: CloudShape = .cube) {
    precondition(
      boundary.bottomTransfer == .infinity && boundary.topTransfer == .infinity,
      "electrodes of a cloud have their potential at the face")
    self.grid = grid
    self.boundary = boundary
    self.shape = shape
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
    let width = shape.width
    let cells = SIMD3(grid.nx, grid.ny, grid.nz)
    for axis in 0..<3 {
      let isFree = axis < 2 && boundary.lateral == .periodic
      guard place[axis].isFinite, isFree || (place[axis] >= 0 && place[axis] <= Double(cells[axis])) else {
        throw PotentialError.outsideGrid(position: position)
      }
    }
    let spread = (0..<3).map { shape.weights(at: place[$0]) }
    for corner in 0..<(width * width * width) {
      let step = SIMD3(corner % width, corner / width % width, corner / (width * width))
      var weight = 1.0
      var index = SIMD3<Int>.zero
      var parity = Parity()
      var face: PotentialFace?
      for axis in 0..<3 {
        weight *= spread[axis].weights[step[axis]]
        let n = cells[axis]
        var i = spread[axis].first + step[axis]
        if axis < 2, boundary.lateral == .periodic {
          i = ((i % n) + n) % n
        } else if i < 0 || i >= n {
          if axis == 0 { parity.turnsX = true }
          if axis == 1 { parity.turnsY = true }
          if axis == 2 { face = i < 0 ? boundary.bottom : boundary.top }
          i = i < 0 ? -1 - i : 2 * n - 1 - i
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

  /// −grad φ at a cell's center, of fourth order: (8 (φ₋₁ − φ₁) − (φ₋₂ − φ₂))/12h.
  private func field(in cell: Int, of potential: Field, _ potentials: [Double]) -> SIMD3<Double> {
    let at = grid.cell(cell)
    let phi = potential.values
    let wraps = boundary.lateral == .periodic
    let counts = SIMD3(grid.nx, grid.ny, grid.nz)
    /// φ some cells away: that of the cell, or of its mirror behind a face.
    func value(_ axis: Int, _ step: Int) -> Double {
      let n = counts[axis]
      var next = at
      next[axis] += step
      guard next[axis] < 0 || next[axis] >= n else { return phi[grid.index(next.x, next.y, next.z)] }
      let isBelow = next[axis] < 0
      if axis < 2, wraps {
        next[axis] = ((next[axis] % n) + n) % n
      } else {
        next[axis] = min(max(isBelow ? -1 - next[axis] : 2 * n - 1 - next[axis], 0), n - 1)
      }
      let there = phi[grid.index(next.x, next.y, next.z)]
      guard axis == 2 else { return there }
      let spot = at.y * grid.nx + at.x
      let electrode = isBelow ? boundary.bottomElectrode(spot) : boundary.topElectrode(spot)
      return electrode.map { 2 * potentials[$0] - there } ?? there
    }
    var field = SIMD3<Double>.zero
    for axis in 0..<3 {
      let near = value(axis, -1) - value(axis, 1)
      let far = value(axis, -2) - value(axis, 2)
      field[axis] = (8 * near - far) / (12 * grid.spacing[axis])
    }
    return field
  }
}
