import Fields
import Foundation

/// One time step of a `PhaseFieldPlane`, on bare pointers that live as long as the call that lends them.
struct PhaseFieldStep {
  /// c₁ f¹ = b₀ f⁰ − b₁ f⁻ + Δt (e₀ F⁰ − e₁ F⁻): Euler's step or the second-order one.
  private struct Formula {
    let c1, b0, b1, e0, e1: Double
    static let first = Formula(c1: 1, b0: 1, b1: 0, e0: 1, e1: 0)
    static let later = Formula(c1: 1.5, b0: 2, b1: 0.5, e0: 2, e1: 1)
  }

  private let columns: Int
  private let rows: Int
  private let half: Int
  private let timeStep: Double
  private let transform: RealTransform
  /// Of a backward transform.
  private let scale: Double

  private let width: Double
  private let diffusivity: Double
  private let coupling: Double
  private let stiffness: Double
  private let relaxation: Double
  private let equilibriumRelaxation: Double
  private let kineticRelaxation: Double
  private let surfaceAnisotropy: Double
  private let kineticAnisotropy: Double
  private let isIsotropic: Bool

  private let solute, phaseX, phaseY, soluteX, soluteY: UnsafeMutablePointer<Double>
  private let phaseSpectrum, earlierPhaseSpectrum, phaseRest: UnsafeMutablePointer<Double>
  private let soluteSpectrum, earlierSoluteSpectrum, soluteRest: UnsafeMutablePointer<Double>
  private let change, workX, workY: UnsafeMutablePointer<Double>
  private let slopeX, slopeY, squareX, squareY: UnsafePointer<Double>

  init(
    columns: Int, rows: Int, timeStep: Double, interface: PhaseFieldInterface, transform: RealTransform,
    solute: UnsafeMutablePointer<Double>, phaseX: UnsafeMutablePointer<Double>, phaseY: UnsafeMutablePointer<Double>,
    soluteX: UnsafeMutablePointer<Double>, soluteY: UnsafeMutablePointer<Double>,
    phaseSpectrum: UnsafeMutablePointer<Double>, earlierPhaseSpectrum: UnsafeMutablePointer<Double>,
    phaseRest: UnsafeMutablePointer<Double>, soluteSpectrum: UnsafeMutablePointer<Double>,
    earlierSoluteSpectrum: UnsafeMutablePointer<Double>, soluteRest: UnsafeMutablePointer<Double>,
    change: UnsafeMutablePointer<Double>, workX: UnsafeMutablePointer<Double>, workY: UnsafeMutablePointer<Double>,
    slopeX: UnsafePointer<Double>, slopeY: UnsafePointer<Double>, squareX: UnsafePointer<Double>,
    squareY: UnsafePointer<Double>
  ) {
    self.columns = columns
    self.rows = rows
    half = columns / 2 + 1
    self.timeStep = timeStep
    self.transform = transform
    scale = 1 / Double(columns * rows)
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
    (self.solute, self.phaseX, self.phaseY, self.soluteX, self.soluteY) = (solute, phaseX, phaseY, soluteX, soluteY)
    self.phaseSpectrum = phaseSpectrum
    self.earlierPhaseSpectrum = earlierPhaseSpectrum
    self.phaseRest = phaseRest
    self.soluteSpectrum = soluteSpectrum
    self.earlierSoluteSpectrum = earlierSoluteSpectrum
    self.soluteRest = soluteRest
    (self.change, self.workX, self.workY) = (change, workX, workY)
    (self.slopeX, self.slopeY, self.squareX, self.squareY) = (slopeX, slopeY, squareX, squareY)
  }

