import Archive
import Fields
import Foundation
import Microstructure
import NumericalMethods
import Quantities

/// Strain and stress in a microstructure of the user's own: what `boule fields` finds.
///
/// A free top is a layer without stiffness above the body. In trilinear elements one such plane of voxels carries
/// nothing across, so both faces are exactly free; what holds the body from below is a phase of its own.
public struct StrainAnalysis: Sendable {
  public let input: MicrostructureFile
  /// Of the body itself, its free space left out; strains as tensor components.
  public let strain: SymmetricTensorField
  /// Pa.
  public let stress: SymmetricTensorField
  /// Besides that of the mean strain, at the lower corners of the voxels, m.
  public let displacement: [Field]
  public let iterations: Int
  /// Forces out of balance over those before the first iteration.
  public let residual: Double
  /// Of the body as a whole, mean stress over mean strain, where it was asked for: rows and columns xx, yy, zz, xy, yz,
  /// xz with engineering shear, Pa.
  public let homogenizedStiffness: [[Double]]?

  /// - Parameters:
  ///   - tolerance: of the residual.
  ///   - homogenizes: whether to find the stiffness of the whole too, which takes six solutions more.
  /// - Throws: `StrainError`; `StrainAnalysisError` for what a free top forbids.
  public init(
    _ input: MicrostructureFile, tolerance: Double = 1e-8, iterationLimit: Int = 2000, threads: Int = 1,
    homogenizes: Bool = false
  ) throws {
    let isFree = input.top == .free
    if isFree { try Self.checkFreeTop(input) }
    if isFree, homogenizes { throw StrainAnalysisError.homogenizedFreeTop }
    let grid = input.grid
    let planes = isFree ? Self.fastCount(from: grid.nz + 1) : grid.nz
    let whole = Grid(nx: grid.nx, ny: grid.ny, nz: planes, spacing: grid.spacing, origin: grid.origin)
    let count = input.stiffness.count
    guard count < Int(UInt16.max) else { throw StrainAnalysisError.tooManyPhases(count) }
    let numbers = input.phases + [Int](repeating: count, count: whole.count - grid.count)
    let map = count < 255 ? PhaseMap.bytes(numbers.map { UInt8($0) }) : .words(numbers.map { UInt16($0) })
    let solver = try PeriodicStrainSolver(
      whole, phases: map, stiffness: input.stiffness.map(Self.tensor) + (isFree ? [ElasticTensor()] : []),
      threads: threads)
    // A mean stress is that of the body, which is thinner than the period.
    let share = Double(grid.nz) / Double(planes)
    let field = input.eigenstrainFields.map { fields in
      SymmetricTensorField(
        components: fields.map { values in
          Field(whole, values: values + [Double](repeating: 0, count: whole.count - grid.count))
        })
    }
    let solution = try solver.solve(
      Self.load(input, share: share),
      eigenstrain: Eigenstrain(
        phases: input.eigenstrain.map(Self.strain) + (isFree ? [SymmetricTensor(isotropic: 0)] : []), field: field),
      tolerance: tolerance, iterationLimit: iterationLimit)
    func body(_ field: Field) -> Field { Field(grid, values: Array(field.values.prefix(grid.count))) }
    self.input = input
    strain = SymmetricTensorField(components: solution.strain.components.map(body))
    stress = SymmetricTensorField(components: solution.stress.components.map(body))
    displacement = solution.displacement.map(body)
    iterations = solution.iterations
    residual = solution.residual
    homogenizedStiffness =
      homogenizes
      ? Self.rows(try solver.homogenizedStiffness(tolerance: tolerance, iterationLimit: iterationLimit)) : nil
  }

  /// Means over the body in the order xx, yy, zz, xy, yz, xz.
  public var meanStrain: [Double] { strain.components.map(\.mean) }
  /// Pa.
  public var meanStress: [Double] { stress.components.map(\.mean) }

  /// Voigt's number of each of the six in the file's order.
  private static let voigt = [1, 2, 3, 6, 4, 5]

  private static func tensor(_ rows: [Double]) -> ElasticTensor {
    var tensor = ElasticTensor()
    for (m, a) in voigt.enumerated() {
      for (n, b) in voigt.enumerated() { tensor[a, b] = 0.5 * (rows[6 * m + n] + rows[6 * n + m]) }
    }
    return tensor
  }

  private static func rows(_ tensor: ElasticTensor) -> [[Double]] {
    voigt.map { a in voigt.map { b in tensor[a, b] } }
  }

  /// From engineering shear to tensor components.
  private static func strain(_ e: [Double]) -> SymmetricTensor {
    SymmetricTensor(xx: e[0], yy: e[1], zz: e[2], yz: 0.5 * e[4], xz: 0.5 * e[5], xy: 0.5 * e[3])
  }

  private static func load(_ input: MicrostructureFile, share: Double) -> MeanLoad {
    let isFree = input.top == .free
    func component(_ index: Int) -> MeanLoad.Component {
      // The free space takes up whatever the period does along z.
      if isFree, normalToTop.contains(index) { return .strain(0) }
      return input.isStrainPrescribed[index]
        ? .strain((index < 3 ? 1 : 0.5) * input.meanStrain[index]) : .stress(share * input.meanStress[index])
    }
    return MeanLoad(
      xx: component(0), yy: component(1), zz: component(2), yz: component(4), xz: component(5), xy: component(3))
  }

  private static let normalToTop = [2, 4, 5]

