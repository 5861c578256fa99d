import Fields
import Foundation

/// The phase field and the solute on a periodic plane, and the step that moves them.
///
///     τ(n) ∂φ/∂t = ∇·[W²∇φ + |∇φ|² W ∂W/∂(∇φ)] + φ − φ³ + λ (1 − φ²)² u
///     ∂u/∂t = ∇·[D q(φ) ∇u − W ∂φ/∂t n/(2√2)] − ½ ∂φ/∂t,     n = ∇φ/|∇φ|,  q = (1 − φ)/2
///
/// φ is 1 in the crystal and −1 in the liquid; u is the solute's potential, and u + (1 + φ)/2 its total, conserved. This
/// is (2.9) with equal susceptibilities of both phases (Karma, *Phys. Rev. Lett.* 87 (2001) 115701; Plapp, *Phys. Rev. E*
/// 84 (2011) 031601): the crystal takes 1 + u_i, so a kinetic u_i that is not small shifts the balance by as much.
/// Derivatives are spectral, so the grid gives no direction. Time: second-order backward differences, the linear parts
/// −K k² φ and −D k² u implicit (Ascher, Ruuth & Wetton, *SIAM J. Numer. Anal.* 32 (1995) 797), the rest extrapolated;
/// K is the largest W²/τ. As 0 ≤ q ≤ 1, diffusion puts no limit on the step. The first step is Euler's.
/// Nine real transforms a step, twelve with anisotropy.
struct PhaseFieldPlane: Sendable {
  let columns: Int
  let rows: Int
  let spacing: Double
  let interface: PhaseFieldInterface
  private(set) var steps = 0

  private let transform: RealTransform
  private let waveX: [Double]
  private let waveY: [Double]
  private var values: [Double]
  private var spectra: [Double]

  /// Real planes of `values`.
  private enum Plane: Int, CaseIterable {
    case phase, earlierPhase, nextPhase, solute, phaseX, phaseY, soluteX, soluteY
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
    waveX = (0...(columns / 2)).map { 2 * Double.pi * Double($0) / (Double(columns) * spacing) }
    waveY = (0..<rows).map { 2 * Double.pi * Double(2 * $0 > rows ? $0 - rows : $0) / (Double(rows) * spacing) }
    let count = transform.valueCount
    values = [Double](repeating: 0, count: Plane.allCases.count * count)
    spectra = [Double](repeating: 0, count: Spectrum.allCases.count * transform.spectrumCount)
    values.replaceSubrange(0..<count, with: phase)
    values.replaceSubrange((Plane.solute.rawValue * count)..<((Plane.solute.rawValue + 1) * count), with: solute)
    values.withUnsafeMutableBufferPointer { values in
      spectra.withUnsafeMutableBufferPointer { spectra in
        let (v, s) = (values.baseAddress!, spectra.baseAddress!)
        transform.forward(v, into: s)
        transform.forward(
          v + Plane.solute.rawValue * count, into: s + Spectrum.solute.rawValue * transform.spectrumCount)
      }
    }
  }

  var phase: ArraySlice<Double> { values[0..<transform.valueCount] }
  var solute: ArraySlice<Double> {
    values[(Plane.solute.rawValue * transform.valueCount)..<((Plane.solute.rawValue + 1) * transform.valueCount)]
  }
  /// Means of φ and u.
  var meanPhase: Double { spectra[0] / Double(transform.valueCount) }
  var meanSolute: Double {
    spectra[Spectrum.solute.rawValue * transform.spectrumCount] / Double(transform.valueCount)
  }

