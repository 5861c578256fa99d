import Fields

/// A microstructure of the user's own, as `boule fields` takes it: a map of phases, what they are made of, and a load.
///
/// - `/data/0/meshes/phase`: integers from 0, shape (z, y, x), with openPMD's `gridSpacing` and `gridUnitSI`;
/// - `/data/0/meshes/eigenstrain`: optional, a group of arrays xx, yy, zz, xy, yz, xz of the same shape;
/// - `/microstructure/stiffness`: (phase, 6, 6) in Pa, symmetric;
/// - `/microstructure/eigenstrain`: (phase, 6), optional;
/// - `/microstructure/meanStrain`, `meanStress`: 6 numbers each, and `prescribed`: 1 where the strain is, 0 where the
///   stress is; without `prescribed` the one that is there;
/// - attribute `top` of `/microstructure`: `periodic` or `free`; below a free top `bottom`: `free`, the default, or
///   `clamped`, or else `/microstructure/below`: (layer, 3), Young's modulus in Pa, Poisson's ratio and thickness in m of
///   uniform layers, bottom to top, of which the first is a support as thick as need be.
///
/// Six numbers stand in the order xx, yy, zz, xy, yz, xz. Strains of `/microstructure` have engineering shear, 2ε_xy;
/// those of the mesh are tensor components, as in the answer.
public struct MicrostructureFile: Hashable, Sendable {
  public enum Top: String, Sendable {
    case periodic
    case free
  }

  /// What a film with a free top rests on.
  public enum Base: Hashable, Sendable {
    case free
    case clamped
    case layers([Layer])
  }

  public struct Layer: Hashable, Sendable {
    /// Pa.
    public var youngModulus: Double
    public var poissonRatio: Double
    /// m.
    public var thickness: Double

    public init(youngModulus: Double, poissonRatio: Double, thickness: Double) {
      self.youngModulus = youngModulus
      self.poissonRatio = poissonRatio
      self.thickness = thickness
    }
  }

  public var grid: Grid
  /// Number of the phase of each voxel.
  public var phases: [Int]
  /// Rows of each phase's stiffness, Pa.
  public var stiffness: [[Double]]
  /// Of each phase.
  public var eigenstrain: [[Double]]
  /// Of each voxel, six arrays; added to those of the phases.
  public var eigenstrainFields: [[Double]]?
  public var meanStrain: [Double]
  /// Pa.
  public var meanStress: [Double]
  /// Whether the mean strain is given, or else the mean stress.
  public var isStrainPrescribed: [Bool]
  public var top: Top
  /// Of no account in a periodic body.
  public var base: Base

  /// A microstructure from elsewhere: eigenstrains of zero and the mean strain are prescribed, where nothing else is said.
  public init(
    grid: Grid, phases: [Int], stiffness: [[Double]], eigenstrain: [[Double]]? = nil,
    eigenstrainFields: [[Double]]? = nil, meanStrain: [Double] = [0, 0, 0, 0, 0, 0],
    meanStress: [Double] = [0, 0, 0, 0, 0, 0], isStrainPrescribed: [Bool] = [true, true, true, true, true, true],
    top: Top = .periodic, base: Base = .free
  ) {
    self.grid = grid
    self.phases = phases
    self.stiffness = stiffness
    self.eigenstrain = eigenstrain ?? stiffness.map { _ in [0, 0, 0, 0, 0, 0] }
    self.eigenstrainFields = eigenstrainFields
    self.meanStrain = meanStrain
    self.meanStress = meanStress
    self.isStrainPrescribed = isStrainPrescribed
    self.top = top
    self.base = base
  }

