import Boule
import Browsing
import Foundation
import Recipes
import Testing

/// The report of a real run, opened in a browser.
@Suite struct RealReportTests {
  @Test func everyChartOfARealReportIsDrawnAndTheConsoleIsClean() async throws {
    let experiment = try EnsembleTests.experiment("test[1].cycles=12")
    let forecast = try await experiment.forecast(
      devices: 24, draws: 3, perDraw: 2, options: .init(keptCurves: [0: Set(0...12)]))
    let text = try String(contentsOfFile: EnsembleTests.recipePath, encoding: .utf8)
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "boule real report \(ProcessInfo.processInfo.processIdentifier)")
    let results = try ResultFolder(folder.path(percentEncoded: false))
    let charts = ProcessInfo.processInfo.environment["BOULE_CHARTJS"] ?? "/usr/share/javascript/chart.js/chart.min.js"
    try results.write(
      forecast, recipeText: text, overrides: [], chartLibrary: try String(contentsOfFile: charts, encoding: .utf8),
      date: Boule.releaseDate)
    let size = try FileManager.default.attributesOfItem(atPath: results.report)[.size] as? Int
    #expect(try #require(size) < 1_500_000)
    let screenshot = EnsembleTests.package.appending(path: ".build/report.png")
    let visit = try HeadlessBrowser().open(
      URL(filePath: results.report), width: 1400, height: 6600, screenshot: screenshot)
    let drawn = visit.values(of: "data-drawn").compactMap(Int.init).first
    let expected = visit.values(of: "data-charts").compactMap(Int.init).first
    #expect(try #require(drawn) >= 15)
    #expect(drawn == expected)
    #expect(visit.console.isEmpty, "\(visit.console)")
    let picture =
      try FileManager.default.attributesOfItem(atPath: screenshot.path(percentEncoded: false))[.size] as? Int
    #expect(try #require(picture) > 200_000)
    try FileManager.default.removeItem(at: folder)
  }
}