  /// Takes `count` steps of `timeStep` s, all of one length.
  mutating func advance(steps count: Int, timeStep: Double) {
    guard count > 0 else { return }
    let begun = steps
    let points = transform.valueCount
    let modes = transform.spectrumCount
    let worker = Worker(
      columns: columns, rows: rows, timeStep: timeStep, interface: interface, transform: transform)
    values.withUnsafeMutableBufferPointer { values in
      spectra.withUnsafeMutableBufferPointer { spectra in
        waveX.withUnsafeBufferPointer { waveX in
          waveY.withUnsafeBufferPointer { waveY in
            let v = Plane.allCases.map { values.baseAddress! + $0.rawValue * points }
            let s = Spectrum.allCases.map { spectra.baseAddress! + $0.rawValue * modes }
            let state = Worker.State(
              phase: v[0], earlierPhase: v[1], nextPhase: v[2], solute: v[3], phaseX: v[4], phaseY: v[5],
              soluteX: v[6], soluteY: v[7], phaseSpectrum: s[0], earlierPhaseSpectrum: s[1], phaseRest: s[2],
              soluteSpectrum: s[3], earlierSoluteSpectrum: s[4], soluteRest: s[5], change: s[6], workX: s[7],
              workY: s[8], waveX: waveX.baseAddress!, waveY: waveY.baseAddress!)
            for step in begun..<(begun + count) { worker.step(state, isFirst: step == 0) }
          }
        }
      }
    }
    steps += count
  }
}

extension PhaseFieldPlane {
  /// One step on bare pointers.
  private struct Worker {
    struct State {
      let phase, earlierPhase, nextPhase, solute, phaseX, phaseY, soluteX, soluteY: UnsafeMutablePointer<Double>
      let phaseSpectrum, earlierPhaseSpectrum, phaseRest: UnsafeMutablePointer<Double>
      let soluteSpectrum, earlierSoluteSpectrum, soluteRest: UnsafeMutablePointer<Double>
      let change, workX, workY: UnsafeMutablePointer<Double>
      let waveX, waveY: UnsafePointer<Double>
    }

    /// c₁ f¹ = b₀ f⁰ − b₁ f⁻ + Δt (e₀ F⁰ − e₁ F⁻): Euler's step or the second-order one.
    struct Formula {
      let c1, b0, b1, e0, e1: Double
      static let first = Formula(c1: 1, b0: 1, b1: 0, e0: 1, e1: 0)
      static let later = Formula(c1: 1.5, b0: 2, b1: 0.5, e0: 2, e1: 1)
    }

    let columns: Int
    let rows: Int
    let timeStep: Double
    let width: Double
    let diffusivity: Double
    let coupling: Double
    let stiffness: Double
    let relaxation: Double
    let equilibriumRelaxation: Double
    let kineticRelaxation: Double
    let surfaceAnisotropy: Double
    let kineticAnisotropy: Double
    let isIsotropic: Bool
    let transform: RealTransform
    let half: Int
    let scale: Double

    init(columns: Int, rows: Int, timeStep: Double, interface: PhaseFieldInterface, transform: RealTransform) {
      self.columns = columns
      self.rows = rows
      self.timeStep = timeStep
      self.transform = transform
      width = interface.width.si
      diffusivity = interface.diffusivity.si
      coupling = interface.coupling
      stiffness = interface.largestStiffness
      relaxation = interface.relaxation(cosine: 0)
      equilibriumRelaxation = interface.equilibriumRelaxation
      kineticRelaxation = interface.kineticRelaxation
      surfaceAnisotropy = interface.surfaceAnisotropy
      kineticAnisotropy = interface.kineticAnisotropy
      isIsotropic = interface.isIsotropic
      half = columns / 2 + 1
      scale = 1 / Double(columns * rows)
    }

    func step(_ s: State, isFirst: Bool) {
      let formula = isFirst ? Formula.first : Formula.later
      gradient(of: s.phaseSpectrum, s, s.phaseX, s.phaseY)
      if isIsotropic { isotropicRate(s) } else { anisotropicRate(s) }
      movePhase(s, formula)
      spread(s.phaseSpectrum, s, into: s.nextPhase)
      gradient(of: s.soluteSpectrum, s, s.soluteX, s.soluteY)
      fluxes(s, isFirst: isFirst)
      moveSolute(s, formula)
      spread(s.soluteSpectrum, s, into: s.solute)
      let count = columns * rows
      s.earlierPhase.update(from: s.phase, count: count)
      s.phase.update(from: s.nextPhase, count: count)
    }

    /// Values of a spectrum, which stays.
    private func spread(_ spectrum: UnsafeMutablePointer<Double>, _ s: State, into target: UnsafeMutablePointer<Double>)
    {
      let work = s.workX
      for n in 0..<(2 * half * rows) { work[n] = scale * spectrum[n] }
      transform.backward(work, into: target)
    }

