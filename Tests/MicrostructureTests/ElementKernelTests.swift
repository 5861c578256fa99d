import CKernels
import Foundation
import NumericalMethods
import Testing

/// The vector loops against a plain assembly of the same elements.
@Suite struct ElementKernelTests {
  private struct Sample {
    let nx = 5
    let ny = 3
    let nz = 4
    let plane = 16
    var media: [[Double]] = []
    var phases: [UInt8] = []
    var mean: [Double] = []
    var displacement: [Double] = []

    init(isotropic: Bool, random: inout RandomSource) {
      for _ in 0..<3 {
        var c = [Double](repeating: 0, count: 36)
        if isotropic {
          let (lame, shear) = (random.uniform(), random.uniform())
          for m in 0..<3 {
            for n in 0..<3 { c[6 * m + n] = lame + (m == n ? 2 * shear : 0) }
            c[7 * (m + 3)] = shear
          }
        } else {
          for m in 0..<6 {
            for n in m..<6 {
              c[6 * m + n] = random.normal()
              c[6 * n + m] = c[6 * m + n]
            }
          }
        }
        media.append(c)
      }
      phases = (0..<(nx * ny * nz)).map { _ in UInt8(random.uniform() * 3) }
      mean = (0..<6).map { _ in random.normal() }
      displacement = (0..<(3 * plane * nz)).map { _ in random.normal() }
    }

    /// The table that `ck_medium` asks for.
    func table(isotropic: Bool) -> [Double] {
      media.flatMap { c -> [Double] in
        if isotropic { return [c[1], c[21]].map { $0 / 16 } }
        var row: [Double] = []
        for m in 0..<6 {
          for n in m..<6 { row.append(c[6 * m + n] / 16) }
        }
        for i in 0..<3 {
          for k in i..<3 {
            row.append((0..<3).reduce(0.0) { $0 + c[6 * voigt[i][$1] + voigt[k][$1]] } / 144)
          }
        }
        return row
      }
    }

    /// Forces and sums of the stress by 2 x 2 x 2 Gauss points.
    func assembled() -> (force: [Double], stress: [Double]) {
      var force = [Double](repeating: 0, count: displacement.count)
      var total = [Double](repeating: 0, count: 6)
      let gauss = 1 / 3.0.squareRoot()
      func place(_ voxel: SIMD3<Int>, _ node: Int, _ component: Int) -> Int {
        let (i, j) = ((voxel.x + (node & 1)) % nx, (voxel.y + (node >> 1 & 1)) % ny)
        return ((voxel.z + (node >> 2)) % nz * 3 + component) * plane + j * nx + i
      }
      for voxel in 0..<phases.count {
        let at = SIMD3(voxel % nx, voxel / nx % ny, voxel / (nx * ny))
        let c = media[Int(phases[voxel])]
        for point in 0..<8 {
          let xi = (0..<3).map { point >> $0 & 1 == 1 ? gauss : -gauss }
          var slopes = [Double](repeating: 0, count: 24)
          for node in 0..<8 {
            let sign = (0..<3).map { node >> $0 & 1 == 1 ? 1.0 : -1.0 }
            for d in 0..<3 {
              slopes[3 * node + d] =
                (0..<3).reduce(sign[d] / 4) { $1 == d ? $0 : $0 * (1 + sign[$1] * xi[$1]) }
            }
          }
          var e = mean.map { $0 / 4 }
          for a in 0..<3 {
            for b in 0..<3 {
              for node in 0..<8 { e[voigt[a][b]] += displacement[place(at, node, a)] * slopes[3 * node + b] }
            }
          }
          let s = (0..<6).map { m in (0..<6).reduce(0.0) { $0 + c[6 * m + $1] * e[$1] } }
          for n in 0..<6 { total[n] += s[n] / 32 }
          for node in 0..<8 {
            for a in 0..<3 {
              for b in 0..<3 { force[place(at, node, a)] += s[voigt[a][b]] * slopes[3 * node + b] / 8 }
            }
          }
        }
      }
      return (force, total)
    }
  }

  @Test(arguments: [true, false])
  func theForcesAreThoseOfAssembledHexahedra(_ isotropic: Bool) {
    var random = RandomSource(seed: 5, stream: .fields)
    let sample = Sample(isotropic: isotropic, random: &random)
    let (nx, ny, nz, plane) = (sample.nx, sample.ny, sample.nz, sample.plane)
    var force = [Double](repeating: 0, count: sample.displacement.count)
    var carry = [Double](repeating: 0, count: 3 * plane)
    var work = [Double](repeating: 0, count: ck_element_work(nx))
    var dot = 0.0
    var stress = [Double](repeating: 0, count: 6)
    sample.table(isotropic: isotropic).withUnsafeBufferPointer { table in
      var medium = ck_medium(
        nx: nx, ny: ny, plane: plane, kind: Int32(isotropic ? ck_isotropic : ck_general), phase_bytes: 1,
        table: table.baseAddress!)
      sample.displacement.withUnsafeBufferPointer { u in
        sample.phases.withUnsafeBufferPointer { phases in
          force.withUnsafeMutableBufferPointer { force in
            for step in -1..<nz {
              let k = (step + nz) % nz
              let lower = u.baseAddress! + 3 * plane * k
              let upper = u.baseAddress! + 3 * plane * ((k + 1) % nz)
              let phase = phases.baseAddress! + nx * ny * k
              if step < 0 {
                ck_element_plane(&medium, phase, lower, upper, sample.mean, &carry, nil, &work, &dot, nil)
              } else {
                let target = force.baseAddress! + 3 * plane * k
                ck_element_plane(&medium, phase, lower, upper, sample.mean, &carry, target, &work, &dot, &stress)
              }
            }
          }
        }
      }
    }
    let (expected, sums) = sample.assembled()
    let scale = expected.reduce(0) { max($0, abs($1)) }
    var product = 0.0
    for index in force.indices where index % plane < nx * ny {
      #expect(abs(force[index] - expected[index]) < 1e-13 * scale)
      product += expected[index] * sample.displacement[index]
    }
    #expect(abs(dot - product) < 1e-12 * scale * Double(force.count))
    for n in 0..<6 { #expect(abs(stress[n] - sums[n]) < 1e-13 * scale * Double(sample.phases.count)) }
  }
}

private let voigt = [[0, 5, 4], [5, 1, 3], [4, 3, 2]]
