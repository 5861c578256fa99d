import Foundation

/// Why the strain of a periodic body or a film could not be found.
public enum StrainError: Error, Hashable, CustomStringConvertible {
  case wrongCount(String, found: Int, expected: Int)
  case unknownPhase(Int, count: Int)
  case unstablePhase(Int)
  case notFinite(String)
  case notPositive(String, Double)
  case noStiffness
  case noShearStiffness
  case nothingResists(component: String)
  case noLayers
  case heldFilm(component: String)
  case unconnected
  case notConverged(iterations: Int, residual: Double)
  case outOfMemory(bytes: Int)

  public var description: String {
    switch self {
    case .wrongCount(let what, let found, let expected):
      "\(what) holds \(found) values where \(expected) are needed; give one each"
    case .unknownPhase(let phase, let count):
      "a voxel has phase \(phase), but only \(count) phases have a stiffness; they count from 0"
    case .unstablePhase(let phase):
      "the stiffness of phase \(phase) does not resist every strain; check its constants, or set all of them to 0 "
        + "for a void"
    case .notFinite(let what): "\(what) is not a finite number; check how it was computed"
    case .notPositive(let what, let value): "\(what) is \(value); it must be a finite number above 0"
    case .noStiffness: "no voxel has any stiffness, so nothing fixes the strain; give one phase a stiffness"
    case .noShearStiffness: "no voxel resists shear, so nothing fixes the strain; give one phase a shear stiffness"
    case .nothingResists(let component):
      "the mean stress \(component) is prescribed, but the body does not resist a mean strain \(component); "
        + "prescribe that strain instead, or connect the stiff phases"
    case .noLayers: "the film rests on no layer; give one at least, or let it be clamped or free below"
    case .heldFilm(let component):
      "the film's mean stress \(component) is prescribed, but what it rests on holds its strain; prescribe that strain "
        + "instead, or let the film be free below"
    case .unconnected:
      "the residual grows without end: a mean stress is prescribed that parts separated by voids cannot pass on; prescribe "
        + "that strain instead, or connect the parts"
    case .notConverged(let iterations, let residual):
      "the strain has not converged: after \(iterations) iterations the residual is \(String(format: "%.3g", residual)) "
        + "of the first; allow more iterations or a larger tolerance"
    case .outOfMemory(let bytes): "no memory for \(bytes) bytes of strain fields; use a smaller grid"
    }
  }
}