    /// Both derivatives of a field; waves at the Nyquist limit have none.
    private func gradient(
      of spectrum: UnsafeMutablePointer<Double>, _ s: State, _ x: UnsafeMutablePointer<Double>,
      _ y: UnsafeMutablePointer<Double>
    ) {
      let (workX, workY, waveX) = (s.workX, s.workY, s.waveX)
      for j in 0..<rows {
        let ky = 2 * j == rows ? 0 : scale * s.waveY[j]
        for i in 0..<half {
          let n = 2 * (j * half + i)
          let kx = scale * waveX[i]
          workX[n] = -kx * spectrum[n + 1]
          workX[n + 1] = kx * spectrum[n]
          workY[n] = -ky * spectrum[n + 1]
          workY[n + 1] = ky * spectrum[n]
        }
        let last = 2 * (j * half + half - 1)
        workX[last] = 0
        workX[last + 1] = 0
      }
      transform.backward(workX, into: x)
      transform.backward(workY, into: y)
    }

    /// Spectrum of [φ − φ³ + λ (1 − φ²)² u]/τ into `workX`.
    private func isotropicRate(_ s: State) {
      let (phase, solute, target) = (s.phase, s.solute, s.nextPhase)
      let rate = 1 / relaxation
      for n in 0..<(columns * rows) {
        let p = phase[n]
        let g = 1 - p * p
        target[n] = rate * g * (p + coupling * g * solute[n])
      }
      transform.forward(target, into: s.workX)
    }

    /// Spectrum of {∇·[…] + φ − φ³ + λ (1 − φ²)² u}/τ(n) − K ∇²φ into `workX`.
    private func anisotropicRate(_ s: State) {
      let (phase, solute, gx, gy) = (s.phase, s.solute, s.phaseX, s.phaseY)
      let (fluxX, fluxY, target) = (s.soluteX, s.soluteY, s.nextPhase)
      let count = columns * rows
      let square = width * width
      let floor = Self.flatness / square
      for n in 0..<count {
        let (x, y) = (gx[n], gy[n])
        let (cosine, sine) = Self.fourfold(x, y, floor)
        let a = 1 + surfaceAnisotropy * cosine
        let slope = -4 * surfaceAnisotropy * sine
        fluxX[n] = square * a * (a * x - slope * y)
        fluxY[n] = square * a * (a * y + slope * x)
      }
      divergence(s, fluxX, fluxY)
      for n in 0..<(2 * half * rows) { s.workX[n] *= scale }
      transform.backward(s.workX, into: target)
      for n in 0..<count {
        let p = phase[n]
        let g = 1 - p * p
        let (cosine, _) = Self.fourfold(gx[n], gy[n], floor)
        let a = 1 + surfaceAnisotropy * cosine
        let time = a * (a * equilibriumRelaxation + (1 + kineticAnisotropy * cosine) * kineticRelaxation)
        target[n] = (target[n] + g * (p + coupling * g * solute[n])) / time
      }
      transform.forward(target, into: s.workX)
      addLaplacian(of: s.phaseSpectrum, s, times: stiffness)
    }

    /// Squared slope, in units of 1/W², under which a face has no direction.
    private static let flatness = 1e-8

    /// cos 4θ and sin 4θ of a slope; both fade to 0 where it is flat.
    @inline(__always)
    private static func fourfold(_ x: Double, _ y: Double, _ floor: Double) -> (Double, Double) {
      let (xx, yy, xy) = (x * x, y * y, x * y)
      let length = xx + yy + floor
      let inverse = 1 / (length * length)
      return ((xx * xx - 6 * xx * yy + yy * yy) * inverse, 4 * xy * (xx - yy) * inverse)
    }

    /// Adds K k² f to `workX`, so that a step may take −K k² f implicitly.
    private func addLaplacian(of spectrum: UnsafeMutablePointer<Double>, _ s: State, times factor: Double) {
      let (work, waveX) = (s.workX, s.waveX)
      for j in 0..<rows {
        let yy = s.waveY[j] * s.waveY[j]
        for i in 0..<half {
          let n = 2 * (j * half + i)
          let k = factor * (waveX[i] * waveX[i] + yy)
          work[n] += k * spectrum[n]
          work[n + 1] += k * spectrum[n + 1]
        }
      }
    }

