import Archive
import Fields
import Foundation
import Testing

/// Microstructures that h5py wrote.
@Suite struct MicrostructureFileTests {
  /// Writes a file by Python and reads it.
  private func read(_ change: String = "", name: String = "m.h5") throws -> MicrostructureFile {
    let folder = try ScratchFolder()
    let path = folder.path(name)
    try PythonReader.run([
      "-c",
      """
      import h5py, numpy as np
      phase = np.arange(2 * 3 * 4).reshape(2, 3, 4) % 2
      f = h5py.File(\(quoted(path)), "w")
      d = f.create_dataset("data/0/meshes/phase", data=phase.astype("i4"))
      d.attrs["gridSpacing"] = [3.0, 2.0, 1.0]
      d.attrs["gridUnitSI"] = 1e-9
      d.attrs["gridGlobalOffset"] = [0.0, 5.0, 0.0]
      m = f.create_group("microstructure")
      m.attrs["top"] = "free"
      stiffness = np.array([np.diag([3.0, 3, 3, 1, 1, 1]), np.diag([6.0, 6, 6, 2, 2, 2])]) * 1e9
      m["stiffness"] = stiffness
      m["eigenstrain"] = np.array([[0.0] * 6, [1e-3, 0, 0, 2e-3, 0, 0]])
      m["meanStress"] = np.array([1e6, 0, 0, 0, 0, 0])
      m["prescribed"] = np.array([0, 1, 0, 1, 0, 0], "u1")
      \(change)
      f.close()
      """,
    ])
    return try MicrostructureFile(contentsOf: path)
  }

  private func quoted(_ text: String) -> String { "\"" + text + "\"" }

  @Test func whatPythonWritesIsRead() throws {
    let file = try read()
    #expect(file.grid.nx == 4 && file.grid.ny == 3 && file.grid.nz == 2)
    for (found, written) in zip([file.grid.spacing.x, file.grid.spacing.y, file.grid.spacing.z], [1e-9, 2e-9, 3e-9]) {
      #expect(abs(found / written - 1) < 1e-12)
    }
    #expect(abs(file.grid.origin.y / 5e-9 - 1) < 1e-12 && file.grid.origin.x == 0)
    #expect(file.phases == (0..<24).map { $0 % 2 })
    #expect(file.stiffness[1][0] == 6e9 && file.stiffness[1][21] == 2e9)
    #expect(file.eigenstrain[1] == [1e-3, 0, 0, 2e-3, 0, 0])
    #expect(file.meanStress[0] == 1e6 && file.meanStrain == [0, 0, 0, 0, 0, 0])
    #expect(file.isStrainPrescribed == [false, true, false, true, false, false])
    #expect(file.top == .free && file.eigenstrainFields == nil)
  }

  @Test func aFieldOfEigenstrainIsReadComponentByComponent() throws {
    let file = try read(
      """
      for i, c in enumerate(["xx", "yy", "zz", "xy", "yz", "xz"]): f["data/0/meshes/eigenstrain/" + c] = np.full((2, 3, 4), 1e-3 * i)
      """)
    #expect(file.eigenstrainFields?.map { $0[7] } == (0..<6).map { 1e-3 * Double($0) })
  }

