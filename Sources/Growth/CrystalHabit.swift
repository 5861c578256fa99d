import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// The faces that a crystal shows, and the one on which it lies on a plate.
///
/// The slowest faces remain. Their speeds are taken, in this order: from attachment energies, R ∝ |E_att| (Hartman & Bennema
/// 1980), where data/ gives enough of them to close a body; else by Bravais, Friedel, Donnay and Harker, R ∝ 1/d of the widest
/// lattice planes that the space group does not extinguish, physics (5.1). No additive or solvent acts on a face by itself.
public struct CrystalHabit: Sendable {
  /// All faces that symmetry makes equal.
  public struct Form: Hashable, Sendable {
    /// Miller indices of one of them, without a common factor.
    public var indices: SIMD3<Int>
    /// Outward unit normals, in the frame of `Lattice.axes`.
    public var normals: [SIMD3<Double>]
    /// From the center, over that of the nearest form.
    public var distance: Double
    /// Of all its faces, over that of the whole crystal.
    public var share: Double
  }

  /// Distances over that of the nearest form.
  public let shape: WulffShape
  /// The forms that the crystal shows, the slowest and so the nearest first.
  public let forms: [Form]

  /// The face nearest to the center: a crystal that lies on it has its weight lowest.
  public var restingFace: SIMD3<Int> { forms[0].indices }

  /// The shape of growth.
  /// - Throws: `LatticeError`.
  public init(of compound: Compound) throws(LatticeError) {
    let lattice = compound.lattice
    let symmetry = try LatticeSymmetry(of: lattice)
    let attached = Self.candidates(compound.faces?.compactMapValues { $0.attachment?.si } ?? [:])
    if let habit = CrystalHabit(candidates: attached, lattice: lattice, symmetry: symmetry) {
      self = habit
      return
    }
    let planes = Self.planes(of: lattice, symmetry: symmetry)
    guard let habit = CrystalHabit(candidates: planes, lattice: lattice, symmetry: symmetry) else {
      throw .noSuchCell
    }
    self = habit
  }

  /// The shape of least surface energy, γ_hkl − Γ_hkl Δμ, with Γ the excess of BX₂ on a face; nil where data/ gives too few
  /// faces to close a body, or where one has no energy left. Physics (5.2).
  /// - Parameter potential: Δμ of BX₂ over that at which the energies are given, J per formula unit.
  /// - Throws: `LatticeError`.
  public init?(equilibriumOf compound: Compound, potential: Energy = Energy(si: 0)) throws(LatticeError) {
    let symmetry = try LatticeSymmetry(of: compound.lattice)
    let energies = (compound.faces ?? [:]).compactMapValues { face in
      face.surface.map { $0.si - (face.metalHalideExcess?.si ?? 0) * potential.si }
    }
    guard energies.values.allSatisfy({ $0 > 0 }) else { return nil }
    self.init(candidates: Self.candidates(energies), lattice: compound.lattice, symmetry: symmetry)
  }

  /// Forms in order of distance, each added if it cuts the body that the nearer ones enclose.
  private init?(
    candidates: [(indices: SIMD3<Int>, distance: Double)], lattice: Lattice, symmetry: LatticeSymmetry
  ) {
    let sorted = candidates.sorted { a, b in
      a.distance != b.distance ? a.distance < b.distance : Self.isSimpler(a.indices, b.indices)
    }
    guard let nearest = sorted.first?.distance, let farthest = sorted.last?.distance, nearest > 0 else { return nil }
    // A box that no real face is near, until the faces enclose a body by themselves.
    let box = 1e3 * farthest / nearest
    let walls = [SIMD3(1.0, 0, 0), SIMD3(0, 1.0, 0), SIMD3(0, 0, 1.0)].flatMap { axis in
      [WulffShape.Face(normal: axis, distance: box), WulffShape.Face(normal: -axis, distance: box)]
    }
    var forms: [Form] = []
    var body = WulffShape(faces: walls)
    for (written, distance) in sorted {
      let indices = Self.representative(of: symmetry.family(written))
      let normals = symmetry.family(indices).map { lattice.reciprocal($0.x, $0.y, $0.z).normalized }
      guard forms.allSatisfy({ $0.indices != indices && !$0.normals.contains { ($0 - normals[0]).norm < 1e-9 } }) else {
        continue
      }
      let relative = distance / nearest
      guard body.reach(along: normals[0]) > relative * (1 + 1e-9) else { continue }
      forms.append(Form(indices: indices, normals: normals, distance: relative, share: 0))
      body = WulffShape(faces: walls + Self.faces(of: forms))
    }
    guard body.areas.prefix(walls.count).allSatisfy({ $0 == 0 }) else { return nil }
    let shape = WulffShape(faces: Self.faces(of: forms))
    let total = shape.areas.reduce(0, +)
    var next = 0
    for index in forms.indices {
      let count = forms[index].normals.count
      forms[index].share = shape.areas[next..<(next + count)].reduce(0, +) / total
      next += count
    }
    self.shape = shape
    self.forms = forms.filter { $0.share > 1e-12 }
  }

  private static func faces(of forms: [Form]) -> [WulffShape.Face] {
    forms.flatMap { form in form.normals.map { WulffShape.Face(normal: $0, distance: form.distance) } }
  }

