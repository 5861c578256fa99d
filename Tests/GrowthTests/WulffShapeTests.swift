import Foundation
import Growth
import Testing

@Suite struct WulffShapeTests {
  @Test func theCubeAndTheOctahedronHaveTheirVolumes() {
    let cube = WulffShape(cubic100: 1, cubic110: 10, cubic111: 10)
    #expect(abs(cube.volume - 8) < 1e-10)
    #expect(abs(cube.area(ofFamily: 1, 0, 0) - 24) < 1e-10)
    let octahedron = WulffShape(cubic100: 10, cubic110: 10, cubic111: 1 / 3.0.squareRoot())
    #expect(abs(octahedron.volume - 4.0 / 3) < 1e-10)
  }

  /// Planes x = 1 and x + y + z = 2 meet in the cuboctahedron of edge √2: V = (5/3) √2 a³.
  @Test func theCuboctahedronHasItsVolumeAndAreas() {
    let body = WulffShape(cubic100: 1, cubic110: 10, cubic111: 2 / 3.0.squareRoot())
    #expect(abs(body.volume - 20.0 / 3) < 1e-10)
    #expect(abs(body.area(ofFamily: 1, 0, 0) - 6 * 2) < 1e-10)
    #expect(abs(body.area(ofFamily: 1, 1, 1) - 8 * 3.0.squareRoot() / 4 * 2) < 1e-10)
  }

  @Test func octahedronFacesVanishAtTheRootOfThree() {
    let root = 3.0.squareRoot()
    for excess in [0.0, 1e-6, 0.1] {
      #expect(WulffShape(cubic100: 1, cubic110: 10, cubic111: root + excess).area(ofFamily: 1, 1, 1) < 1e-10)
    }
    #expect(WulffShape(cubic100: 1, cubic110: 10, cubic111: root - 1e-3).area(ofFamily: 1, 1, 1) > 1e-7)
  }

  @Test func cubeFacesVanishAtTheInverse() {
    let root = 3.0.squareRoot()
    for excess in [0.0, 1e-6, 0.1] {
      #expect(WulffShape(cubic100: root + excess, cubic110: 10, cubic111: 1).area(ofFamily: 1, 0, 0) < 1e-10)
    }
    #expect(WulffShape(cubic100: root - 1e-3, cubic110: 10, cubic111: 1).area(ofFamily: 1, 0, 0) > 1e-7)
  }

  @Test func widestPlanesMakeTheHabitACube() throws {
    let habit = CrystalHabit(of: try Fixture.library().material("MAPbBr3"))
    #expect(habit.restingFace == SIMD3(0, 0, 1))
    #expect(habit.shape.area(ofFamily: 1, 1, 0) < 1e-10 && habit.shape.area(ofFamily: 1, 1, 1) < 1e-10)
  }
}
