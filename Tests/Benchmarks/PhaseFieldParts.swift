import Fields
import Growth
import Quantities

/// A step of the phase field beside the transforms it is made of.
struct PhaseFieldParts {
  static let points = 256

  /// The transform first, then the step, then the step of an anisotropic face.
  let tasks: [TimedTask]

  init() throws {
    let transform = try RealTransform.planes(nx: Self.points, ny: Self.points, batch: 1)
    // Both stay until the process ends.
    let values = UnsafeMutablePointer<Double>.allocate(capacity: transform.valueCount)
    values.initialize(repeating: 1, count: transform.valueCount)
    let spectrum = UnsafeMutablePointer<Double>.allocate(capacity: transform.spectrumCount)
    spectrum.initialize(repeating: 0, count: transform.spectrumCount)
    let isotropic = Growing(try Self.growth(anisotropy: 0))
    let anisotropic = Growing(try Self.growth(anisotropy: 0.02))
    tasks = [
      TimedTask("Fourier transform, \(Self.points) x \(Self.points)", calls: 20) {
        transform.forward(values, into: spectrum)
      },
      TimedTask("phase field step, \(Self.points) x \(Self.points)", calls: 5) { try isotropic.step() },
      TimedTask("phase field step, anisotropic", calls: 5) { try anisotropic.step() },
    ]
  }

  private static func growth(anisotropy: Double) throws -> PhaseFieldGrowth {
    let width = Length.micrometers(1)
    let interface = try PhaseFieldInterface(
      diffusivity: Diffusivity(si: 1e-9), capillaryLength: .nanometers(30), width: width, surfaceAnisotropy: anisotropy)
    let box = try PhaseFieldBox(columns: points, rows: points, spacing: Length(si: 0.9 * width.si))
    return try PhaseFieldGrowth(
      interface, supersaturation: Ratio(si: 0.2), in: box,
      seeds: [PhaseFieldSeed(center: box.size / 2, radius: .micrometers(8))])
  }

  /// A growth that the rounds of a benchmark carry on with.
  private final class Growing {
    private var growth: PhaseFieldGrowth

    init(_ growth: PhaseFieldGrowth) { self.growth = growth }

    func step() throws { try growth.advance(steps: 1) }
  }
}
