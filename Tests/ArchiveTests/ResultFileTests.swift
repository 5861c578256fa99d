import Archive
import Fields
import Foundation
import Quantities
import Testing

/// What may be stored, and how it stands in the file.
@Suite struct ResultFileTests {
  @Test func theSameResultGivesTheSameBytes() throws {
    let folder = try ScratchFolder()
    for name in ["a", "b", "c"] { try Sample.result(seed: 21).write(to: folder.path(name)) }
    try Sample.result(seed: 22).write(to: folder.path("other"))
    let bytes = try folder.bytes("a")
    #expect(try folder.bytes("b") == bytes)
    #expect(try folder.bytes("c") == bytes)
    #expect(try folder.bytes("other") != bytes)
  }

  @Test func theSameBytesComeFromConcurrentWriters() async throws {
    let folder = try ScratchFolder()
    let names = (0..<8).map { "file\($0)" }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for name in names { group.addTask { try Sample.result(seed: 23).write(to: folder.path(name)) } }
      try await group.waitForAll()
    }
    let bytes = try folder.bytes(names[0])
    for name in names { #expect(try folder.bytes(name) == bytes) }
    #expect(try folder.names == names)
  }

  @Test func unitsAgreeWithDimensions() {
    var sample = Sample(seed: 24)
    let device = DeviceFields(device: 0, fields: sample.fields(nx: 2, ny: 2, nz: 2), crystal: sample.crystal())
    let units = device.meshes.map { "\($0.name) \($0.units)" }
    #expect(
      units == [
        "vacancyDensity 1/m^3", "vacancyCount 1", "trapDensity 1/m^3", "strain 1", "migrationBarrier J",
        "vacancyEnergy J", "stepMap 1", "thicknessMap m",
      ])
    #expect(
      device.meshes.map(\.dimension) == [
        NumberDensityDimension.exponents, .none, NumberDensityDimension.exponents, .none, EnergyDimension.exponents,
        EnergyDimension.exponents, .none, LengthDimension.exponents,
      ])
    #expect(device.meshes[3].components.map(\.name) == ["xx", "yy", "zz", "xy", "yz", "xz"])
  }

  @Test func aListingShowsEveryArrayWithItsUnit() throws {
    let folder = try ScratchFolder()
    let result = Sample.result(seed: 25)
    try result.write(to: folder.path("fields.h5"))
    let arrays = try StoredArray.list(in: folder.path("fields.h5"))
    #expect(Set(arrays.map(\.path)) == Set(Expectation(result).arrays.map(\.path)))
    for array in arrays { #expect(!array.units.isEmpty && !array.longName.isEmpty, "\(array.path)") }
    let strain = try #require(arrays.first { $0.path == "/VTKHDF/PointData/strain" })
    #expect(
      strain
        == StoredArray(
          path: "/VTKHDF/PointData/strain", shape: [35, 5, 7, 6], type: "f64", units: "1", longName: "elastic strain"))
    let types = Dictionary(uniqueKeysWithValues: arrays.map { ($0.path, $0.type) })
    #expect(types["/provenance/recipe"] == "u8")
    #expect(types["/devices/everything/whole"] == "i64")
    #expect(types["/devices/everything/word"] == "text")
  }

  @Test func everyNameIsAWord() throws {
    let folder = try ScratchFolder()
    try Sample.result(seed: 26).write(to: folder.path("fields.h5"))
    for array in try StoredArray.list(in: folder.path("fields.h5")) {
      for name in array.path.split(separator: "/") {
        #expect(name.wholeMatch(of: /[A-Za-z0-9_]+/) != nil, "\(array.path)")
      }
    }
  }

  @Test(arguments: ["vacancy density", "dichte/m", "größe", "", "."])
  func aNameThatIsNoWordIsRefused(name: String) throws {
    var result = Sample.result(seed: 27)
    result.tables[0].columns[0].name = name
    try expectRefusal(of: result, naming: "everything", "'\(name)'")
    var other = Sample.result(seed: 27)
    other.fields[0].meshes[0].name = name
    try expectRefusal(of: other, naming: "'\(name)'")
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func aNumberThatIsNotFiniteIsRefused(number: Double) throws {
    var fields = Sample.result(seed: 28)
    fields.fields[1].meshes[3].components[3].field.values[17] = number
    try expectRefusal(of: fields, naming: "mesh strain of device 3", "value 17 is \(number)")
    var column = Sample.result(seed: 28)
    column.tables[0].columns[0].values = .real((0..<1_000).map { $0 == 41 ? number : 1 })
    try expectRefusal(of: column, naming: "devices/everything", "row 41 of column real is \(number)")
    var censored = Sample.result(seed: 28)
    censored.tables[0].columns[1].values = .censored((0..<1_000).map { $0 == 7 ? number : nil })
    try expectRefusal(of: censored, naming: "row 7 of column maybe is \(number)")
    var provenance = Sample.result(seed: 28)
    provenance.provenance.numbers[3].value = number
    try expectRefusal(of: provenance, naming: "provenance/numbers", "row 3 of column value")
  }

  @Test func columnsOfUnequalLengthAreRefused() throws {
    var result = Sample.result(seed: 29)
    result.tables[0].columns[3].values = .flag([true])
    try expectRefusal(of: result, naming: "column flag has 1 rows where real has 1000")
  }

  @Test func namesUsedTwiceAreRefused() throws {
    var columns = Sample.result(seed: 30)
    columns.tables[0].columns[4].name = "maybeCensored"
    try expectRefusal(of: columns, naming: "two columns are called maybeCensored")
    var tables = Sample.result(seed: 30)
    tables.tables.append(tables.tables[0])
    try expectRefusal(of: tables, naming: "two tables")
    var devices = Sample.result(seed: 30)
    devices.fields[1].device = 0
    try expectRefusal(of: devices, naming: "one device")
    var meshes = Sample.result(seed: 30)
    meshes.fields[0].meshes[1].name = "vacancyDensity"
    try expectRefusal(of: meshes, naming: "two meshes are called vacancyDensity")
  }

  @Test func componentsOnDifferentGridsAreRefused() throws {
    var result = Sample.result(seed: 31)
    result.fields[0].meshes[3].components[1].field.grid.spacing.x *= 2
    try expectRefusal(of: result, naming: "strain", "different grids")
  }

  @Test func aResultWithoutFieldsIsStillAFile() throws {
    let folder = try ScratchFolder()
    var result = Sample.result(seed: 32)
    result.fields = []
    try result.write(to: folder.path("fields.h5"))
    let paths = try StoredArray.list(in: folder.path("fields.h5")).map(\.path)
    #expect(paths.contains("/devices/everything/real"))
    #expect(!paths.contains { $0.hasPrefix("/VTKHDF") || $0.hasPrefix("/data") })
  }

  @Test(arguments: [
    (0, "1970-01-01 00:00:00 +0000"), (951_868_799, "2000-02-29 23:59:59 +0000"),
    (1_767_225_600, "2026-01-01 00:00:00 +0000"), (4_107_542_400, "2100-03-01 00:00:00 +0000"),
    (-1, "1969-12-31 23:59:59 +0000"),
  ])
  func theDateIsThatOfTheCaller(seconds: Int, text: String) throws {
    let folder = try ScratchFolder()
    var result = Sample.result(seed: 33)
    result.date = seconds
    try result.write(to: folder.path("fields.h5"))
    let script = "import h5py, sys; print(h5py.File(sys.argv[1])['/'].attrs['date'].decode())"
    #expect(try PythonReader.run(["-c", script, folder.path("fields.h5")]) == text + "\n")
  }

  @Test func whatCannotBeReadIsNamed() throws {
    let folder = try ScratchFolder()
    let missing = folder.path("missing.h5")
    #expect(throws: ArchiveError.cannotRead(path: missing, reason: "No such file or directory")) {
      try StoredArray.list(in: missing)
    }
    try Sample.result(seed: 34).write(to: folder.path("fields.h5"))
    let bytes = try folder.bytes("fields.h5")
    try AtomicFile.write(bytes: Array(bytes.prefix(bytes.count / 2)), to: folder.path("half.h5"))
    let error = try #require(throws: ArchiveError.self) { try StoredArray.list(in: folder.path("half.h5")) }
    guard case .cannotRead(folder.path("half.h5"), let reason) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(reason.contains("truncated"), "\(reason)")
  }

  /// Expects that writing throws `invalidContent` with these words, and that nothing appears on disk.
  private func expectRefusal(of result: ResultFile, naming words: String...) throws {
    let folder = try ScratchFolder()
    let error = try #require(throws: ArchiveError.self) { try result.write(to: folder.path("fields.h5")) }
    guard case .invalidContent = error else {
      Issue.record("\(error)")
      return
    }
    for word in words { #expect(error.description.contains(word), "\(error)") }
    #expect(try folder.names == [])
  }
}