  /// - Throws: `ArchiveError.cannotRead`, `.unexpectedContent` with the place in the file and what is expected there.
  public init(contentsOf path: String) throws(ArchiveError) {
    let reader = Reader(path: path, file: try HDF5Handle.reading(path))
    let phase = "data/0/meshes/phase"
    let shape = try reader.shape(phase)
    guard shape.count == 3, shape.allSatisfy({ $0 > 0 }) else {
      throw reader.unexpected(phase, "shape \(shape); three extents (z, y, x) are expected")
    }
    grid = try reader.grid(of: phase, shape: shape)
    let numbers = try reader.integers(phase)
    let parts = "microstructure"
    guard reader.file.holds(parts) else { throw reader.unexpected(parts, "this group is missing") }
    let known = ["stiffness", "eigenstrain", "meanStrain", "meanStress", "prescribed", "below"]
    if let stranger = try reader.file.object(parts).members.first(where: { !known.contains($0) }) {
      throw reader.unexpected("\(parts)/\(stranger)", "this name is not known; \(known.joined(separator: ", ")) are")
    }

    let size = try reader.shape("\(parts)/stiffness")
    guard size.count == 3, size[0] > 0, size[1] == 6, size[2] == 6 else {
      throw reader.unexpected("\(parts)/stiffness", "shape \(size); (phases, 6, 6) is expected")
    }
    let count = size[0]
    if let index = numbers.firstIndex(where: { $0 < 0 || $0 >= count }) {
      let cell = grid.cell(index)
      throw reader.unexpected(
        phase,
        "voxel (z, y, x) (\(cell.z), \(cell.y), \(cell.x)) is of phase \(numbers[index]); the stiffness table has "
          + "phases 0 to \(count - 1)")
    }
    phases = numbers.map { Int($0) }
    let table = try reader.reals("\(parts)/stiffness")
    stiffness = (0..<count).map { Array(table[(36 * $0)..<(36 * $0 + 36)]) }
    for (phase, rows) in stiffness.enumerated() {
      let largest = rows.reduce(0) { max($0, abs($1)) }
      for (m, n) in (0..<36).map({ ($0 / 6, $0 % 6) }) where abs(rows[6 * m + n] - rows[6 * n + m]) > 1e-9 * largest {
        throw reader.unexpected(
          "\(parts)/stiffness",
          "phase \(phase): C[\(m), \(n)] is \(rows[6 * m + n]) and C[\(n), \(m)] is \(rows[6 * n + m]); it is symmetric"
        )
      }
    }
    if reader.file.holds("\(parts)/eigenstrain") {
      let strains = try reader.reals("\(parts)/eigenstrain", shape: [count, 6])
      eigenstrain = (0..<count).map { Array(strains[(6 * $0)..<(6 * $0 + 6)]) }
    } else {
      eigenstrain = [[Double]](repeating: [Double](repeating: 0, count: 6), count: count)
    }
    if reader.file.holds("data/0/meshes/eigenstrain") {
      var fields: [[Double]] = []
      for name in ["xx", "yy", "zz", "xy", "yz", "xz"] {
        guard reader.file.holds("data/0/meshes/eigenstrain/\(name)") else {
          throw reader.unexpected(
            "data/0/meshes/eigenstrain/\(name)", "this array is missing; xx, yy, zz, xy, yz and xz are needed")
        }
        fields.append(try reader.reals("data/0/meshes/eigenstrain/\(name)", shape: shape))
      }
      eigenstrainFields = fields
    }
    let hasStrain = reader.file.holds("\(parts)/meanStrain")
    let hasStress = reader.file.holds("\(parts)/meanStress")
    let zeros = [Double](repeating: 0, count: 6)
    meanStrain = hasStrain ? try reader.reals("\(parts)/meanStrain", shape: [6]) : zeros
    meanStress = hasStress ? try reader.reals("\(parts)/meanStress", shape: [6]) : zeros
    if reader.file.holds("\(parts)/prescribed") {
      let choices = try reader.reals("\(parts)/prescribed", shape: [6])
      guard choices.allSatisfy({ $0 == 0 || $0 == 1 }) else {
        throw reader.unexpected("\(parts)/prescribed", "\(choices); 1 for strain and 0 for stress are expected")
      }
      isStrainPrescribed = choices.map { $0 == 1 }
    } else {
      guard !(hasStrain && hasStress) else {
        throw reader.unexpected(
          "\(parts)/prescribed", "missing beside meanStrain and meanStress; six numbers, 1 for strain and 0 for stress")
      }
      isStrainPrescribed = [Bool](repeating: !hasStress, count: 6)
    }
    let text = try reader.text(parts, "top")
    guard let top = Top(rawValue: text.isEmpty ? "periodic" : text) else {
      throw reader.unexpected("\(parts), attribute top", "`\(text)`; periodic or free is expected")
    }
    self.top = top
    base = try reader.base(parts, under: top)
  }
}

/// What is read from one file, with errors that name the place.
private struct Reader {
  let path: String
  let file: HDF5Handle

  func unexpected(_ place: String, _ reason: String) -> ArchiveError {
    .unexpectedContent(path: path, place: "/" + place, reason: reason)
  }

  private func array(_ place: String) throws(ArchiveError) -> HDF5Handle {
    guard file.holds(place) else { throw unexpected(place, "this array is missing") }
    let object = try file.object(place)
    guard object.isArray else { throw unexpected(place, "this is no array") }
    return object
  }

