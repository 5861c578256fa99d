import Archive
import Foundation

/// What a reader must find in a file, written down without the code under test: numbers as bit patterns.
struct Expectation: Encodable {
  struct Value: Encodable {
    var type: String
    var shape: [Int] = []
    var bits: [UInt64] = []
    var texts: [String] = []

    static func reals(_ numbers: [Double], shape: [Int]? = nil) -> Value {
      Value(type: "f8", shape: shape ?? [numbers.count], bits: numbers.map(\.bitPattern))
    }
    static func real(_ number: Double) -> Value { reals([number], shape: []) }
    static func integers(_ numbers: [Int], shape: [Int]? = nil) -> Value {
      Value(type: "i8", shape: shape ?? [numbers.count], bits: numbers.map { UInt64(bitPattern: Int64($0)) })
    }
    static func bytes(_ numbers: [UInt8]) -> Value {
      Value(type: "u1", shape: [numbers.count], bits: numbers.map(UInt64.init))
    }
    static func texts(_ texts: [String], shape: [Int]? = nil) -> Value {
      Value(type: "text", shape: shape ?? [texts.count], texts: texts)
    }
    static func text(_ text: String) -> Value { texts([text], shape: []) }
  }

  struct Array: Encodable {
    var path: String
    var type: String
    var shape: [Int]
    var bits: [UInt64]
    var texts: [String]
    var attributes: [String: Value]
  }

  var arrays: [Array] = []
  var groups: [String: [String: Value]] = [:]

  init(_ result: ResultFile) {
    describeRoot(result)
    for device in result.fields { describe(device) }
    describeImage(result.fields[0])
    groups["/devices"] = ["description": .text("Tables of all devices: one array per column")]
    for table in result.tables { describe(table, under: "/devices") }
    describe(result.provenance)
  }

  func write(to path: String) throws { try JSONEncoder().encode(self).write(to: URL(filePath: path)) }

  private mutating func add(_ path: String, _ value: Value, _ attributes: [String: Value]) {
    arrays.append(
      Array(
        path: path, type: value.type, shape: value.shape, bits: value.bits, texts: value.texts, attributes: attributes))
  }

  private func label(_ units: String, _ longName: String, _ description: String, _ creator: String) -> [String: Value] {
    [
      "units": .text(units), "long_name": .text(longName), "description": .text(description),
      "creator": .text(creator),
    ]
  }

  private mutating func describeRoot(_ result: ResultFile) {
    let version = result.provenance.version
    groups["/"] = [
      "openPMD": .text("1.1.0"), "openPMDextension": Value(type: "u4", bits: [0]), "basePath": .text("/data/%T/"),
      "meshesPath": .text("meshes/"), "iterationEncoding": .text("groupBased"), "iterationFormat": .text("/data/%T/"),
      "author": .text(result.author), "software": .text("Boule"), "softwareVersion": .text(version),
      "softwareDependencies": .text("FFTW 3.3.10; HDF5 \(RunProvenance.hdf5Version)"),
      "date": .text("2026-02-25 06:13:20 +0000"),
      "title": .text("MAPbBr\\u{2083} in a 20 \\u{00B5}m gap"), "license": .text(result.license),
      "creator": .text("Boule \(version)"), "Conventions": .text("openPMD-1.1.0 VTKHDF-1.0 NeXus-NXdata"),
      "description": .text("Fields, device tables and provenance of a crystal followed from recipe to memristor"),
      "default": .text("entry"),
    ]
    groups["/data"] = [:]
  }