  /// - Parameters:
  ///   - earlier: φ before `phase`; not read in the first step.
  ///   - next: takes the new φ.
  func take(
    phase: UnsafeMutablePointer<Double>, earlier: UnsafeMutablePointer<Double>, next: UnsafeMutablePointer<Double>,
    isFirst: Bool
  ) {
    let formula = isFirst ? Formula.first : Formula.later
    spreadGradient(of: phaseSpectrum, phaseX, phaseY)
    if isIsotropic { isotropicRate(phase, scratch: next) } else { anisotropicRate(phase, scratch: next) }
    movePhase(formula, into: next)
    spreadGradient(of: soluteSpectrum, soluteX, soluteY)
    flow(from: isFirst ? phase : earlier, phase, to: next, during: isFirst ? timeStep : 2 * timeStep)
    moveSolute(formula)
  }

  /// Both derivatives of a field, from its spectrum.
  private func spreadGradient(
    of spectrum: UnsafeMutablePointer<Double>, _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>
  ) {
    let (workX, workY, slopeX) = (workX, workY, slopeX)
    for j in 0..<rows {
      let ky = scale * slopeY[j]
      for i in 0..<half {
        let n = 2 * (j * half + i)
        let kx = scale * slopeX[i]
        let (real, imaginary) = (spectrum[n], spectrum[n + 1])
        workX[n] = -kx * imaginary
        workX[n + 1] = kx * real
        workY[n] = -ky * imaginary
        workY[n + 1] = ky * real
      }
    }
    transform.backward(workX, into: x)
    transform.backward(workY, into: y)
  }

  /// Spectrum of [φ − φ³ + λ (1 − φ²)² u]/τ into `workX`.
  private func isotropicRate(_ phase: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>) {
    let (solute, coupling, rate) = (solute, coupling, 1 / relaxation)
    for n in 0..<(columns * rows) {
      let p = phase[n]
      let g = 1 - p * p
      scratch[n] = rate * g * (p + coupling * g * solute[n])
    }
    transform.forward(scratch, into: workX)
  }

