import Archive
import Foundation
import Testing

#if canImport(Darwin)
  private let fileSizeLimit = RLIMIT_FSIZE
#else
  private let fileSizeLimit = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
#endif

/// A file appears whole or not at all.
@Suite struct AtomicFileTests {
  @Test func aTextComesBackAsWritten() throws {
    let folder = try ScratchFolder()
    let text = "gap: 20 µm ± 1 µm\n\u{0}end"
    try AtomicFile.write(text: text, to: folder.path("report.html"))
    #expect(try folder.bytes("report.html") == Array(text.utf8))
    try AtomicFile.write(text: "", to: folder.path("report.html"))
    #expect(try folder.bytes("report.html") == [])
    #expect(try folder.names == ["report.html"])
  }

  @Test func aMissingFolderIsNamed() throws {
    let folder = try ScratchFolder()
    let path = folder.path("none/fields.h5")
    for write in [
      { try AtomicFile.write(text: "x", to: path) }, { try Sample.result(seed: 41).write(to: path) },
    ] {
      let error = try #require(throws: ArchiveError.self) { try write() }
      guard case .cannotCreate(path, let reason) = error else {
        Issue.record("\(error)")
        continue
      }
      #expect(reason.contains("No such file or directory"), "\(reason)")
    }
    #expect(try folder.names == [])
  }

  @Test func whatIsNoFileIsNotReplaced() throws {
    let folder = try ScratchFolder()
    let path = folder.path("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    let error = try #require(throws: ArchiveError.self) { try AtomicFile.write(text: "x", to: path) }
    #expect(error.description.contains("a device or pipe stands in its place"))
    var standing = stat()
    #expect(stat(path, &standing) == 0 && standing.st_mode & S_IFMT == S_IFIFO)
  }

  @Test func aFolderInPlaceOfTheFileIsNamed() throws {
    let folder = try ScratchFolder()
    let path = folder.path("fields.h5")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(throws: ArchiveError.cannotCreate(path: path, reason: "a folder stands in its place")) {
      try AtomicFile.write(text: "x", to: path)
    }
    #expect(try folder.names == ["fields.h5"])
  }

  @Test func theTemporaryOfAKilledRunIsOverwritten() throws {
    let folder = try ScratchFolder()
    let path = folder.path("fields.h5")
    try Sample.result(seed: 42).write(to: path)
    let bytes = try folder.bytes("fields.h5")
    try Foundation.Data("half a file".utf8).write(to: URL(filePath: path + ".tmp"))
    try Sample.result(seed: 42).write(to: path)
    #expect(try folder.bytes("fields.h5") == bytes)
    #expect(try folder.names == ["fields.h5"])
  }

  @Test func aNewFileReplacesTheOldOne() throws {
    let folder = try ScratchFolder()
    let path = folder.path("fields.h5")
    try AtomicFile.write(text: String(repeating: "old", count: 1_000_000), to: path)
    try Sample.result(seed: 43).write(to: path)
    try Sample.result(seed: 43).write(to: folder.path("alone.h5"))
    #expect(try folder.bytes("fields.h5") == folder.bytes("alone.h5"))
  }

  /// A full disk is imitated by the limit on the size of a file, in a process of its own.
  @Test func aWriteThatFailsLeavesTheOldFileAndNoTemporary() async {
    await #expect(processExitsWith: .success) {
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit()
      getrlimit(fileSizeLimit, &limit)
      limit.rlim_cur = 100_000
      setrlimit(fileSizeLimit, &limit)
      let folder = try ScratchFolder()
      let path = folder.path("fields.h5")
      try AtomicFile.write(text: "old", to: path)
      let failure = ArchiveError.writeFailed(path: path, reason: "File too large")
      #expect(throws: failure) { try AtomicFile.write(bytes: [UInt8](repeating: 7, count: 100_001), to: path) }
      #expect(throws: failure) { try Sample.result(seed: 44).write(to: path) }
      #expect(try folder.bytes("fields.h5") == Array("old".utf8))
      #expect(try folder.names == ["fields.h5"])
      try AtomicFile.write(bytes: [UInt8](repeating: 7, count: 100_000), to: path)
      #expect(try folder.bytes("fields.h5").count == 100_000)
    }
  }

  @Test func aWriterKilledAtAnyMomentLeavesTheOldFileOrTheNew() async throws {
    let folder = try ScratchFolder()
    let path = folder.path("fields.h5")
    for (name, seed) in [("old", 45), ("new", 46)] as [(String, UInt64)] {
      try Sample.result(seed: seed).write(to: folder.path(name))
    }
    let versions = [try folder.bytes("old"), try folder.bytes("new")]
    for moment in 0..<10 {
      try AtomicFile.write(bytes: versions[0], to: path)
      let microseconds = UInt32(20_000 + 7_919 * moment)
      await #expect(processExitsWith: .signal(SIGKILL)) {
        [path = path as String, microseconds = microseconds as UInt32] in
        let (old, new) = (Sample.result(seed: 45), Sample.result(seed: 46))
        Thread.detachNewThread {
          usleep(microseconds)
          kill(getpid(), SIGKILL)
        }
        while true {
          try new.write(to: path)
          try old.write(to: path)
        }
      }
      #expect(versions.contains(try folder.bytes("fields.h5")))
      try Sample.result(seed: 46).write(to: path)
      #expect(try folder.bytes("fields.h5") == versions[1])
      #expect(try folder.names == ["fields.h5", "new", "old"])
    }
  }

  @Test func aWriteThatFailsForAFullDeviceKeepsTheReason() {
    let error = ArchiveError.writeFailed(path: "a/fields.h5", reason: "No space left on device")
    #expect(
      error.description
        == "writing a/fields.h5 failed: No space left on device; a file that stood there before is unchanged")
  }
}
