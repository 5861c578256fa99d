import Fields
import Foundation
import Microstructure
import Testing

/// Forces between charges on a grid and off it: physics (7.15), check V37.
@Suite struct NearPairTests {
  /// Places of two charges at a distance, in directions without pattern.
  private func pairs(_ count: Int, distance: Double, about center: SIMD3<Double>) -> [(SIMD3<Double>, SIMD3<Double>)] {
    let numbers = PotentialFixture.noise(5 * count, seed: 11)
    return (0..<count).map { n in
      let start = center + SIMD3(numbers[5 * n], numbers[5 * n + 1], numbers[5 * n + 2])
      let (cosine, angle) = (2 * numbers[5 * n + 3] - 1, 2 * Double.pi * numbers[5 * n + 4])
      let sine = (1 - cosine * cosine).squareRoot()
      return (start, start + distance * SIMD3(sine * cos(angle), sine * sin(angle), cosine))
    }
  }

  /// The field at a place of a unit charge between grounded plates at 0 and L, with its copies along them.
  private func field(at target: SIMD3<Double>, of source: SIMD3<Double>, period: Double, gap: Double) -> SIMD3<Double> {
    var sum = SIMD3<Double>.zero
    func add(_ sign: Double, _ place: SIMD3<Double>) {
      let d = target - place
      let square = (d * d).sum()
      sum += sign / (4 * Double.pi * square * square.squareRoot()) * d
    }
    for i in -2...2 {
      for j in -2...2 {
        let shift = SIMD3(period * Double(i), period * Double(j), 0)
        for k in -40...40 {
          let rise = SIMD3(0, 0, 2 * gap * Double(k))
          add(1, source + shift + rise)
          add(-1, SIMD3(source.x, source.y, -source.z) + shift + rise)
        }
      }
    }
    return sum
  }