    /// φ¹ from the rest in `workX`; c₁ φ¹ − b₀ φ⁰ + b₁ φ⁻ is kept as `change`.
    private func movePhase(_ s: State, _ f: Formula) {
      let (now, before, rest, work, change) = (
        s.phaseSpectrum, s.earlierPhaseSpectrum, s.phaseRest, s.workX, s.change
      )
      let waveX = s.waveX
      for j in 0..<rows {
        let yy = s.waveY[j] * s.waveY[j]
        for i in 0..<half {
          let inverse = 1 / (f.c1 + timeStep * stiffness * (waveX[i] * waveX[i] + yy))
          let n = 2 * (j * half + i)
          for m in n...(n + 1) {
            let known = f.b0 * now[m] - f.b1 * before[m]
            let next = (known + timeStep * (f.e0 * work[m] - f.e1 * rest[m])) * inverse
            change[m] = f.c1 * next - known
            rest[m] = work[m]
            before[m] = now[m]
            now[m] = next
          }
        }
      }
    }

    /// The solute's flux D q ∇u − W ∂φ/∂t n/(2√2) at the step's beginning, in place of ∇u.
    private func fluxes(_ s: State, isFirst: Bool) {
      let (phase, next, gx, gy, ux, uy) = (s.phase, s.nextPhase, s.phaseX, s.phaseY, s.soluteX, s.soluteY)
      let before = isFirst ? s.phase : s.earlierPhase
      let trapping = -width / (8.0.squareRoot() * (isFirst ? timeStep : 2 * timeStep))
      let floor = Self.flatness / (width * width)
      for n in 0..<(columns * rows) {
        // Beyond ±1 the liquid's diffusivity is neither exceeded nor turned round.
        let q = min(1, max(0, 0.5 - 0.5 * phase[n]))
        let (x, y) = (gx[n], gy[n])
        let along = trapping * (next[n] - before[n]) / (x * x + y * y + floor).squareRoot()
        ux[n] = diffusivity * q * ux[n] + along * x
        uy[n] = diffusivity * q * uy[n] + along * y
      }
    }

    /// Spectrum of ∇·F into `workX`.
    private func divergence(_ s: State, _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>) {
      let (workX, workY, waveX) = (s.workX, s.workY, s.waveX)
      transform.forward(x, into: workX)
      transform.forward(y, into: workY)
      for j in 0..<rows {
        let ky = 2 * j == rows ? 0 : s.waveY[j]
        for i in 0..<half {
          let n = 2 * (j * half + i)
          let kx = i == half - 1 ? 0 : waveX[i]
          let real = -kx * workX[n + 1] - ky * workY[n + 1]
          workX[n + 1] = kx * workX[n] + ky * workY[n]
          workX[n] = real
        }
      }
    }

    /// u¹ from the fluxes; the total of the plane is kept to the last bit but rounding.
    private func moveSolute(_ s: State, _ f: Formula) {
      let total = s.soluteSpectrum[0] + 0.5 * s.earlierPhaseSpectrum[0]
      divergence(s, s.soluteX, s.soluteY)
      addLaplacian(of: s.soluteSpectrum, s, times: diffusivity)
      let (now, before, rest, work, change) = (
        s.soluteSpectrum, s.earlierSoluteSpectrum, s.soluteRest, s.workX, s.change
      )
      let waveX = s.waveX
      for j in 0..<rows {
        let yy = s.waveY[j] * s.waveY[j]
        for i in 0..<half {
          let inverse = 1 / (f.c1 + timeStep * diffusivity * (waveX[i] * waveX[i] + yy))
          let n = 2 * (j * half + i)
          for m in n...(n + 1) {
            let known = f.b0 * now[m] - f.b1 * before[m] - 0.5 * change[m]
            let next = (known + timeStep * (f.e0 * work[m] - f.e1 * rest[m])) * inverse
            rest[m] = work[m]
            before[m] = now[m]
            now[m] = next
          }
        }
      }
      now[0] = total - 0.5 * s.phaseSpectrum[0]
    }
  }
}
