import Fields

/// The number of every voxel's phase, from 0, x fastest.
public enum PhaseMap: Hashable, Sendable {
  case bytes([UInt8])
  case words([UInt16])

  public var count: Int {
    switch self {
    case .bytes(let values): values.count
    case .words(let values): values.count
    }
  }

  public subscript(_ voxel: Int) -> Int {
    switch self {
    case .bytes(let values): Int(values[voxel])
    case .words(let values): Int(values[voxel])
    }
  }

  /// Voxels per phase number, as far as they occur.
  public var counts: [Int] {
    func counts<Number: BinaryInteger>(_ values: [Number]) -> [Int] {
      var counts = [Int](repeating: 0, count: Int(values.max() ?? 0) + 1)
      for value in values { counts[Int(value)] += 1 }
      return counts
    }
    return switch self {
    case .bytes(let values): counts(values)
    case .words(let values): counts(values)
    }
  }

  var byteWidth: Int {
    switch self {
    case .bytes: 1
    case .words: 2
    }
  }

  func copy(to target: UnsafeMutableRawPointer) {
    switch self {
    case .bytes(let values): values.withUnsafeBytes { target.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    case .words(let values): values.withUnsafeBytes { target.copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
    }
  }
}
