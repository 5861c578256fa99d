import Foundation
import Switching
import Testing

/// Which law of thickness measured voltages ask for.
struct ThicknessLawTests {
  /// Exponential voltages, β = 1, scatter as much as their mean; narrow ones hardly feel the volume.
  @Test func theWeakestLinkTakesItsExponentFromTheSpread() throws {
    #expect(abs(try ThicknessLaw.weakestLink.exponent(spread: 1) + 1) < 1e-9)
    // β → π/(√6 CV) where the spread is small.
    let small = try ThicknessLaw.weakestLink.exponent(spread: 0.02)
    #expect(abs(small / (-0.02 * 6.0.squareRoot() / Double.pi) - 1) < 0.03)
  }

  @Test(arguments: ThicknessLaw.allCases)
  func voltagesThatFollowALawAreGivenToIt(law: ThicknessLaw) throws {
    let points = try [100.0, 300, 600, 800].map {
      (thickness: $0, voltage: try law.voltage(at: $0, from: (800, 1), spread: 0.3))
    }
    let belief = try ThicknessLaw.belief(in: points, spread: 0.3, uncertainty: 0.1)
    let place = try #require(ThicknessLaw.allCases.firstIndex(of: law))
    #expect(belief[place] > 0.9)
    #expect(abs(belief.reduce(0, +) - 1) < 1e-12)
  }

  /// 10.6 V at 100 nm and 1.0 V at 800 nm, You et al. 2023 as told in 10.1039/d5ma00609k: a critical sheet current calibrated on
  /// the thick flake misses the thin one by a quarter; a field across the flake has the wrong sign.
  @Test func theFlakesOfTheDoublePerovskiteAskForContactsOnOneFace() throws {
    let points = [(thickness: 100e-9, voltage: 10.6), (thickness: 800e-9, voltage: 1.0)]
    let belief = try ThicknessLaw.belief(in: points, spread: 0.3, uncertainty: 0.3)
    #expect(belief[0] > 0.9)
    let thin = try ThicknessLaw.sheetCurrent.voltage(at: 100e-9, from: points[1], spread: 0.3)
    #expect(abs(thin / 10.6 - 1) < 0.35)
    #expect(try ThicknessLaw.field.voltage(at: 100e-9, from: points[1], spread: 0.3) < 1)
  }
}
