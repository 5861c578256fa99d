import Foundation
import Materials
import NumericalMethods
import Quantities
import Recipes
import Switching

/// Makes data/emulators/<compound>.csv: the resolved level at the states of a design, and the shapes of the emulator.
///
/// `Calibration [compound]...`, every family if none is named; every finished point is one line of the file, so a stopped run goes
/// on where it was. A family that the resolved level does not switch gets no table, and the reason is told.
@main
struct Calibration {
  static let designPoints = Array(1...64) + Array(97...160)
  static let unseenPoints = 65...96
  /// Four states, at which the grid and the step are varied.
  static let checkedPoints = [66, 73, 85, 94]

  static func main() throws {
    let library = try MaterialLibrary(contentsOf: "data")
    let wanted = CommandLine.arguments.dropFirst()
    for family in Family.all where wanted.isEmpty || wanted.contains(family.compound) {
      let design = try Design(family, of: library)
      if let reason = try design.obstacle() {
        print("\(family.compound): no table: \(reason)")
      } else {
        try run(design)
      }
    }
  }

  private static func run(_ design: Design) throws {
    let name = design.compound.name
    let path = "data/emulators/\(name).csv"
    try FileManager.default.createDirectory(atPath: "data/emulators", withIntermediateDirectories: true)
    if !FileManager.default.fileExists(atPath: path) {
      let head = """
        # The resolved level at states of \(name), and the compact level beside it; made by `make emulator`.
        # Inputs: ln(vacancies per m3), deviation of ln(density), barrier in eV, ln(thickness in m); voltages in V at 0.5 V/s.
        role,\(Design.columns.joined(separator: ","))

        """
      try Data(head.utf8).write(to: URL(filePath: path))
    }
    var done = Set<String>()
    if let table = EmulatorTable(try String(contentsOfFile: path, encoding: .utf8)) {
      for row in table.rows { done.insert("\(row.role) \(Int(row.values[0]))") }
    }
    var jobs: [(role: String, number: Int, resolution: ResolvedVacancyDevice.Resolution, step: Double)] = []
    jobs += designPoints.map { ("design", $0, .coarse, 0.01) }
    jobs += unseenPoints.map { ("unseen", $0, .coarse, 0.01) }
    for number in checkedPoints {
      jobs.append(("grid24", number, .init(lateral: SIMD2(24, 24), planes: 32), 0.01))
      jobs.append(("grid48", number, .standard, 0.01))
      jobs.append(("halfStep", number, .coarse, 0.005))
    }
    for job in jobs where !done.contains("\(job.role) \(job.number)") {
      let row = try design.row(job.role, job.number, resolution: job.resolution, step: job.step)
      try append(row + "\n", to: path)
      print(row)
    }
    try writeShapes(path)
  }

  private static func append(_ text: String, to path: String) throws {
    let file = try FileHandle(forUpdating: URL(filePath: path))
    defer { try? file.close() }
    // A line that a stop has cut short is ended first.
    let size = try file.seekToEnd()
    if size > 0 {
      try file.seek(toOffset: size - 1)
      let last = try file.readToEnd()
      if last != Data("\n".utf8) { try file.write(contentsOf: Data("\n".utf8)) }
    }
    try file.write(contentsOf: Data(text.utf8))
  }

  /// Fits the emulator and writes its shapes into the file.
  private static func writeShapes(_ path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    guard let table = EmulatorTable(text) else { return }
    let columns = ContactEmulator.inputs.map { table.column($0, role: "design") }
    let points = columns[0].indices.map { row in
      columns.map { column in
        let (low, high) = (column.min()!, column.max()!)
        return (column[row] - low) / (high - low)
      }
    }
    var lines = text.split(separator: "\n").map(String.init).filter { !$0.hasPrefix("# shape,") }
    for output in ContactEmulator.outputs {
      let values = table.column(output, role: "design")
      guard let process = GaussianProcess(fitting: values, at: points) else { continue }
      let numbers = (process.shape.lengths + [process.shape.noise]).map { String(format: "%.8g", $0) }
      lines.insert("# shape,\(output),\(numbers.joined(separator: ","))", at: 2)
      print(output, "leave-one-out", GaussianProcess.predictivity(of: process.leaveOneOut, for: values))
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
  }
}
