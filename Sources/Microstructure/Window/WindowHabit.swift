/// How what stands in a window lies on its support.
enum WindowHabit: Hashable, Sendable {
  /// One crystal on a face, Miller indices.
  case crystal(face: SIMD3<Int>)
  /// Grains whose normal of a face scatters about z: the normal, and r of March and Dollase.
  case film(normal: SIMD3<Double>, texture: Double)

  /// The same for faces that a cubic stiffness does not tell apart.
  var family: WindowHabit {
    guard case .crystal(let face) = self else { return self }
    let sorted = [abs(face.x), abs(face.y), abs(face.z)].sorted()
    return .crystal(face: SIMD3(sorted[0], sorted[1], sorted[2]))
  }
}
