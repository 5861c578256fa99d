import Fields
import Foundation

/// The phase field and the solute on a periodic plane, and the step that moves them.
///
///     τ(n) ∂φ/∂t = ∇·[W²∇φ + |∇φ|² W ∂W/∂(∇φ)] + φ − φ³ + λ (1 − φ²)² u
///     ∂u/∂t = ∇·[D q(φ) ∇u − W ∂φ/∂t n/(2√2)] − ½ ∂φ/∂t,     n = ∇φ/|∇φ|,  q = (1 − φ)/2
///
/// φ is 1 in the crystal and −1 in the liquid; u is the solute's potential, and u + (1 + φ)/2 its total, conserved.
/// This is (2.9) with equal susceptibilities of both phases (Karma, *Phys. Rev. Lett.* 87 (2001) 115701; Plapp,
/// *Phys. Rev. E* 84 (2011) 031601): the crystal takes 1 + u_i, so a kinetic u_i that is not small shifts the balance
/// by as much. Derivatives are spectral, so the grid gives no direction. Time: second-order backward differences, the
/// linear parts −K k² φ and −D k² u implicit (Ascher, Ruuth & Wetton, *SIAM J. Numer. Anal.* 32 (1995) 797), the rest
/// extrapolated; K is the largest W²/τ. As 0 ≤ q ≤ 1, diffusion puts no limit on the step. The first step is Euler's.
/// Nine real transforms a step, thirteen with anisotropy.
struct PhaseFieldPlane: Sendable {
  let columns: Int
  let rows: Int
  let spacing: Double
  let interface: PhaseFieldInterface
  private(set) var steps = 0

  private let transform: RealTransform
  /// Wave numbers of first derivatives along x, then y, and their squares of second ones likewise: columns/2 + 1 and
  /// `rows` numbers each. A wave at the Nyquist limit has no first derivative.
  private let waves: [Double]
  private var values: [Double]
  private var spectra: [Double]

  /// Real planes of `values`; φ at three times takes turns on the first three.
  private enum Plane: Int, CaseIterable {
    case phaseA, phaseB, phaseC, solute, phaseX, phaseY, soluteX, soluteY
  }
  /// Planes of `spectra`: unscaled transforms, and room for two more at work.
  private enum Spectrum: Int, CaseIterable {
    case phase, earlierPhase, phaseRest, solute, earlierSolute, soluteRest, change, workX, workY
  }

  /// - Parameters:
  ///   - phase: φ at the start, x fastest.
  ///   - solute: u at the start.
  init(
    columns: Int, rows: Int, spacing: Double, interface: PhaseFieldInterface, phase: [Double], solute: [Double]
  ) throws {
    self.columns = columns
    self.rows = rows
    self.spacing = spacing
    self.interface = interface
    transform = try RealTransform.planes(nx: columns, ny: rows, batch: 1)
    let x = (0...(columns / 2)).map { 2 * Double.pi * Double($0) / (Double(columns) * spacing) }
    let y = (0..<rows).map { 2 * Double.pi * Double(2 * $0 > rows ? $0 - rows : $0) / (Double(rows) * spacing) }
    let slopes = { (waves: [Double], nyquist: Int) in waves.indices.map { $0 == nyquist ? 0 : waves[$0] } }
    waves = slopes(x, columns / 2) + slopes(y, rows / 2) + x.map { $0 * $0 } + y.map { $0 * $0 }
    values = [Double](repeating: 0, count: Plane.allCases.count * transform.valueCount)
    spectra = [Double](repeating: 0, count: Spectrum.allCases.count * transform.spectrumCount)
    values.replaceSubrange(range(of: .phaseA), with: phase)
    values.replaceSubrange(range(of: .solute), with: solute)
    spectra.replaceSubrange(0..<transform.spectrumCount, with: transform.forward(phase))
    let place = Spectrum.solute.rawValue * transform.spectrumCount
    spectra.replaceSubrange(place..<(place + transform.spectrumCount), with: transform.forward(solute))
  }

  private func range(of plane: Plane) -> Range<Int> {
    let start = plane.rawValue * transform.valueCount
    return start..<(start + transform.valueCount)
  }

  /// φ, x fastest.
  var phase: ArraySlice<Double> { values[range(of: Plane(rawValue: steps % 3)!)] }
  /// u, x fastest.
  var solute: ArraySlice<Double> { values[range(of: .solute)] }
  var meanPhase: Double { spectra[0] / Double(transform.valueCount) }
  var meanSolute: Double {
    spectra[Spectrum.solute.rawValue * transform.spectrumCount] / Double(transform.valueCount)
  }

  /// Takes `count` steps of `timeStep` s, all of one length.
  mutating func advance(steps count: Int, timeStep: Double) {
    guard count > 0 else { return }
    let begun = steps
    let half = columns / 2 + 1
    let (points, modes) = (transform.valueCount, transform.spectrumCount)
    values.withUnsafeMutableBufferPointer { values in
      spectra.withUnsafeMutableBufferPointer { spectra in
        waves.withUnsafeBufferPointer { waves in
          let v = Plane.allCases.map { values.baseAddress! + $0.rawValue * points }
          let s = Spectrum.allCases.map { spectra.baseAddress! + $0.rawValue * modes }
          let w = waves.baseAddress!
          let step = PhaseFieldStep(
            columns: columns, rows: rows, timeStep: timeStep, interface: interface, transform: transform, solute: v[3],
            phaseX: v[4], phaseY: v[5], soluteX: v[6], soluteY: v[7], phaseSpectrum: s[0], earlierPhaseSpectrum: s[1],
            phaseRest: s[2], soluteSpectrum: s[3], earlierSoluteSpectrum: s[4], soluteRest: s[5], change: s[6],
            workX: s[7], workY: s[8], slopeX: w, slopeY: w + half, squareX: w + half + rows,
            squareY: w + 2 * half + rows)
          for n in begun..<(begun + count) {
            step.take(phase: v[n % 3], earlier: v[(n + 2) % 3], next: v[(n + 1) % 3], isFirst: n == 0)
          }
        }
      }
    }
    steps += count
  }
}