  private static func checkFreeTop(_ input: MicrostructureFile) throws {
    for index in normalToTop {
      let isLoaded =
        input.isStrainPrescribed[index] ? input.meanStrain[index] != 0 : input.meanStress[index] != 0
      if isLoaded {
        throw StrainAnalysisError.loadedFreeTop(component: SymmetricTensorField.componentNames[index])
      }
    }
  }

  /// The next number whose prime factors are 2, 3 and 5: transforms of others are slow.
  private static func fastCount(from count: Int) -> Int {
    func isFast(_ n: Int) -> Bool {
      var n = n
      for prime in [2, 3, 5] { while n % prime == 0 { n /= prime } }
      return n == 1
    }
    return (count...).first(where: isFast)!
  }
}

/// Why a microstructure cannot be taken as it is.
public enum StrainAnalysisError: Error, Hashable, CustomStringConvertible {
  case loadedFreeTop(component: String)
  case homogenizedFreeTop
  case tooManyPhases(Int)

  public var description: String {
    switch self {
    case .loadedFreeTop(let component):
      "a free top takes no load: prescribe a mean stress \(component) of 0 (prescribed 0), or set `top` to periodic"
    case .homogenizedFreeTop:
      "a body with a free top has no stiffness of the whole; set `top` to periodic"
    case .tooManyPhases(let count): "\(count) phases; at most 65534 are possible"
    }
  }
}

extension StrainAnalysis {
  /// The answer as text.
  public var table: String {
    let names = SymmetricTensorField.componentNames
    var lines = ["        mean strain   mean stress (Pa)"]
    for (index, name) in names.enumerated() {
      lines.append(
        "  " + name + String(format: "%15.6e %18.9e", meanStrain[index], meanStress[index]))
    }
    if let homogenizedStiffness {
      lines.append("  stiffness of the whole (Pa, engineering shear)")
      lines.append("    " + names.map { String(repeating: " ", count: 12) + $0 }.joined())
      for (name, row) in zip(names, homogenizedStiffness) {
        lines.append("  " + name + row.map { String(format: "%14.5e", $0) }.joined())
      }
    }
    lines.append(String(format: "%d iterations, residual %.1e", iterations, residual))
    return lines.joined(separator: "\n")
  }

  /// Writes strain, stress and displacement as a file of the usual layout.
  /// - Parameters:
  ///   - bytes: the input file, whose hash stands in the answer.
  ///   - date: s since 1970.
  /// - Throws: `ArchiveError`.
  public func write(to path: String, input bytes: Data, date: Int) throws(ArchiveError) {
    func components(_ fields: [Field], _ names: [String]) -> [MeshRecord.Component] {
      zip(names, fields).map { MeshRecord.Component(name: $0, field: $1) }
    }
    let names = SymmetricTensorField.componentNames
    let meshes = [
      MeshRecord(
        name: "phase", field: Field(input.grid, values: input.phases.map(Double.init)), units: "1", dimension: .none,
        longName: "phase", description: "Number of the phase in the input's stiffness table", creator: "input"),
      MeshRecord(
        name: "strain", components: components(strain.components, names), units: "1", dimension: .none,
        longName: "total strain",
        description:
          "Mean over each voxel, eigenstrain included, in the order xx, yy, zz, xy, yz, xz; shear components "
          + "are tensor components", creator: "Microstructure"),
      MeshRecord(
        name: "stress", components: components(stress.components, names), units: "Pa",
        dimension: DimensionExponents(length: -1, mass: 1, time: -2), longName: "stress",
        description: "Mean over each voxel in the order xx, yy, zz, xy, yz, xz", creator: "Microstructure"),
      MeshRecord(
        name: "displacement", components: components(displacement, ["x", "y", "z"]), units: "m",
        dimension: DimensionExponents(length: 1), longName: "displacement",
        description: "Besides that of the mean strain, at the lower corner of each voxel", creator: "Microstructure"),
    ]
    let means = Table(
      name: "means", description: "Means over the body", rowOrder: "component xx, yy, zz, xy, yz, xz",
      creator: "Microstructure",
      columns: [
        Table.Column(
          name: "component", units: "text", longName: "component", description: "Tensor component",
          values: .text(names)),
        Table.Column(
          name: "strain", units: "1", longName: "mean strain", description: "Tensor component of the mean strain",
          values: .real(meanStrain)),
        Table.Column(
          name: "stress", units: "Pa", longName: "mean stress", description: "Mean stress", values: .real(meanStress)),
      ])
    let stiffness = homogenizedStiffness.map { rows in
      Table(
        name: "homogenizedStiffness", description: "Stiffness of the body as a whole, engineering shear",
        rowOrder: "component xx, yy, zz, xy, yz, xz", creator: "Microstructure",
        columns: [
          Table.Column(
            name: "component", units: "text", longName: "component", description: "Component of the mean stress",
            values: .text(names))
        ]
          + names.enumerated().map { index, name in
            Table.Column(
              name: name, units: "Pa", longName: "stress per mean strain \(name)",
              description: "Mean stress over the mean strain \(name), engineering shear",
              values: .real(rows.map { $0[index] }))
          })
    }
    let file = ResultFile(
      title: "Strain of a microstructure", author: "Boule \(Boule.version)", license: "not stated", date: date,
      fields: [DeviceFields(device: 0, meshes: meshes)], tables: [means] + (stiffness.map { [$0] } ?? []),
      provenance: RunProvenance(
        recipe: [], resolvedRecipe: "iterations: \(iterations)\nresidual: \(residual)\n", overrides: [],
        version: Boule.version, libraryVersions: ["FFTW": RealTransform.libraryVersion], seed: 0,
        randomAlgorithm: "none", inputHash: SHA256.digest(of: bytes), numbers: []))
    try file.write(to: path)
  }
}