  /// At any distance the force is Coulomb's, with that of all images, within 1 %.
  @Test(arguments: CloudShape.allCases) func twoChargesPushAsCoulombSays(_ shape: CloudShape) throws {
    let n = 64
    let grid = Grid(nx: n, ny: n, nz: n, spacing: SIMD3(repeating: 1))
    let boundary = PotentialBoundary()
    let cloud = ChargeCloud(grid, boundary: boundary, shape: shape)
    let near = NearPairs(cloud, permittivity: 1)
    var solver = try PotentialSolver(grid, boundary: boundary, conductivity: Conductivity(grid, uniform: 1))
    var report: [String] = []
    for distance in [0.1, 0.5, 1, 2, 3, 4, 6, 8, 9.9, 10.1, 12, 15.7, 15.9] {
      var (worst, without) = (0.0, 0.0)
      var places = pairs(5, distance: distance, about: SIMD3(repeating: 29))
      let start = SIMD3(30.3, 30.6, 29.9)
      // Along an axis the grid errs most.
      places.append((start, start + SIMD3(distance, 0, 0)))
      // Cubes spread most where a charge lies between centers, and not at all on one.
      for corner in [SIMD3(30, 30.5, 30.5), SIMD3(30.5, 30, 30)] {
        places.append((corner, corner + SIMD3(distance, 0, 0)))
      }
      for (a, b) in places {
        let exact = field(at: a, of: b, period: Double(n), gap: Double(n))
        let density = try cloud.density(of: [PointCharge(charge: 1, position: b)])
        let potential = try solver.solve(potentials: [0, 0], source: density).potential
        let bare = try cloud.field(at: [a], in: potential, potentials: [0, 0])[0]
        let added = try near.fields(at: [PointCharge(charge: 0, position: a), PointCharge(charge: 1, position: b)])[0]
        func error(_ field: SIMD3<Double>) -> Double {
          let d = field - exact
          return ((d * d).sum() / (exact * exact).sum()).squareRoot()
        }
        worst = max(worst, error(bare + added))
        without = max(without, error(bare))
      }
      report.append("\(distance): \(Int(1e5 * worst) / 10)e-4 (\(Int(1e5 * without) / 10)e-4)")
      #expect(worst < 0.01)
      if distance < 1 { #expect(without > 0.3) }
    }
    print("\(shape), error by distance, without the correction in brackets: \(report.joined(separator: ", "))")
  }

  /// Near a plate and near each other, across the sides, in cells of unequal edges.
  @Test(arguments: CloudShape.allCases) func forcesAreEqualAndOpposite(_ shape: CloudShape) throws {
    let grid = Grid(nx: 24, ny: 20, nz: 16, spacing: SIMD3(1, 1.2, 0.8), origin: SIMD3(5, -3, 2))
    let boundary = PotentialBoundary()
    let cloud = ChargeCloud(grid, boundary: boundary, shape: shape)
    let near = NearPairs(cloud, permittivity: 2)
    var solver = try PotentialSolver(grid, boundary: boundary, conductivity: Conductivity(grid, uniform: 2))
    for step in [SIMD3(0.3, 0.4, 0.1), SIMD3(-1.1, 0.2, 0.9), SIMD3(2.9, -1.4, -0.2), SIMD3(9, 3, 0)] {
      let places = [grid.origin + SIMD3(0.2, 23.7, 7.1), grid.origin + SIMD3(0.2, 23.7, 7.1) + step]
      var forces: [SIMD3<Double>] = []
      for (own, other) in [(0, 1), (1, 0)] {
        let density = try cloud.density(of: [PointCharge(charge: 1, position: places[other])])
        let potential = try solver.solve(potentials: [0, 0], source: density).potential
        let charges = [
          PointCharge(charge: 0, position: places[own]), PointCharge(charge: 1, position: places[other]),
        ]
        let field = try cloud.field(at: [places[own]], in: potential, potentials: [0, 0])[0]
        forces.append(field + (try near.fields(at: charges)[0]))
      }
      let size = max(abs(forces[0].x), abs(forces[0].y))
      #expect(abs(forces[0].x + forces[1].x) < 1e-11 * size)
      #expect(abs(forces[0].y + forces[1].y) < 1e-11 * size)
      let both = try near.fields(at: places.map { PointCharge(charge: 1, position: $0) })
      // Images push across the plates.
      #expect(abs(both[0].x + both[1].x) < 1e-11 && abs(both[0].y + both[1].y) < 1e-11)
    }
  }

  /// A charge by itself feels its images alone: in the middle next to nothing, at a wall q/16πε d².
  @Test(arguments: CloudShape.allCases) func aChargeFeelsItsImagesAlone(_ shape: CloudShape) throws {
    let (n, nz) = (64, 32)
    let grid = Grid(nx: n, ny: n, nz: nz, spacing: SIMD3(repeating: 1))
    let boundary = PotentialBoundary(top: .insulating)
    let cloud = ChargeCloud(grid, boundary: boundary, shape: shape)
    let near = NearPairs(cloud, permittivity: 1)
    var solver = try PotentialSolver(grid, boundary: boundary, conductivity: Conductivity(grid, uniform: 1))
    let numbers = PotentialFixture.noise(60, seed: 5)
    var worst = 0.0
    for m in 0..<16 {
      var height = 10 + 8 * numbers[3 * m + 2]
      if m >= 8 { height = 0.1 + numbers[3 * m + 2] }
      if m >= 12 { height = Double(nz) - height }
      let charge = PointCharge(charge: 1, position: SIMD3(64 * numbers[3 * m], 64 * numbers[3 * m + 1], height))
      let potential = try solver.solve(potentials: [0], source: try cloud.density(of: [charge])).potential
      let field = try cloud.field(at: [charge.position], in: potential, potentials: [0])[0]
      let force = field + (try near.fields(at: [charge])[0])
      // Images about the plate, of alternating sign by pairs, the mirror above.
      var exact = 0.0
      for k in -2000...2000 {
        let sign = k % 2 == 0 ? 1.0 : -1
        let shift = 2 * Double(k) * Double(nz)
        if k != 0 { exact -= sign * shift / (4 * Double.pi * abs(shift * shift * shift)) }
        let d = 2 * height - shift
        exact -= sign * d / (4 * Double.pi * abs(d * d * d))
      }
      worst = max(worst, abs(force.x), abs(force.y), abs(force.z - exact) / max(1, abs(exact) * 10))
    }
    print("\(shape): self-force \(worst) q²/εh²")
    #expect(worst < 1e-3)
  }

  @Test func chargesOutsideAreNamed() throws {
    let grid = PotentialFixture.cube(8, side: 8)
    let cloud = ChargeCloud(grid, boundary: PotentialBoundary(lateral: .insulating))
    let near = NearPairs(cloud, permittivity: 1)
    #expect(throws: PotentialError.outsideGrid(position: SIMD3(9, 1, 1))) {
      try near.fields(at: [PointCharge(charge: 1, position: SIMD3(9, 1, 1))])
    }
  }
}