  @Test func whatLiesBelowAFilmIsRead() throws {
    #expect(try read().base == .free)
    #expect(try read("m.attrs[\"bottom\"] = \"clamped\"").base == .clamped)
    let layers = try read("m[\"below\"] = [[70e9, 0.23, 1e-3], [3e9, 0.3, 2e-7]]").base
    #expect(
      layers
        == .layers([
          .init(youngModulus: 70e9, poissonRatio: 0.23, thickness: 1e-3),
          .init(youngModulus: 3e9, poissonRatio: 0.3, thickness: 2e-7),
        ]))
  }

  /// Every fault is named with its place and what is expected there.
  @Test(arguments: [
    ("del f[\"microstructure/stiffness\"]", "/microstructure/stiffness: this array is missing"),
    ("del f[\"data/0/meshes/phase\"]", "/data/0/meshes/phase: this array is missing"),
    ("d[0, 0, 0] = 7", "voxel (z, y, x) (0, 0, 0) is of phase 7; the stiffness table has phases 0 to 1"),
    ("m[\"stiffness\"][0, 0, 1] = 1e9", "it is symmetric"),
    ("m[\"stiffness\"][0, 0, 0] = float(\"nan\")", "every number must be finite"),
    ("m.attrs[\"top\"] = \"open\"", "`open`; periodic or free is expected"),
    ("m.attrs[\"top\"] = 1", "attribute top: a text is expected"),
    ("d.attrs[\"gridUnitSI\"] = \"nm\"", "attribute gridUnitSI: a number is expected"),
    ("del f[\"data/0/meshes/phase\"]; f[\"data/0/meshes/phase\"] = phase + 0.5", "an array of integers is expected"),
    ("del m[\"prescribed\"]; m[\"prescribed\"] = [2, 0, 0, 0, 0, 0]", "1 for strain and 0 for stress are expected"),
    ("m[\"meanstrain\"] = [0.0] * 6", "/microstructure/meanstrain: this name is not known"),
    ("f[\"data/0/meshes/eigenstrain/xx\"] = np.zeros((2, 3, 4))", "xx, yy, zz, xy, yz and xz are needed"),
    ("m.attrs[\"bottom\"] = \"glued\"", "`glued`; free or clamped is expected"),
    ("m.attrs[\"top\"] = \"periodic\"; m.attrs[\"bottom\"] = \"clamped\"", "a periodic body rests on nothing"),
    ("m[\"below\"] = [70e9, 0.23, 1e-3]", "(layers, 3) is expected"),
    ("m[\"below\"] = [[70e9, 0.6, 1e-3]]", "layer 0 is 70000000000.0 Pa, 0.6"),
    ("m[\"below\"] = [[70e9, 0.2, 1e-3]]; m.attrs[\"bottom\"] = \"free\"", "beside layers below; leave out one"),
    ("del m[\"meanStress\"]; m[\"meanStress\"] = [1.0, 2.0]", "shape [2]; [6] is expected"),
    ("d.attrs[\"gridSpacing\"] = [1.0, 0.0, 1.0]", "three numbers above 0 (z, y, x) are expected"),
    ("del m[\"prescribed\"]; m[\"meanStrain\"] = [0.0] * 6", "/microstructure/prescribed: missing"),
  ])
  func faultsNameTheirPlace(change: String, message: String) throws {
    let error = #expect(throws: ArchiveError.self) { try read(change) }
    #expect(error?.description.contains(message) ?? false, "\(error.map(String.init(describing:)) ?? "none")")
  }

  /// The page's own example, run as it stands there.
  @Test func theDocumentedExampleIsRead() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(
      contentsOf: root.appending(path: "Sources/Boule/Documentation.docc/CommandLine.md"), encoding: .utf8)
    let parts = page.components(separatedBy: "```python\n")
    try #require(parts.count == 2)
    let code = parts[1].components(separatedBy: "```")[0]
    let folder = try ScratchFolder()
    let path = folder.path("sphere.h5")
    try #require(code.contains("\"sphere.h5\""))
    try PythonReader.run(["-c", code.replacing("\"sphere.h5\"", with: quoted(path))])
    let file = try MicrostructureFile(contentsOf: path)
    #expect(file.grid.count == 64 * 64 * 64 && file.stiffness.count == 2)
    #expect(file.isStrainPrescribed == [true, true, true, true, true, true] && file.meanStrain[0] == 0.01)
    #expect(file.stiffness[1][0] == 3e10 && file.stiffness[1][35] == 1e10)
  }

  @Test func whatIsNoHDF5IsRefused() throws {
    #expect(throws: ArchiveError.self) { try MicrostructureFile(contentsOf: ScratchFolder().path("absent.h5")) }
  }
}