  private mutating func describe(_ device: DeviceFields) {
    let iteration = "/data/\(device.device)"
    groups[iteration] = ["time": .real(device.time), "dt": .real(0), "timeUnitSI": .real(1)]
    groups["\(iteration)/meshes"] = [:]
    for mesh in device.meshes {
      let grid = mesh.components[0].field.grid
      let isMap = grid.nz == 1
      let axes = isMap ? [1, 0] : [2, 1, 0]
      let d = mesh.dimension
      let powers = [d.length, d.mass, d.time, d.current, d.temperature, d.amount, d.luminousIntensity]
      let record: [String: Value] = [
        "geometry": .text("cartesian"), "dataOrder": .text("C"),
        "axisLabels": .texts(axes.map { ["x", "y", "z"][$0] }),
        "gridSpacing": .reals(axes.map { grid.spacing[$0] / 1e-9 }),
        "gridGlobalOffset": .reals(axes.map { grid.origin[$0] / 1e-9 }), "gridUnitSI": .real(1e-9),
        "unitDimension": .reals(powers.map(Double.init)), "timeOffset": .real(0),
      ]
      let component: [String: Value] = ["unitSI": .real(1), "position": .reals(axes.map { _ in 0.5 })]
      let shape = isMap ? [grid.ny, grid.nx] : [grid.nz, grid.ny, grid.nx]
      let path = "\(iteration)/meshes/\(mesh.name)"
      let whole = label(mesh.units, mesh.longName, mesh.description, mesh.creator)
      if mesh.components[0].name.isEmpty {
        let attributes = whole.merging(record) { $1 }.merging(component) { $1 }
        add(path, .reals(mesh.components[0].field.values, shape: shape), attributes)
        continue
      }
      groups[path] = whole.merging(record) { $1 }
      for part in mesh.components {
        let own = label(mesh.units, "\(mesh.longName), \(part.name)", mesh.description, mesh.creator)
        add("\(path)/\(part.name)", .reals(part.field.values, shape: shape), own.merging(component) { $1 })
      }
    }
  }

  private mutating func describeImage(_ device: DeviceFields) {
    let volumes = device.meshes.filter { $0.components[0].field.grid.nz > 1 }
    let grid = volumes[0].components[0].field.grid
    let counts = [grid.nx, grid.ny, grid.nz]
    groups["/VTKHDF"] = [
      "Version": .integers([1, 0]), "Type": .text("ImageData"),
      "WholeExtent": .integers([0, grid.nx - 1, 0, grid.ny - 1, 0, grid.nz - 1]),
      "Origin": .reals((0..<3).map { (grid.origin[$0] + 0.5 * grid.spacing[$0]) / 1e-9 }),
      "Spacing": .reals((0..<3).map { grid.spacing[$0] / 1e-9 }), "Direction": .reals([1, 0, 0, 0, 1, 0, 0, 0, 1]),
    ]
    groups["/VTKHDF/PointData"] = [:]
    for mesh in volumes {
      let shape = [grid.nz, grid.ny, grid.nx]
      let parts = mesh.components
      let values = (0..<grid.count).flatMap { voxel in parts.map { $0.field.values[voxel] } }
      add(
        "/VTKHDF/PointData/\(mesh.name)", .reals(values, shape: parts.count == 1 ? shape : shape + [parts.count]),
        label(mesh.units, mesh.longName, mesh.description, mesh.creator))
    }
    let axes = ["x", "y", "z"]
    for (axis, name) in axes.enumerated() {
      let centers = (0..<counts[axis]).map { (grid.origin[axis] + (Double($0) + 0.5) * grid.spacing[axis]) / 1e-9 }
      let text = "Centers of the voxels along \(name)" + (name == "z" ? ", up" : "")
      for path in ["/\(name)", "/entry/plot/\(name)"] {
        add(path, .reals(centers), label("nm", name, text, "Archive"))
      }
    }
    add("/time", .reals([device.time]), label("s", "time", "Time of the snapshot", "Archive"))
    add("/component3", .texts(axes), label("text", "component3", "Components of a vector", "Archive"))
    add(
      "/component6", .texts(["xx", "yy", "zz", "xy", "yz", "xz"]),
      label("text", "component6", "Components of a symmetric tensor", "Archive"))
    groups["/entry"] = ["NX_class": .text("NXentry"), "default": .text("plot")]
    groups["/entry/plot"] = [
      "NX_class": .text("NXdata"), "signal": .text("vacancyDensity"), "axes": .texts(["z", "y", "x"]),
    ]
    var plotted = arrays.first { $0.path == "/data/\(device.device)/meshes/vacancyDensity" }!
    plotted.path = "/entry/plot/vacancyDensity"
    arrays.append(plotted)
  }

