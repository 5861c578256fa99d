import Archive
import Fields
import Foundation
import Microstructure
import NumericalMethods
import Quantities

/// Strain and stress in a microstructure of the user's own: what `boule fields` finds.
///
/// A periodic body by `PeriodicStrainSolver`, a film with a free top by `FilmStrainSolver`.
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
  /// - Throws: `StrainError`; `FieldError` of a layer below; `StrainAnalysisError` for what a free top forbids.
  public init(
    _ input: MicrostructureFile, tolerance: Double = 1e-8, iterationLimit: Int = 2000, threads: Int = 1,
    homogenizes: Bool = false
  ) throws {
    let count = input.stiffness.count
    guard count <= Int(UInt16.max) else { throw StrainAnalysisError.tooManyPhases(count) }
    let phases =
      count <= 255 ? PhaseMap.bytes(input.phases.map { UInt8($0) }) : .words(input.phases.map { UInt16($0) })
    let stiffness = input.stiffness.map(Self.tensor)
    let eigenstrain = Eigenstrain(
      phases: input.eigenstrain.map(Self.strain),
      field: input.eigenstrainFields.map { fields in
        SymmetricTensorField(components: fields.map { Field(input.grid, values: $0) })
      })
    let solution: StrainSolution
    var whole: ElasticTensor?
    switch input.top {
    case .periodic:
      let solver = try PeriodicStrainSolver(input.grid, phases: phases, stiffness: stiffness, threads: threads)
      solution = try solver.solve(
        Self.load(input), eigenstrain: eigenstrain, tolerance: tolerance, iterationLimit: iterationLimit)
      if homogenizes {
        whole = try solver.homogenizedStiffness(tolerance: tolerance, iterationLimit: iterationLimit)
      }
    case .free:
      try Self.checkFreeTop(input)
      if homogenizes { throw StrainAnalysisError.homogenizedFreeTop }
      let load = Self.load(input)
      solution = try FilmStrainSolver(
        input.grid, phases: phases, stiffness: stiffness, on: try Self.base(input.base), threads: threads
      ).solve(
        FilmLoad(xx: load.xx, yy: load.yy, xy: load.xy), eigenstrain: eigenstrain, tolerance: tolerance,
        iterationLimit: iterationLimit)
    }
    self.input = input
    strain = solution.strain
    stress = solution.stress
    // A film has a plane of nodes more than of voxels.
    displacement = solution.displacement.map { Field(input.grid, values: Array($0.values.prefix(input.grid.count))) }
    iterations = solution.iterations
    residual = solution.residual
    homogenizedStiffness = whole.map(Self.rows)
  }

  private static func base(_ base: MicrostructureFile.Base) throws -> FilmBase {
    switch base {
    case .free: .free
    case .clamped: .clamped
    case .layers(let layers):
      .layers(
        try layers.map {
          ElasticLayer(
            try .isotropic(youngModulus: $0.youngModulus, poissonRatio: $0.poissonRatio), thickness: $0.thickness)
        })
    }
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

  private static func load(_ input: MicrostructureFile) -> MeanLoad {
    func component(_ index: Int) -> MeanLoad.Component {
      input.isStrainPrescribed[index]
        ? .strain((index < 3 ? 1 : 0.5) * input.meanStrain[index]) : .stress(input.meanStress[index])
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
  /// What the reader must know of the answer.
  public var warning: String? {
    let largest = strain.components.reduce(0.0) { max($0, abs($1.extremes.low), abs($1.extremes.high)) }
    guard largest > Self.strainLimit else { return nil }
    return String(
      format: "strain reaches %.3g, beyond the %.2g for which linear elasticity is trusted; stiffness is in Pa",
      largest, Self.strainLimit)
  }

  private static let strainLimit = 0.02

  /// The answer as text.
  public var table: String {
    let names = SymmetricTensorField.componentNames
    var lines = ["        mean strain   mean stress (Pa)   (tensor components)"]
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
        description: input.top == .periodic
          ? "Besides that of the mean strain, at the lower corner of each voxel"
          : "Besides that of the mean strain in the plane, at the lower corner of each voxel",
        creator: "Microstructure", position: 0),
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
