import Fields
import Foundation

/// What a grid does not see of charges that are close to each other.
///
/// Charges of a `ChargeCloud` push each other as clouds on a grid do: too weakly when they are near. For pairs nearer
/// than some cells this adds Coulomb's field less the grid's own, which is known exactly for each two places in their
/// cells: clouds and differences of the lattice's Green function. Images behind electrodes and mirrors are charges like
/// others, and a charge feels its own. The medium about a pair counts as uniform. Physics (7.15); source: Hockney &
/// Eastwood, *Computer Simulation Using Particles*, section 8.1 (P³M), which takes the grid's mean field instead.
public struct NearPairs: Sendable {
  public let cloud: ChargeCloud
  /// Distance up to which pairs are corrected, m.
  public let radius: Double
  private let permittivity: Double
  private let green: LatticeGreenFunction

  /// - Parameters:
  ///   - permittivity: F/m.
  ///   - accuracy: largest share by which the grid's own force between a pair may be wrong; nearer pairs are corrected.
  public init(_ cloud: ChargeCloud, permittivity: Double, accuracy: Double = 0.01) {
    self.init(cloud, permittivity: permittivity, cells: Self.cells(for: accuracy, cloud.shape))
  }

  /// Cells beyond which the grid's force between two charges is right to a share.
  ///
  /// Along an axis it is too strong by up to 3/4 h²/r², as seven neighbors make a Laplacian, and by as much as 3/2 h²/r²
  /// more between cubes, whose spread depends on where in its cell a charge is.
  public static func cells(for accuracy: Double, _ shape: CloudShape) -> Double {
    max(2, ((shape == .cube ? 2.5 : 0.8) / accuracy).squareRoot())
  }

  /// - Parameters:
  ///   - permittivity: F/m.
  ///   - cells: the distance up to which pairs are corrected, in the largest of the grid's spacings; the grid's least
  ///     extent at most.
  public init(_ cloud: ChargeCloud, permittivity: Double, cells: Double) {
    precondition(permittivity > 0 && cells > 0, "a permittivity and a distance are above 0")
    self.cloud = cloud
    self.permittivity = permittivity
    let h = cloud.grid.spacing
    let grid = cloud.grid
    let size = SIMD3(Double(grid.nx), Double(grid.ny), Double(grid.nz)) * h
    radius = min(cells * h.max(), size.min())
    // Two clouds add a width less one each way, the differences of neighbors two.
    let extra = cloud.shape.width + 2
    var reach = SIMD3<Int>.zero
    for axis in 0..<3 { reach[axis] = Int((radius / h[axis]).rounded(.up)) + extra }
    green = LatticeGreenFunction(spacing: h, reach: reach)
  }

  private struct Source {
    var charge: Double
    var position: SIMD3<Double>
    /// Which charge this is, or whose image.
    var number: Int
    var isImage: Bool
  }

  /// The field at each charge that its near neighbors add to the grid's, V/m.
  ///
  /// Two charges at the same place get none from each other.
  /// - Throws: `PotentialError.outsideGrid`.
  public func fields(at charges: [PointCharge]) throws -> [SIMD3<Double>] {
    let sources = try images(of: charges)
    var bins: [SIMD3<Int32>: [Int]] = [:]
    for (n, source) in sources.enumerated() { bins[bin(source.position), default: []].append(n) }
    var fields = [SIMD3<Double>](repeating: .zero, count: charges.count)
    for (own, charge) in charges.enumerated() {
      // Images of periods lie about the charge's own place in the grid.
      let position = wrapped(charge.position)
      let home = bin(position)
      for step in 0..<27 {
        let next = home &+ SIMD3(Int32(step % 3) - 1, Int32(step / 3 % 3) - 1, Int32(step / 9) - 1)
        for n in bins[next] ?? [] {
          let source = sources[n]
          guard source.number != own || source.isImage else { continue }
          let d = position - source.position
          let square = (d * d).sum()
          guard square > 0, square < radius * radius else { continue }
          let coulomb = d / (4 * Double.pi * square * square.squareRoot())
          fields[own] += source.charge / permittivity * (coulomb - gridField(at: position, of: source.position))
        }
      }
    }
    return fields
  }