  private mutating func describe(_ table: Table, under parent: String) {
    let path = "\(parent)/\(table.name)"
    groups[path] = [
      "description": .text(table.description), "creator": .text(table.creator), "rowOrder": .text(table.rowOrder),
      "rowCount": .integers([table.rowCount], shape: []), "columns": .texts(table.columns.map(\.name)),
    ]
    for column in table.columns {
      let own = label(column.units, column.longName, column.description, table.creator)
      switch column.values {
      case .real(let values): add("\(path)/\(column.name)", .reals(values), own)
      case .integer(let values): add("\(path)/\(column.name)", .integers(values), own)
      case .flag(let values): add("\(path)/\(column.name)", .bytes(values.map { $0 ? 1 : 0 }), own)
      case .text(let values): add("\(path)/\(column.name)", .texts(values), own)
      case .censored(let values):
        add("\(path)/\(column.name)", .reals(values.map { $0 ?? .nan }), own)
        add(
          "\(path)/\(column.name)Censored", .bytes(values.map { $0 == nil ? 1 : 0 }),
          label(
            "1", "\(column.longName), censored",
            "1 where the test stopped before the event and \(column.name) is NaN, else 0", table.creator))
      }
    }
  }

  private mutating func describe(_ provenance: RunProvenance) {
    groups["/provenance"] = [
      "description": .text("What this result came from: equal provenance, equal bytes"),
      "version": .text(provenance.version), "libraryVersions": .text("FFTW 3.3.10; HDF5 \(RunProvenance.hdf5Version)"),
      "seed": Value(type: "u8", bits: [provenance.seed]), "randomAlgorithm": .text(provenance.randomAlgorithm),
      "inputHash": .text(provenance.inputHash),
    ]
    let documents = [
      ("recipe", provenance.recipe, "The recipe file, byte for byte (UTF-8)"),
      ("resolvedRecipe", provenance.resolvedRecipe.utf8 + [], "The recipe with defaults filled in (UTF-8)"),
      (
        "overrides", provenance.overrides.map { $0 + "\n" }.joined().utf8 + [],
        "path=value, one a line, in the order given (UTF-8)"
      ),
    ]
    for (name, bytes, text) in documents {
      add("/provenance/\(name)", .bytes(bytes), label("text", name, text, "Recipes"))
    }
    let numbers = provenance.numbers
    let path = "/provenance/numbers"
    groups[path] = [
      "description": .text("Every number that entered the run, and where it comes from"), "creator": .text("Recipes"),
      "rowOrder": .text("as the run reads them"), "rowCount": .integers([numbers.count], shape: []),
      "columns": .texts(["path", "value", "units", "text", "kind", "source", "read", "uncertainty"]),
    ]
    add(
      "\(path)/value", .reals(numbers.map(\.value)),
      label("as column units says", "value", "The number in SI", "Recipes"))
    let texts: [(String, KeyPath<RunProvenance.Number, String>, String)] = [
      ("path", \.path, "Key of the number"), ("units", \.units, "SI unit of column value"),
      ("text", \.text, "The number as it was written"),
      ("kind", \.kind, "measured, computed, estimated, assumed or calibrated"),
      ("source", \.source, "DOI or reference"), ("read", \.read, "What was read of the source"),
      ("uncertainty", \.uncertainty, "One standard deviation or factor, as written"),
    ]
    for (name, key, text) in texts {
      add("\(path)/\(name)", .texts(numbers.map { $0[keyPath: key] }), label("text", name, text, "Recipes"))
    }
  }
}
