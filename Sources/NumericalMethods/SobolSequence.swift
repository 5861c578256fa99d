/// Points that fill a unit cube evenly: Sobol's sequence without its first point, the origin.
///
/// Of 2ᵏ points from number 0 on, each of 2ᵏ equal slabs across any axis holds one. Direction numbers of Joe & Kuo, *SIAM J. Sci.
/// Comput.* 30 (2008) 2635 (new-joe-kuo-6), up to eight dimensions.
public struct SobolSequence: Sendable {
  public static let mostDimensions = 8

  /// Degree, coefficients and first direction integers of each axis after the first.
  private static let table: [(degree: Int, coefficients: Int, first: [UInt32])] = [
    (1, 0, [1]), (2, 1, [1, 3]), (3, 1, [1, 3, 1]), (3, 2, [1, 1, 1]), (4, 1, [1, 1, 3, 3]), (4, 4, [1, 3, 5, 13]),
    (5, 2, [1, 1, 5, 5, 17]),
  ]

  private let directions: [[UInt32]]

  /// - Parameter dimensions: from 1 to 8.
  public init(dimensions: Int) {
    precondition(
      dimensions > 0 && dimensions <= Self.mostDimensions, "Sobol's sequence is tabulated for 1 to 8 dimensions")
    directions = (0..<dimensions).map { axis in
      if axis == 0 { return (0..<32).map { 1 << UInt32(31 - $0) } }
      let (degree, coefficients, first) = Self.table[axis - 1]
      var found = first.enumerated().map { $1 << UInt32(31 - $0) }
      for i in degree..<32 {
        var value = found[i - degree] ^ (found[i - degree] >> UInt32(degree))
        for k in 1..<degree where (coefficients >> (degree - 1 - k)) & 1 == 1 { value ^= found[i - k] }
        found.append(value)
      }
      return found
    }
  }

  /// The point of a number from 0 on; number 0 is the origin.
  public func point(_ number: Int) -> [Double] {
    let gray = UInt32(number) ^ (UInt32(number) >> 1)
    return directions.map { axis in
      var value: UInt32 = 0
      for bit in 0..<32 where (gray >> UInt32(bit)) & 1 == 1 { value ^= axis[bit] }
      return Double(value) * 0x1p-32
    }
  }
}
