import Fields
import Foundation

/// The lateral waves of a grid: Fourier waves where its sides are periodic, cosines where they insulate.
///
/// A spectrum has `stride` doubles per plane, each of which is an amplitude of a wave; backward after forward
/// multiplies by `scale`.
struct LateralModes: Sendable {
  private enum Transform: Sendable {
    case periodic(RealTransform)
    case insulating(CosineTransform)
  }

  let nx: Int
  let ny: Int
  let planes: Int
  let stride: Int
  private let transform: Transform

  /// Doubles to work in.
  var workCount: Int {
    switch transform {
    case .periodic: 0
    case .insulating(let cosine): cosine.workCount
    }
  }

  var scale: Double {
    switch transform {
    case .periodic: Double(nx * ny)
    case .insulating(let cosine): cosine.scale
    }
  }

  init(nx: Int, ny: Int, planes: Int, _ boundary: LateralBoundary) throws {
    self.nx = nx
    self.ny = ny
    self.planes = planes
    switch boundary {
    case .periodic:
      let fourier = try RealTransform.planes(nx: nx, ny: ny, batch: planes)
      transform = .periodic(fourier)
      stride = fourier.spectrumStride
    case .insulating:
      transform = .insulating(try CosineTransform(nx: nx, ny: ny))
      stride = nx * ny
    }
  }

  /// What −h² ∂²/∂x² and −h² ∂²/∂y², as differences of neighbors, multiply each wave by: 4 sin²(k h/2).
  func eigenvalues() -> (x: [Double], y: [Double]) {
    func value(_ index: Int, _ period: Int) -> Double {
      let s = sin(Double.pi * Double(index) / Double(period))
      return 4 * s * s
    }
    var (x, y) = ([Double](repeating: 0, count: stride), [Double](repeating: 0, count: stride))
    for slot in 0..<stride {
      switch transform {
      case .periodic:
        let half = nx / 2 + 1
        x[slot] = value(slot / 2 % half, nx)
        y[slot] = value(slot / 2 / half, ny)
      case .insulating:
        x[slot] = value(slot % nx, 2 * nx)
        y[slot] = value(slot / nx, 2 * ny)
      }
    }
    return (x, y)
  }

  func forward(
    _ values: UnsafeMutablePointer<Double>, into spectrum: UnsafeMutablePointer<Double>,
    work: UnsafeMutablePointer<Double>
  ) {
    switch transform {
    case .periodic(let fourier): fourier.forward(values, into: spectrum)
    case .insulating(let cosine):
      for k in 0..<planes { cosine.forward(values + k * stride, into: spectrum + k * stride, work: work) }
    }
  }

  /// The spectrum is overwritten.
  func backward(
    _ spectrum: UnsafeMutablePointer<Double>, into values: UnsafeMutablePointer<Double>,
    work: UnsafeMutablePointer<Double>
  ) {
    switch transform {
    case .periodic(let fourier): fourier.backward(spectrum, into: values)
    case .insulating(let cosine):
      for k in 0..<planes { cosine.backward(spectrum + k * stride, into: values + k * stride, work: work) }
    }
  }
}
