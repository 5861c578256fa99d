import Foundation

/// Why the fields of a device could not be resolved.
public enum FieldError: Error, Hashable, CustomStringConvertible {
  case notPositive(String, Double)
  case oddWindow(key: String, voxels: Int)
  case smallWindow(key: String, voxels: Int)
  case windowAboveCrystal(height: Double, thickness: Double)
  case noSupport
  case thinLayer(name: String, thickness: Double)
  case unstableStiffness(name: String)
  case noMirrorPlane(face: SIMD3<Int>)
  case otherCompound(found: String, expected: String)
  case noCrystal
  case notFinite(String)
  case noStrain(StrainError)

  public var description: String {
    switch self {
    case .notPositive(let key, let value):
      "fields.\(key) is \(value) in SI units; it must be a finite number above 0 (0 itself only for a deviation)"
    case .oddWindow(let key, let voxels):
      "fields.\(key) holds \(voxels) voxels of fields.spacing; the count must be even, so add or take one spacing"
    case .smallWindow(let key, let voxels):
      "fields.\(key) holds \(voxels) voxels of fields.spacing; at least 4 are needed, so use a smaller spacing"
    case .windowAboveCrystal(let height, let thickness):
      "fields.size asks for a height of \(nanometers(height)), more than the crystal's thickness of "
        + "\(nanometers(thickness)); use auto"
    case .noSupport: "the stack has nothing below the crystal; the bottom layer must be the support, such as glass"
    case .thinLayer(let name, let thickness):
      "layer \(name) below the crystal is \(thickness) m thick; a thickness must be a finite number above 0"
    case .unstableStiffness(let name):
      "the elastic constants of \(name) do not resist every strain; check c11 > |c12| and c44 > 0, or 0 < E "
        + "and -1 < nu < 1/2"
    case .noMirrorPlane(let face):
      "the strain solver needs a mirror plane along the support; a crystal on \(Self.name(face)) has none, so "
        + "use {100} or {110}"
    case .otherCompound(let found, let expected):
      "the crystal is \(found), but this field model was built for \(expected); build one for it"
    case .noStrain(let error): "the strain could not be found: \(error)"
    case .noCrystal: "no crystal under the electrode: its thickness map is zero there"
    case .notFinite(let what):
      "\(what) is not finite; check the crystal's defect densities and the compound's constants"
    }
  }

  /// Whether a solver gave up, rather than the physics.
  public var isNonConvergence: Bool {
    if case .noStrain(.notConverged) = self { true } else { false }
  }

  private func nanometers(_ length: Double) -> String { String(format: "%.4g nm", length * 1e9) }
  private static func name(_ face: SIMD3<Int>) -> String { "(\(face.x) \(face.y) \(face.z))" }
}
