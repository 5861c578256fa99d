import Archive
import Boule
import Fields
import Foundation
import Microstructure
import NumericalMethods
import Testing

/// Strain in microstructures of the user's own.
@Suite struct StrainAnalysisTests {
  private func isotropic(_ youngModulus: Double, _ ratio: Double) -> [Double] {
    let lame = youngModulus * ratio / ((1 + ratio) * (1 - 2 * ratio))
    let shear = youngModulus / (2 * (1 + ratio))
    return (0..<36).map { index in
      let (m, n) = (index / 6, index % 6)
      if m < 3, n < 3 { return lame + (m == n ? 2 * shear : 0) }
      return m == n ? shear : 0
    }
  }

  private func grid(_ nx: Int, _ nz: Int, spacing: Double = 2e-9) -> Grid {
    Grid(nx: nx, ny: nx, nz: nz, spacing: SIMD3(repeating: spacing))
  }

  /// V33: a film held in its plane with a misfit e* has σ_xx = −E e*/(1 − ν), and nothing on its free top.
  @Test(arguments: [
    (7, MicrostructureFile.Base.free), (16, .free), (7, .clamped),
    (7, .layers([.init(youngModulus: 70e9, poissonRatio: 0.2, thickness: 1e-3)])),
  ])
  func aMisfitFilmIsUnderBiaxialStress(planes: Int, base: MicrostructureFile.Base) throws {
    let film = MicrostructureFile(
      grid: grid(8, planes), phases: [Int](repeating: 0, count: 64 * planes), stiffness: [isotropic(15e9, 0.3)],
      eigenstrain: [[1e-3, 1e-3, 1e-3, 0, 0, 0]], isStrainPrescribed: [true, true, false, true, false, false],
      top: .free, base: base)
    let answer = try StrainAnalysis(film)
    let expected = -15e9 * 1e-3 / (1 - 0.3)
    for index in [0, 1] {
      #expect(answer.stress.components[index].values.allSatisfy { abs($0 / expected - 1) < 1e-7 })
    }
    #expect(answer.stress.components[2].values.allSatisfy { abs($0) < 1e-7 * abs(expected) })
  }