  /// Spectrum of {∇·[…] + φ − φ³ + λ (1 − φ²)² u}/τ(n) − K ∇²φ into `workX`.
  ///
  ///     […] = W² a [a ∇φ + a′ (−∂φ/∂y, ∂φ/∂x)],     a = 1 + ε cos 4θ
  private func anisotropicRate(_ phase: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>) {
    let (solute, gx, gy, fluxX, fluxY) = (solute, phaseX, phaseY, soluteX, soluteY)
    let (workX, workY, slopeX, squareX) = (workX, workY, slopeX, squareX)
    let (surface, kinetic, coupling) = (surfaceAnisotropy, kineticAnisotropy, coupling)
    let square = width * width
    let floor = Self.flatness / square
    for n in 0..<(columns * rows) {
      let (x, y) = (gx[n], gy[n])
      let (cosine, sine) = Self.fourfold(x, y, floor)
      let a = 1 + surface * cosine
      let turn = -4 * surface * sine
      fluxX[n] = square * a * (a * x - turn * y)
      fluxY[n] = square * a * (a * y + turn * x)
    }
    transform.forward(fluxX, into: workX)
    transform.forward(fluxY, into: workY)
    for j in 0..<rows {
      let ky = scale * slopeY[j]
      for i in 0..<half {
        let n = 2 * (j * half + i)
        let kx = scale * slopeX[i]
        let real = -kx * workX[n + 1] - ky * workY[n + 1]
        workX[n + 1] = kx * workX[n] + ky * workY[n]
        workX[n] = real
      }
    }
    transform.backward(workX, into: scratch)
    for n in 0..<(columns * rows) {
      let p = phase[n]
      let g = 1 - p * p
      let (cosine, _) = Self.fourfold(gx[n], gy[n], floor)
      let a = 1 + surface * cosine
      let time = a * (a * equilibriumRelaxation + (1 + kinetic * cosine) * kineticRelaxation)
      scratch[n] = (scratch[n] + g * (p + coupling * g * solute[n])) / time
    }
    transform.forward(scratch, into: workX)
    for j in 0..<rows {
      for i in 0..<half {
        let n = 2 * (j * half + i)
        let k = stiffness * (squareX[i] + squareY[j])
        workX[n] += k * phaseSpectrum[n]
        workX[n + 1] += k * phaseSpectrum[n + 1]
      }
    }
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

  /// φ¹ from the rest in `workX`; c₁ φ¹ − b₀ φ⁰ + b₁ φ⁻ is kept as `change`.
  private func movePhase(_ f: Formula, into next: UnsafeMutablePointer<Double>) {
    let (now, before, rest, change) = (phaseSpectrum, earlierPhaseSpectrum, phaseRest, change)
    let (workX, squareX, stiff) = (workX, squareX, timeStep * stiffness)
    let (e0, e1) = (timeStep * f.e0, timeStep * f.e1)
    for j in 0..<rows {
      let rowSquare = squareY[j]
      for i in 0..<half {
        let inverse = 1 / (f.c1 + stiff * (squareX[i] + rowSquare))
        let n = 2 * (j * half + i)
        for m in n...(n + 1) {
          let (old, work) = (now[m], workX[m])
          let known = f.b0 * old - f.b1 * before[m]
          let new = (known + e0 * work - e1 * rest[m]) * inverse
          change[m] = f.c1 * new - known
          rest[m] = work
          before[m] = old
          now[m] = new
          workX[m] = scale * new
        }
      }
    }
    transform.backward(workX, into: next)
  }

  /// The solute's flux D q ∇u − W ∂φ/∂t n/(2√2) at the step's beginning, in place of ∇u.
  private func flow(
    from earlier: UnsafeMutablePointer<Double>, _ phase: UnsafeMutablePointer<Double>,
    to next: UnsafeMutablePointer<Double>, during time: Double
  ) {
    let (gx, gy, ux, uy, diffusivity) = (phaseX, phaseY, soluteX, soluteY, diffusivity)
    let trapping = -width / (8.0.squareRoot() * time)
    let floor = Self.flatness / (width * width)
    for n in 0..<(columns * rows) {
      // Where φ passes ±1, the liquid's diffusivity is neither exceeded nor turned round.
      let mobility = diffusivity * min(1, max(0, 0.5 - 0.5 * phase[n]))
      let (x, y) = (gx[n], gy[n])
      let along = trapping * (next[n] - earlier[n]) / (x * x + y * y + floor).squareRoot()
      ux[n] = mobility * ux[n] + along * x
      uy[n] = mobility * uy[n] + along * y
    }
  }

  /// u¹ from the fluxes; the total of the plane stays as it was but for rounding.
  private func moveSolute(_ f: Formula) {
    let (now, before, rest, change) = (soluteSpectrum, earlierSoluteSpectrum, soluteRest, change)
    let (workX, workY, slopeX, squareX, diffusivity) = (workX, workY, slopeX, squareX, diffusivity)
    let (e0, e1) = (timeStep * f.e0, timeStep * f.e1)
    let total = now[0] + 0.5 * earlierPhaseSpectrum[0]
    transform.forward(soluteX, into: workX)
    transform.forward(soluteY, into: workY)
    for j in 0..<rows {
      let (ky, rowSquare) = (slopeY[j], squareY[j])
      for i in 0..<half {
        let kx = slopeX[i]
        let damping = diffusivity * (squareX[i] + rowSquare)
        let inverse = 1 / (f.c1 + timeStep * damping)
        let n = 2 * (j * half + i)
        let real = -kx * workX[n + 1] - ky * workY[n + 1]
        let imaginary = kx * workX[n] + ky * workY[n]
        for m in n...(n + 1) {
          let old = now[m]
          let work = (m == n ? real : imaginary) + damping * old
          let new = (f.b0 * old - f.b1 * before[m] - 0.5 * change[m] + e0 * work - e1 * rest[m]) * inverse
          rest[m] = work
          before[m] = old
          now[m] = new
          workX[m] = scale * new
        }
      }
    }
    now[0] = total - 0.5 * phaseSpectrum[0]
    workX[0] = scale * now[0]
    transform.backward(workX, into: solute)
  }
}
