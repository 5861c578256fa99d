import Archive
import Foundation
import Testing

/// Other programs open the file and find, bit for bit, what was written.
@Suite struct ReaderTests {
  /// A result and the expectation of it, written beside each other.
  private struct Written {
    let folder: ScratchFolder
    var file: String { folder.path("fields.h5") }
    var expectation: String { folder.path("expectation.json") }

    init(seed: UInt64) throws {
      folder = try ScratchFolder()
      let result = Sample.result(seed: seed)
      try result.write(to: file)
      try Expectation(result).write(to: expectation)
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func everyNumberAndAttributeComesBackThroughH5py(seed: UInt64) throws {
    let written = try Written(seed: seed)
    let output = try PythonReader.run([PythonReader.script("check_h5py.py"), written.file, written.expectation])
    #expect(output.hasPrefix("equal: "), "\(output)")
  }

  @Test func vtkShowsTheVolumesOfTheFirstDevice() throws {
    let written = try Written(seed: 4)
    let output = try PythonReader.run([PythonReader.script("check_vtk.py"), written.file, written.expectation])
    #expect(output.hasPrefix("equal: 7 point arrays of 1225 points"), "\(output)")
  }

  @Test func openPMDReadsEveryMesh() throws {
    let written = try Written(seed: 5)
    let output = try PythonReader.run([PythonReader.script("check_openpmd.py"), written.file, written.expectation])
    #expect(output.hasPrefix("equal: 32 components"), "\(output)")
  }

  @Test func theOpenPMDValidatorFindsNothing() throws {
    let written = try Written(seed: 6)
    let output = try PythonReader.run(["-m", "openpmd_validator.check_h5", "-i", written.file])
    #expect(output.contains("Result: 0 Errors and 0 Warnings."), "\(output)")
  }

  @Test func xarrayAndPandasReadAsDocumented() throws {
    let written = try Written(seed: 7)
    let output = try PythonReader.run([PythonReader.script("check_xarray.py"), written.file, written.expectation])
    #expect(output.hasPrefix("equal: 7 variables, 5 tables"), "\(output)")
  }

  @Test(arguments: [
    ("check_h5py.py", "/data/0/meshes/strain/xz: values, type or shape differ"),
    ("check_openpmd.py", "/data/0/meshes/strain/xz: values differ"), ("check_vtk.py", "strain: values differ"),
    ("check_xarray.py", "strain: values differ"),
  ])
  func aChangedNumberDoesNotPassAsEqual(script: String, complaint: String) throws {
    let folder = try ScratchFolder()
    var result = Sample.result(seed: 8)
    try Expectation(result).write(to: folder.path("expectation.json"))
    result.fields[0].meshes[3].components[5].field.values[11].negate()
    try result.write(to: folder.path("fields.h5"))
    let output = try PythonReader.run(
      [PythonReader.script(script), folder.path("fields.h5"), folder.path("expectation.json")], status: 1)
    #expect(output.contains(complaint), "\(output)")
    #expect(!output.contains("Traceback"), "\(output)")
  }
}
