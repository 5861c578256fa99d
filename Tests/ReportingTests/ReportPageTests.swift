import Browsing
import Foundation
import Reporting
import Specimens
import Testing

/// The text of Chart.js as installed: BOULE_CHARTJS in the environment, else where Debian puts it.
func installedChartLibrary() throws -> String {
  let candidates = [
    ProcessInfo.processInfo.environment["BOULE_CHARTJS"], "/usr/share/javascript/chart.js/chart.min.js",
  ].compactMap { $0 }
  let path = try #require(candidates.first(where: FileManager.default.isReadableFile), "install libjs-chart.js")
  return try String(contentsOfFile: path, encoding: .utf8)
}

/// A folder of its own for the files of one test.
func temporaryFolder(_ name: String) throws -> URL {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reporting tests \(name)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder
}

@Suite(.serialized)
struct ReportPageTests {
  @Test
  func everyChartDrawsAndTheConsoleIsClean() throws {
    let folder = try temporaryFolder("page")
    let page = folder.appendingPathComponent("report.html")
    let html = try SampleReport.make().html(chartLibrary: installedChartLibrary())
    try html.write(to: page, atomically: true, encoding: .utf8)
    #expect(html.utf8.count < 1_500_000, "the report has \(html.utf8.count) bytes")

    let browser = try HeadlessBrowser()
    let visit = try browser.open(page)
    #expect(visit.console == [])
    let expected = try #require(Int(visit.values(of: "data-charts")[0]))
    #expect(expected == SampleReport.chartCount)
    #expect(visit.values(of: "data-drawn") == ["\(expected)"])
    let ink = visit.values(of: "data-ink").compactMap(Int.init)
    #expect(ink.count == expected)
    #expect(ink.allSatisfy { $0 > 300 }, "colored pixels: \(ink)")

    for width in [1280, 1920] {
      let first = try browser.open(page, width: width)
      let height = try #require(Int(first.values(of: "data-height")[0]))
      let picture = folder.appendingPathComponent("report-\(width).png")
      try? FileManager.default.removeItem(at: picture)
      let again = try browser.open(page, width: width, height: height + 120, screenshot: picture)
      #expect(again.console == [])
      #expect(try Data(contentsOf: picture).count > 200_000)
    }
  }

  @Test
  func aChartThatCannotBeDrawnIsNotCounted() throws {
    let folder = try temporaryFolder("broken")
    let page = folder.appendingPathComponent("report.html")
    let html = try SampleReport.make().html(chartLibrary: installedChartLibrary())
    try html.replacing("\"kind\":\"bars\"", with: "\"kind\":\"pies\"")
      .write(to: page, atomically: true, encoding: .utf8)
    let visit = try HeadlessBrowser().open(page)
    #expect(visit.values(of: "data-drawn") == ["\(SampleReport.chartCount - 2)"])
    #expect(visit.console.count == 2)
  }

  @Test
  func hostileTextIsShownAndNotRun() throws {
    let hostile = SampleReport.hostile
    var report = SampleReport.make(title: hostile)
    report.verdict = hostile
    report.facts = [hostile]
    report.recipeName = hostile
    report.warnings = [ValidityWarning(stage: hostile, code: hostile, message: hostile)]
    report.provenance[0].source = hostile + " 10.1000/" + hostile
    report.provenance[0].note = hostile
    report.provenance[0].path = hostile
    report.provenance[0].calibratedOn = hostile
    report.keyFigures.append(ReportNumber(hostile, .unreached(tests: 1), unit: .one, note: hostile))
    report.sections.append(
      ReportSection(
        hostile, introduction: hostile,
        [
          .text(hostile),
          .table(ReportTable(hostile, caption: hostile, columns: [.init(hostile)], rows: [[hostile]])),
          .lines(
            LineChart(
              hostile, caption: hostile, horizontal: ReportAxis(hostile, unit: ReportUnit(symbol: hostile)),
              vertical: ReportAxis(hostile, unit: .one),
              curves: [.init(hostile, x: [0, 1], y: [0, 1], color: .series(0))],
              shading: .init(hostile, from: hostile, to: hostile))),
        ]))
    let html = try report.html(chartLibrary: installedChartLibrary())
    #expect(!html.contains("<script>alert"))
    #expect(!html.contains("<img"))

    let page = try temporaryFolder("hostile").appendingPathComponent("report.html")
    try html.write(to: page, atomically: true, encoding: .utf8)
    let visit = try HeadlessBrowser().open(page)
    #expect(visit.console == [])
    #expect(visit.values(of: "data-drawn") == ["\(SampleReport.chartCount + 1)"])
    #expect(visit.document.components(separatedBy: "<script").count == 4)
    #expect(!visit.document.contains("<img"))
  }

  @Test
  func aScriptThatSlipsInIsStoppedByThePolicy() throws {
    let html = try SampleReport.make().html(chartLibrary: installedChartLibrary())
    let page = try temporaryFolder("policy").appendingPathComponent("report.html")
    try html.replacing("<main>", with: "<main><script>document.documentElement.dataset.slipped = 1</script>")
      .write(to: page, atomically: true, encoding: .utf8)
    let visit = try HeadlessBrowser().open(page)
    #expect(visit.values(of: "data-slipped") == [])
    #expect(visit.console.contains { $0.contains("Content Security Policy") })
  }

  @Test(arguments: ["var a = '</script>'", "var a = '</SCRIPT'", "<!-- <script>", ""])
  func aLibraryThatCouldEndItsElementIsRefused(library: String) throws {
    #expect(throws: ReportError.self) { try SampleReport.make().html(chartLibrary: library) }
  }

  @Test
  func equalReportsGiveEqualBytes() throws {
    let first = try SampleReport.make().html(chartLibrary: "var Chart;")
    let second = try SampleReport.make().html(chartLibrary: "var Chart;")
    #expect(first == second)
  }

  @Test
  func thePageAsksForNothingFromOutside() throws {
    let html = try SampleReport.make().html(chartLibrary: "var Chart;")
    for part in ["src=\"", "<link rel=\"stylesheet", "@import", "url(", "fetch(", "XMLHttpRequest"] {
      #expect(!html.contains(part), "\(part)")
    }
  }
}