  /// Largest Miller index of the faces that BFDH looks at; wider planes than these always enclose a body.
  private static let largestIndex = 3

  /// One face of each form, with the spacing of its planes that reflect, 1/d.
  private static func planes(
    of lattice: Lattice, symmetry: LatticeSymmetry
  ) -> [(indices: SIMD3<Int>, distance: Double)] {
    let range = -largestIndex...largestIndex
    var seen: Set<SIMD3<Int>> = []
    var found: [(indices: SIMD3<Int>, distance: Double)] = []
    for h in range {
      for k in range {
        for l in range where gcd(gcd(abs(h), abs(k)), abs(l)) == 1 {
          let indices = SIMD3(h, k, l)
          guard !seen.contains(indices) else { continue }
          let family = symmetry.family(indices)
          seen.formUnion(family)
          // Centering, screws and glides leave every second, third, fourth or sixth plane.
          let order = (1...12).first { !symmetry.isExtinct($0 * h, $0 * k, $0 * l) } ?? 1
          found.append((representative(of: family), Double(order) * lattice.reciprocal(h, k, l).norm))
        }
      }
    }
    return found
  }

  /// The faces of a table by their written indices, such as `1-10`.
  private static func candidates(_ table: [String: Double]) -> [(indices: SIMD3<Int>, distance: Double)] {
    table.compactMap { key, value in MillerIndices.read(key).map { ($0, value) } }
  }

  /// (001), (011), (111): no negative index if one has none, the small ones first.
  private static func representative(of family: [SIMD3<Int>]) -> SIMD3<Int> {
    family.min { isSimpler($0, $1) }!
  }

  private static func isSimpler(_ a: SIMD3<Int>, _ b: SIMD3<Int>) -> Bool {
    let rank = { (v: SIMD3<Int>) -> [Int] in [v.min() < 0 ? 1 : 0, v.x, v.y, v.z] }
    return rank(a).lexicographicallyPrecedes(rank(b))
  }

  private static func gcd(_ a: Int, _ b: Int) -> Int { b == 0 ? a : gcd(b, a % b) }
}

extension CrystalHabit {
  /// The lattice of a crystal that rests on its nearest face and is turned at random in the plane: one draw.
  ///
  /// The mosaic spread stands beside the mean orientation: it broadens a rocking curve and does not tilt the crystal.
  public func orientation(of compound: Compound, random: inout RandomSource) -> Orientation {
    orientation(on: forms[0], of: compound, random: &random)
  }

  /// The lattice of a crystal that grew in a gap from a nucleus on its wall: two draws.
  ///
  /// A nucleus lies on a face with the weight of Boltzmann's factor of that face's energy over the nucleus's contact; crystals
  /// whose plan spreads fast win the plate from those that spread slowly, so each face counts with the area of the habit's
  /// section along it, physics (2.8). Adhesion to the wall is taken as the same for all faces. Where data/ gives no energy
  /// for a face that the habit shows, nuclei lie on the nearest.
  /// - Parameter contact: area of the critical nucleus on the wall, m².
  public func orientation(
    of compound: Compound, contact: Double, temperature: Double, random: inout RandomSource
  ) -> Orientation {
    let shares = restingShares(of: compound, contact: contact, temperature: temperature)
    var left = random.uniform()
    let chosen = forms.indices.first { index in
      left -= shares[index]
      return left <= 0
    }
    return orientation(on: forms[chosen ?? 0], of: compound, random: &random)
  }

  /// How many of the crystals that survive in a gap rest on each of `forms`.
  public func restingShares(of compound: Compound, contact: Double, temperature: Double) -> [Double] {
    // In the order of the names, so that nothing depends on hashing.
    let faces = (compound.faces ?? [:]).sorted { $0.key < $1.key }
    let energies = forms.map { form in
      faces.first { MillerIndices.read($0.key).map(form.holds(in: compound.lattice)) ?? false }?.value
        .surface?.si
    }
    guard let least = energies.compactMap({ $0 }).min(), energies.allSatisfy({ $0 != nil }) else {
      return forms.indices.map { $0 == 0 ? 1 : 0 }
    }
    let weights = forms.indices.map { index in
      exp(-contact * (energies[index]! - least) / (Constants.boltzmann * temperature))
        * Double(forms[index].normals.count) * shape.section(across: forms[index].normals[0])
    }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }

  private func orientation(on form: Form, of compound: Compound, random: inout RandomSource) -> Orientation {
    let up = SIMD3(0.0, 0, 1)
    let normal = compound.lattice.reciprocal(form.indices.x, form.indices.y, form.indices.z)
    let azimuth = Rotation(axis: up, angle: 2 * Double.pi * random.uniform())
    return Orientation(
      quaternion: (azimuth * Rotation(from: normal, to: up)).quaternion, face: form.indices,
      mosaicWidth: compound.disorder.mosaicWidth)
  }
}

extension CrystalHabit.Form {
  /// Whether a face belongs to the form.
  fileprivate func holds(in lattice: Lattice) -> (SIMD3<Int>) -> Bool {
    { face in
      let normal = lattice.reciprocal(face.x, face.y, face.z).normalized
      return normals.contains { ($0 - normal).norm < 1e-9 }
    }
  }
}
