import Foundation
import Growth
import Testing

@Suite struct WulffShapeTests {
  /// {100} and {111} of a cube at these distances from the center.
  private static func body(_ cube: Double, _ octahedron: Double) -> (
    shape: WulffShape, cube: Double, octahedron: Double
  ) {
    let axes = [SIMD3(1.0, 0, 0), SIMD3(0, 1.0, 0), SIMD3(0, 0, 1.0)]
    let corners = (0..<8).map { SIMD3($0 & 1 == 0 ? 1.0 : -1, $0 & 2 == 0 ? 1.0 : -1, $0 & 4 == 0 ? 1.0 : -1) }
    let shape = WulffShape(
      faces: (axes + axes.map { -$0 }).map { WulffShape.Face(normal: $0, distance: cube) }
        + corners.map { WulffShape.Face(normal: $0, distance: octahedron) })
    return (shape, shape.areas[..<6].reduce(0, +), shape.areas[6...].reduce(0, +))
  }

  @Test func theCubeAndTheOctahedronHaveTheirVolumes() {
    let cube = Self.body(1, 10)
    #expect(abs(cube.shape.volume - 8) < 1e-10 && abs(cube.cube - 24) < 1e-10)
    #expect(abs(Self.body(10, 1 / 3.0.squareRoot()).shape.volume - 4.0 / 3) < 1e-10)
  }

  /// Planes x = 1 and x + y + z = 2 meet in the cuboctahedron of edge √2: V = (5/3) √2 a³.
  @Test func theCuboctahedronHasItsVolumeAndAreas() {
    let body = Self.body(1, 2 / 3.0.squareRoot())
    #expect(abs(body.shape.volume - 20.0 / 3) < 1e-10)
    #expect(abs(body.cube - 6 * 2) < 1e-10 && abs(body.octahedron - 8 * 3.0.squareRoot() / 4 * 2) < 1e-10)
  }

  @Test func octahedronFacesVanishAtTheRootOfThree() {
    let root = 3.0.squareRoot()
    for excess in [0.0, 1e-6, 0.1] { #expect(Self.body(1, root + excess).octahedron < 1e-10) }
    #expect(Self.body(1, root - 1e-3).octahedron > 1e-7)
  }

  @Test func cubeFacesVanishAtTheInverse() {
    let root = 3.0.squareRoot()
    for excess in [0.0, 1e-6, 0.1] { #expect(Self.body(root + excess, 1).cube < 1e-10) }
    #expect(Self.body(root - 1e-3, 1).cube > 1e-7)
  }

  /// The plan through the middle: the cube's square, and the octahedron's square and hexagon.
  @Test func sectionsThroughTheCenterHaveTheirAreas() {
    let (cube, octahedron) = (Self.body(1, 10).shape, Self.body(10, 1 / 3.0.squareRoot()).shape)
    #expect(abs(cube.section(across: SIMD3(0, 0, 2)) - 4) < 1e-12)
    #expect(abs(cube.section(across: SIMD3(1, 1, 0)) - 4 * 2.0.squareRoot()) < 1e-12)
    #expect(abs(octahedron.section(across: SIMD3(0, 0, 1)) - 2) < 1e-12)
    // |x| + |y| + |z| ≤ 1 across [111]: a hexagon of edge 1/√2.
    #expect(abs(octahedron.section(across: SIMD3(1, 1, 1)) - 1.5 * 3.0.squareRoot() / 2) < 1e-12)
  }

  @Test func theBodyReachesToItsCorners() {
    #expect(abs(Self.body(1, 10).shape.reach(along: SIMD3(1, 1, 1) / 3.0.squareRoot()) - 3.0.squareRoot()) < 1e-12)
  }
}
