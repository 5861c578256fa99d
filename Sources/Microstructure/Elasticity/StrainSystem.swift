import CKernels

/// What conjugate gradients for the strain of voxels need: the operator's passes and the preconditioner's.
protocol StrainSystem: AnyObject {
  var planes: ElementPlanes { get }
  /// Stiffness of the mean strain in the preconditioner's medium, where all else has found its balance; 36 numbers by
  /// voxels/16.
  var meanStiffness: [Double] { get }

  /// Sets displacement, direction and residual to 0, and the buffer to the spectra over x and y of the forces of
  /// stresses that are uniform in each element.
  /// - Parameters:
  ///   - phaseStress: six numbers per phase.
  ///   - fieldStress: fills six planes of numbers, one after the other, of plane k; or null. A plane
  ///     for which `isCounted` is false is asked for once more.
  func load(phaseStress: [Double], fieldStress: ((_ k: Int, _ isCounted: Bool, UnsafeMutablePointer<Double>) -> Void)?)

  /// r −= step q and z = K₀⁻¹ r, from the spectra of q over x and y to those of z, with r · z and |r|² as a result.
  func precondition(step: Double) -> (product: Double, square: Double)

  /// Sums of the stress, divided by 4, that z calls forth in the preconditioner's medium: six numbers.
  func preconditionedStress() -> [Double]

  /// Adds to z what a mean strain calls forth in the preconditioner's medium; returns the change of r · z.
  /// - Parameter mean: four times the mean strain.
  func follow(mean: [Double]) -> Double

  /// x += step p, p = z + share p, and then the spectra of q = K (p + mean) over x and y, with p · q as a result.
  /// - Parameter stress: if not null, gets the sums of the elements' stress, divided by 4.
  func advanceDirection(
    step: Double, share: Double, mean: UnsafePointer<Double>, stress: UnsafeMutablePointer<Double>?
  ) -> Double
}

extension StrainSystem {
  func preconditionedStress() -> [Double] { [Double](repeating: 0, count: 6) }

  func follow(mean: [Double]) -> Double { 0 }
}

/// Room for numbers, zeros at first.
enum StrainRoom {
  /// - Throws: `StrainError.outOfMemory`.
  static func allocate(_ sizes: [Int]) throws -> [UnsafeMutablePointer<Double>] {
    var rooms: [UnsafeMutablePointer<Double>] = []
    for size in sizes {
      guard let room = ck_allocate(size) else {
        for room in rooms { ck_free(room) }
        throw StrainError.outOfMemory(bytes: 8 * sizes.reduce(0, +))
      }
      rooms.append(room)
    }
    return rooms
  }
}