  /// Half steel, half rubber along z under a free top, pulled along x by a mean stress: each layer's stress is its share
  /// of the modulus, and the mean over the body is what was prescribed.
  @Test func aMeanStressIsThatOfTheBody() throws {
    let phases = (0..<(64 * 10)).map { $0 < 64 * 4 ? 0 : 1 }
    let body = MicrostructureFile(
      grid: grid(8, 10), phases: phases, stiffness: [isotropic(10e9, 0.25), isotropic(1e9, 0.25)],
      meanStress: [1e6, 0, 0, 0, 0, 0], isStrainPrescribed: [false, false, false, false, false, false], top: .free)
    let answer = try StrainAnalysis(body, tolerance: 1e-10)
    #expect(abs(answer.meanStress[0] / 1e6 - 1) < 1e-8)
    for index in 1..<6 { #expect(abs(answer.meanStress[index]) < 1e-2) }
    // Layers of one ratio are held together without lateral stress: plane stress of a rod.
    let modulus = 0.4 * 10e9 + 0.6 * 1e9
    #expect(abs(answer.meanStrain[0] * modulus / 1e6 - 1) < 1e-8)
    let stress = answer.stress.components[0].values
    #expect(abs(stress[0] / stress[stress.count - 1] - 10) < 1e-6)
  }

  /// The stiffness of two layers along z in the file's order: moduli across the layers are harmonic means, shear in the
  /// plane is an arithmetic one, and along the plane mean(λ+2µ − λ²/(λ+2µ)) + ⟨λ/(λ+2µ)⟩² C_zz.
  @Test func theStiffnessOfALaminateIsItsClosedForm() throws {
    let phases = (0..<(16 * 8)).map { $0 < 16 * 2 ? 0 : 1 }
    let moduli = [(10e9, 0.25), (1e9, 0.4)]
    let body = MicrostructureFile(
      grid: grid(4, 8), phases: phases, stiffness: moduli.map { isotropic($0.0, $0.1) },
      isStrainPrescribed: [true, true, true, true, true, true])
    #expect(try StrainAnalysis(body).homogenizedStiffness == nil)
    let found = try #require(try StrainAnalysis(body, tolerance: 1e-11, homogenizes: true).homogenizedStiffness)
    let (lame, shear) = (moduli.map { $0 * $1 / ((1 + $1) * (1 - 2 * $1)) }, moduli.map { $0 / (2 * (1 + $1)) })
    let through = zip(lame, shear).map { $0 + 2 * $1 }
    func mean(_ a: [Double]) -> Double { 0.25 * a[0] + 0.75 * a[1] }
    let normal = 1 / mean(through.map { 1 / $0 })
    let coupling = mean(zip(lame, through).map { $0 / $1 })
    let along = mean(zip(lame, through).map { $1 - $0 * $0 / $1 }) + coupling * coupling * normal
    #expect(abs(found[2][2] / normal - 1) < 1e-9)
    #expect(abs(found[0][0] / along - 1) < 1e-9)
    #expect(abs(found[0][2] / (coupling * normal) - 1) < 1e-9)
    #expect(abs(found[3][3] / mean(shear) - 1) < 1e-9)
    #expect(abs(found[4][4] * mean(shear.map { 1 / $0 }) - 1) < 1e-9)
    #expect(abs(found[5][5] / found[4][4] - 1) < 1e-9)
    var free = body
    free.top = .free
    #expect(throws: StrainAnalysisError.self) { try StrainAnalysis(free, homogenizes: true) }
  }

  /// The solver of layers and that of voxels agree within 2 % of the largest strain on one film whose eigenstrain varies
  /// in all directions, on a support of another stiffness.
  @Test func layersAndVoxelsAgreeOnAFilm() throws {
    let (coarse, fine) = (try disagreement(n: 16), try disagreement(n: 32))
    #expect(fine < 0.02, "\(fine)")
    // Both converge with the square of the voxel, so what tells them apart does.
    #expect(coarse / fine > 3, "\(coarse), \(fine)")
  }

  private func disagreement(n: Int) throws -> Double {
    let (film, support, spacing) = (n / 2, 3 * n, 32e-9 / Double(n))
    let filmGrid = grid(n, film, spacing: spacing)
    let misfit = (0..<(n * n * film)).map { index -> Double in
      let (i, j, k) = (index % n, index / n % n, index / (n * n))
      let (x, y) = (2 * Double.pi * (Double(i) + 0.5) / Double(n), 2 * Double.pi * (Double(j) + 0.5) / Double(n))
      return 1e-3 * (cos(x) * sin(y) + 0.5 * sin(x) * (Double(k) + 0.5) / Double(film))
    }
    let layered = try LayeredStrainSolver(
      filmGrid, crystal: try .isotropic(youngModulus: 15e9, poissonRatio: 0.3),
      below: [ElasticLayer(try .isotropic(youngModulus: 70e9, poissonRatio: 0.23), thickness: 1e-3)]
    ).strain(from: Field(filmGrid, values: misfit))

    let zeros = [Double](repeating: 0, count: n * n * support)
    let none = [Double](repeating: 0, count: n * n * (support + film))
    let body = MicrostructureFile(
      grid: grid(n, film + support, spacing: spacing), phases: zeros.map { _ in 0 } + misfit.map { _ in 1 },
      stiffness: [isotropic(70e9, 0.23), isotropic(15e9, 0.3)],
      eigenstrainFields: [zeros + misfit, zeros + misfit, zeros + misfit, none, none, none],
      isStrainPrescribed: [true, true, false, true, false, false], top: .free)
    let answer = try StrainAnalysis(body)
    let largest = layered.components.flatMap(\.values).reduce(0) { max($0, abs($1)) }
    var worst = 0.0
    for (index, component) in layered.components.enumerated() {
      // Voxels tell the total strain, layers the elastic one.
      let total = answer.strain.components[index].values.suffix(misfit.count)
      for ((voxel, own), elastic) in zip(zip(total, misfit), component.values) {
        worst = max(worst, abs(voxel - (index < 3 ? own : 0) - elastic))
      }
    }
    return worst / largest
  }

  @Test func aLoadOnAFreeTopIsRefused() throws {
    let body = MicrostructureFile(
      grid: grid(4, 4), phases: [Int](repeating: 0, count: 64), stiffness: [isotropic(1e9, 0.3)],
      meanStress: [0, 0, 1e6, 0, 0, 0], isStrainPrescribed: [true, true, false, true, false, false], top: .free)
    #expect(throws: StrainAnalysisError.loadedFreeTop(component: "zz")) { try StrainAnalysis(body) }
  }
}