  func shape(_ place: String) throws(ArchiveError) -> [Int] { try array(place).extents(place) }

  func integers(_ place: String) throws(ArchiveError) -> [Int64] {
    let array = try array(place)
    guard array.holdsNumbers(whole: true) else { throw unexpected(place, "an array of integers is expected") }
    return try array.integers(place)
  }

  func reals(_ place: String, shape: [Int]? = nil) throws(ArchiveError) -> [Double] {
    let array = try array(place)
    if let shape {
      let found = try array.extents(place)
      guard found == shape else { throw unexpected(place, "shape \(found); \(shape) is expected") }
    }
    guard array.holdsNumbers(whole: false) else { throw unexpected(place, "an array of numbers is expected") }
    let values = try array.reals(place)
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw unexpected(place, "number \(index) is \(values[index]); every number must be finite")
    }
    return values
  }

  func base(_ parts: String, under top: MicrostructureFile.Top) throws(ArchiveError) -> MicrostructureFile.Base {
    let text = try text(parts, "bottom")
    let below = "\(parts)/below"
    let hasLayers = file.holds(below)
    guard top == .free || (text.isEmpty && !hasLayers) else {
      throw unexpected(
        hasLayers ? below : "\(parts), attribute bottom", "a periodic body rests on nothing; set top to free")
    }
    guard ["", "free", "clamped"].contains(text) else {
      throw unexpected("\(parts), attribute bottom", "`\(text)`; free or clamped is expected")
    }
    guard hasLayers else { return text == "clamped" ? .clamped : .free }
    guard text.isEmpty else {
      throw unexpected("\(parts), attribute bottom", "`\(text)` beside layers below; leave out one")
    }
    let size = try shape(below)
    guard size.count == 2, size[0] > 0, size[1] == 3 else {
      throw unexpected(below, "shape \(size); (layers, 3) is expected: Young's modulus, Poisson's ratio, thickness")
    }
    let numbers = try reals(below)
    var layers: [MicrostructureFile.Layer] = []
    for index in 0..<size[0] {
      let (modulus, ratio, thickness) = (numbers[3 * index], numbers[3 * index + 1], numbers[3 * index + 2])
      guard modulus > 0, ratio > -1, ratio < 0.5, thickness > 0 else {
        throw unexpected(
          below,
          "layer \(index) is \(modulus) Pa, \(ratio), \(thickness) m; a modulus and a thickness above 0 and a ratio between "
            + "-1 and 0.5 are expected")
      }
      layers.append(.init(youngModulus: modulus, poissonRatio: ratio, thickness: thickness))
    }
    return .layers(layers)
  }

  func text(_ place: String, _ name: String) throws(ArchiveError) -> String {
    let object = try file.object(place)
    let text = try object.textAttribute(name)
    guard !text.isEmpty || !object.holdsAttribute(name) else {
      throw unexpected("\(place), attribute \(name)", "a text is expected")
    }
    return text
  }

  /// A grid in meters: spacing 1 nm where the file is silent.
  func grid(of place: String, shape: [Int]) throws(ArchiveError) -> Grid {
    let object = try array(place)
    for name in ["gridUnitSI", "gridSpacing", "gridGlobalOffset"] {
      if let numbers = try object.realAttribute(name), numbers.isEmpty {
        throw unexpected("\(place), attribute \(name)", "a number is expected")
      }
    }
    let unit = try object.realAttribute("gridUnitSI")?.first ?? 1e-9
    let spacing = try object.realAttribute("gridSpacing") ?? [1, 1, 1]
    let offset = try object.realAttribute("gridGlobalOffset") ?? [0, 0, 0]
    guard unit.isFinite, unit > 0, spacing.count == 3, spacing.allSatisfy({ $0.isFinite && $0 > 0 }) else {
      throw unexpected(place, "gridSpacing \(spacing) times \(unit) m; three numbers above 0 (z, y, x) are expected")
    }
    guard offset.count == 3, offset.allSatisfy(\.isFinite) else {
      throw unexpected(place, "gridGlobalOffset \(offset); three numbers (z, y, x) are expected")
    }
    return Grid(
      nx: shape[2], ny: shape[1], nz: shape[0], spacing: unit * SIMD3(spacing[2], spacing[1], spacing[0]),
      origin: unit * SIMD3(offset[2], offset[1], offset[0]))
  }
}
