import ArgumentParser
import Boule
import Foundation

struct Fields: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Strain and stress in a microstructure of your own.",
    discussion: """
      The HDF5 file holds a map of phases (/data/0/meshes/phase), their stiffness and eigenstrain, and a mean strain or \
      stress (/microstructure); `MicrostructureFile` tells its layout. The answer is an HDF5 file with strain, stress and displacement of every voxel.
      """)

  @Argument(help: "HDF5 file with the microstructure.") var microstructure: String
  @Option(help: "File for the answer; <name>-strain.h5 beside the input if absent.") var out: String?
  @Option(help: "Forces out of balance at the end, over those at the start.") var tolerance = 1e-8
  @Option(help: "Iterations at most.") var iterations = 2000
  @Option(help: "Workers; the results do not depend on it.") var threads: Int?

  @Flag(help: "Find the stiffness of the body as a whole too; six solutions more.") var homogenize = false

  func validate() throws {
    guard tolerance > 0, tolerance < 1 else { throw ValidationError("--tolerance \(tolerance): between 0 and 1") }
    guard iterations >= 1 else { throw ValidationError("--iterations \(iterations): at least 1") }
    if let threads, threads < 1 { throw ValidationError("--threads \(threads): at least 1") }
  }

  func run() throws {
    guard FileManager.default.fileExists(atPath: microstructure) else {
      throw UnreadableInput(path: microstructure, reason: "no such file")
    }
    let url = URL(filePath: microstructure)
    let target =
      out
      ?? url.deletingLastPathComponent().appending(path: url.deletingPathExtension().lastPathComponent + "-strain.h5")
      .path(percentEncoded: false)
    let places = [target, microstructure].map { URL(filePath: $0).standardizedFileURL.resolvingSymlinksInPath() }
    guard places[0] != places[1] else {
      throw ArchiveError.cannotCreate(
        path: target, reason: "the microstructure itself stands there; give another --out")
    }
    let input = try MicrostructureFile(contentsOf: microstructure)
    let bytes: Data
    do { bytes = try Data(contentsOf: URL(filePath: microstructure)) } catch {
      throw ArchiveError.cannotRead(path: microstructure, reason: error.localizedDescription)
    }
    let analysis = try StrainAnalysis(
      input, tolerance: tolerance, iterationLimit: iterations,
      threads: threads ?? ProcessInfo.processInfo.activeProcessorCount, homogenizes: homogenize)
    let environment = ProcessInfo.processInfo.environment
    let date = environment["SOURCE_DATE_EPOCH"].flatMap(Int.init) ?? Boule.releaseDate
    try analysis.write(to: target, input: bytes, date: date)
    if let warning = analysis.warning { Console.error("warning: \(warning)") }
    try Console.result(analysis.table)
    try Console.result("fields: \(target)")
  }
}