  /// The grid's field at a place of a unit charge at another on an endless grid, times ε.
  private func gridField(at target: SIMD3<Double>, of source: SIMD3<Double>) -> SIMD3<Double> {
    let (grid, shape) = (cloud.grid, cloud.shape)
    let (a, b) = ((target - grid.origin) / grid.spacing, (source - grid.origin) / grid.spacing)
    let width = shape.width
    let span = 2 * width - 1
    // Weights of each distance in cells along an axis: those of both clouds, multiplied and summed.
    var shares = (SIMD8<Double>.zero, SIMD8<Double>.zero, SIMD8<Double>.zero)
    var first = SIMD3<Int>.zero
    for axis in 0..<3 {
      let (p, q) = (shape.weights(at: a[axis]), shape.weights(at: b[axis]))
      first[axis] = p.first - q.first - (width - 1)
      var share = SIMD8<Double>.zero
      for i in 0..<width { for j in 0..<width { share[i - j + width - 1] += p.weights[i] * q.weights[j] } }
      if axis == 0 { shares.0 = share } else if axis == 1 { shares.1 = share } else { shares.2 = share }
    }
    var field = SIMD3<Double>.zero
    for n in 0..<span {
      for m in 0..<span {
        let outer = shares.2[n] * shares.1[m]
        for l in 0..<span {
          let weight = outer * shares.0[l]
          guard weight != 0 else { continue }
          let (i, j, k) = (first.x + l, first.y + m, first.z + n)
          let x = 8 * (green[i - 1, j, k] - green[i + 1, j, k]) - (green[i - 2, j, k] - green[i + 2, j, k])
          let y = 8 * (green[i, j - 1, k] - green[i, j + 1, k]) - (green[i, j - 2, k] - green[i, j + 2, k])
          let z = 8 * (green[i, j, k - 1] - green[i, j, k + 1]) - (green[i, j, k - 2] - green[i, j, k + 2])
          field += weight * SIMD3(x, y, z)
        }
      }
    }
    return field / (12 * grid.spacing)
  }

  private func bin(_ position: SIMD3<Double>) -> SIMD3<Int32> {
    let place = ((position - cloud.grid.origin) / radius).rounded(.down)
    return SIMD3(Int32(place.x), Int32(place.y), Int32(place.z))
  }

  private var size: SIMD3<Double> {
    let grid = cloud.grid
    return SIMD3(Double(grid.nx), Double(grid.ny), Double(grid.nz)) * grid.spacing
  }

  /// A place moved by periods into the grid.
  private func wrapped(_ position: SIMD3<Double>) -> SIMD3<Double> {
    guard cloud.boundary.lateral == .periodic else { return position }
    var place = position - cloud.grid.origin
    for axis in 0..<2 { place[axis] -= size[axis] * (place[axis] / size[axis]).rounded(.down) }
    return place + cloud.grid.origin
  }

  /// The charges in the grid, and their images that lie beyond a face but near it.
  private func images(of charges: [PointCharge]) throws -> [Source] {
    let (grid, boundary, size) = (cloud.grid, cloud.boundary, self.size)
    var sources = charges.enumerated().map {
      Source(charge: $1.charge, position: wrapped($1.position), number: $0, isImage: false)
    }
    for source in sources {
      let place = source.position - grid.origin
      for axis in 0..<3 where !(place[axis] >= 0 && place[axis] <= size[axis]) {
        throw PotentialError.outsideGrid(position: source.position)
      }
    }
    for axis in 0..<3 {
      // Those of axes before have images too: in edges and corners.
      for source in sources {
        let place = source.position[axis] - grid.origin[axis]
        for isUpper in [false, true] {
          var image = source
          image.isImage = true
          if axis < 2, boundary.lateral == .periodic {
            image.position[axis] += isUpper ? size[axis] : -size[axis]
            let beyond = isUpper ? place : size[axis] - place
            guard beyond < radius else { continue }
          } else {
            guard (isUpper ? size[axis] - place : place) < radius else { continue }
            image.position[axis] = grid.origin[axis] + (isUpper ? 2 * size[axis] : 0) - place
            if axis == 2, electrode(isUpper ? boundary.top : boundary.bottom, source) { image.charge = -image.charge }
          }
          sources.append(image)
        }
      }
    }
    return sources
  }

  /// Whether the face has an electrode where a source is next to it.
  private func electrode(_ face: PotentialFace, _ source: Source) -> Bool {
    let grid = cloud.grid
    let place = (source.position - grid.origin) / grid.spacing
    let i = min(max(Int(place.x.rounded(.down)), 0), grid.nx - 1)
    let j = min(max(Int(place.y.rounded(.down)), 0), grid.ny - 1)
    return face.electrode(at: j * grid.nx + i) != nil
  }
}
