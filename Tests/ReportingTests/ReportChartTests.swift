import Fields
import Foundation
import NumericalMethods
import Reporting
import Testing

struct ReportChartTests {
  /// The chart as the page's script receives it.
  func parsed(_ block: ReportSection.Block) throws -> [String: Any] {
    let report = Report(
      title: "t", verdict: "v", recipeName: "r", recipeText: "", keyFigures: [],
      sections: [ReportSection("S", [block])],
      provenance: [], warnings: [], software: "s")
    let html = try report.html(chartLibrary: "var Chart;")
    let start = try #require(html.firstRange(of: "id=\"report-charts\">")).upperBound
    let end = try #require(html[start...].firstRange(of: "</script>")).lowerBound
    let charts = try JSONSerialization.jsonObject(with: Data(html[start..<end].utf8)) as? [[String: Any]]
    return try #require(charts?.first)
  }

  func curve(_ x: [Double], _ y: [Double]) -> LineChart.Curve { .init("c", x: x, y: y, color: .series(0)) }

  func numbers(_ value: Any?) throws -> [Double?] {
    try #require(value as? [Any]).map { ($0 as? NSNumber)?.doubleValue }
  }

  @Test
  func aLinearAxisShowsThePrefixedUnit() throws {
    let chart = try parsed(
      .lines(
        LineChart(
          "c", horizontal: ReportAxis("x", unit: .meter), vertical: ReportAxis("y", unit: .second),
          curves: [curve([0, 1e-4, 2e-4], [0, 7200, 3600])])))
    let x = try #require(chart["x"] as? [String: Any])
    #expect(x["title"] as? String == "x (µm)")
    let curves = try #require(chart["curves"] as? [[String: Any]])
    #expect(try numbers(curves[0]["x"]) == [0, 100, 200])
    #expect((chart["y"] as? [String: Any])?["title"] as? String == "y (s)")
  }

  @Test
  func theMagnitudeOfZeroCurrentIsAGap() throws {
    let chart = try parsed(
      .lines(
        LineChart(
          "c", horizontal: ReportAxis("V", unit: .volt),
          vertical: ReportAxis("|I|", unit: .ampere, scale: .logarithmicMagnitude),
          curves: [curve([-1, 0, 1], [-1e-6, 0, 1e-3])])))
    let curves = try #require(chart["curves"] as? [[String: Any]])
    #expect(try numbers(curves[0]["y"]) == [1e-6, nil, 1e-3])
    let y = try #require(chart["y"] as? [String: Any])
    let ticks = try #require(y["ticks"] as? [[Any]]).compactMap { $0[1] as? String }.filter { !$0.isEmpty }
    #expect(ticks == ["10⁻⁶", "10⁻⁵", "10⁻⁴", "10⁻³"])
  }

  @Test
  func aLogarithmicAxisRefusesZero() throws {
    #expect(throws: ReportError.self) {
      try parsed(
        .lines(
          LineChart(
            "c", horizontal: ReportAxis("x", unit: .one),
            vertical: ReportAxis("R", unit: .ohm, scale: .logarithmic), curves: [curve([1, 2], [0, 1])])))
    }
  }

  @Test
  func whatCannotBeShownIsNamed() throws {
    let axis = ReportAxis("x", unit: .one)
    for curve in [curve([1, 2], [1]), curve([], []), curve([1], [.nan])] {
      do {
        _ = try parsed(.lines(LineChart("Growth", horizontal: axis, vertical: axis, curves: [curve])))
        Issue.record("the chart was accepted")
      } catch let error as ReportError {
        #expect(error.description.contains("Growth"))
      }
    }
  }

  @Test(arguments: DistributionChart.Paper.allCases)
  func aFamilyIsStraightOnItsOwnPaper(paper: DistributionChart.Paper) throws {
    let shares = (1...99).map { Double($0) / 100 }
    // Quantile functions with location or scale 2 and a shape of 0.3 or 1/0.3.
    let values = shares.map { p -> Double in
      switch paper {
      case .plain: 2 + p
      case .normal: 2 + 0.3 * NormalDistribution.quantile(p)
      case .logNormal: 2 * exp(0.3 * NormalDistribution.quantile(p))
      case .weibull: 2 * pow(-log(1 - p), 0.3)
      case .gumbel: 2 - 0.3 * log(-log(p))
      }
    }
    let chart = try parsed(
      .distribution(
        DistributionChart(
          "d", label: "v", unit: .one, paper: paper, plottingRule: "i/(n + 1)",
          samples: [.init("s", values: values, probabilities: shares, color: .series(0))])))
    let isLogarithmic = try #require((chart["x"] as? [String: Any])?["log"] as? Bool)
    let curve = try #require((chart["curves"] as? [[String: Any]])?.last)
    let x = try numbers(curve["x"]).map { isLogarithmic ? log($0!) : $0! }
    let y = try numbers(curve["y"]).map { $0! }
    let slope = (y[98] - y[0]) / (x[98] - x[0])
    for (x1, y1) in zip(x, y) {
      // Five digits are written.
      #expect(abs(y1 - y[0] - slope * (x1 - x[0])) < 2e-3)
    }
  }

  @Test
  func aBandThatReachesCertaintyEndsAtTheChartsEdge() throws {
    let chart = try parsed(
      .distribution(
        DistributionChart(
          "d", label: "v", unit: .one, paper: .weibull, plottingRule: "r",
          samples: [
            .init("s", values: [1, 2], probabilities: [0.25, 0.75], low: [0, 0.3], high: [0.7, 1], color: .muted)
          ]
        )))
    let y = try #require(chart["y"] as? [String: Any])
    let band = try #require((chart["bands"] as? [[String: Any]])?.first)
    #expect(try numbers(band["low"])[0] == (y["low"] as? NSNumber)?.doubleValue)
    #expect(try numbers(band["high"])[1] == (y["high"] as? NSNumber)?.doubleValue)
  }

  @Test
  func aMapTakesThePlaneAndLeavesBlanksOut() throws {
    let grid = Grid(nx: 3, ny: 2, nz: 2, spacing: SIMD3(1e-9, 2e-9, 3e-9))
    let field = Field(grid, values: (0..<12).map { Double($0) * 1e-9 })
    let chart = try parsed(
      .map(MapChart("m", label: "d", unit: .meter, of: field, plane: .xz(y: 1), blank: 4e-9)))
    #expect(try numbers(chart["values"]) == [3, nil, 5, 9, 10, 11])
    #expect(try numbers(chart["y"]) == [0, 6])
    #expect(chart["lengthUnit"] as? String == "nm")
    #expect(chart["yLabel"] as? String == "z")
  }

  @Test
  func aLargePlaneIsAveragedOverBlocks() throws {
    let grid = Grid(nx: 5, ny: 4, nz: 1, spacing: SIMD3(repeating: 1e-9))
    let field = Field(grid, values: (0..<20).map(Double.init))
    let chart = try parsed(.map(MapChart("m", label: "d", unit: .one, of: field, plane: .xy(z: 0), resolution: 3)))
    #expect(try numbers(chart["values"]) == [0, 1.5, 3.5, 5, 6.5, 8.5, 12.5, 14, 16])
    #expect(try numbers(chart["x"]) == [0, 5])
  }

  @Test
  func aDivergingMapIsEvenAboutItsMiddle() throws {
    let chart = try parsed(
      .map(
        MapChart(
          "m", label: "strain", unit: .one, columns: 2, rows: 1, values: [-0.1, 0.4], horizontal: 0...2e-9,
          vertical: 0...1e-9, colors: .diverging(around: 0))))
    #expect(chart["low"] as? Double == -0.4)
    #expect(chart["high"] as? Double == 0.4)
  }

  @Test
  func aMapOfNumbersThatAreNotFiniteIsRefused() throws {
    var field = Field(Grid(nx: 2, ny: 2, nz: 1, spacing: SIMD3(repeating: 1)))
    field[0, 0, 0] = .nan
    #expect(throws: ReportError.self) {
      try parsed(.map(MapChart("m", label: "d", unit: .one, of: field, plane: .xy(z: 0))))
    }
  }

  @Test(arguments: [
    (1.0, "1"), (0.0, "0"), (-1.5, "-1.5"), (123456.0, "123460"), (0.000123456, "0.00012346"), (1e-9, "1e-9"),
    (-2.5e23, "-25e22"), (99999.6, "100000"), (0.1, "0.1"), (1e300, "1e300"),
  ])
  func numbersAreWrittenWithFiveDigits(value: Double, text: String) throws {
    let chart = LineChart(
      "c", horizontal: ReportAxis("x", unit: .one), vertical: ReportAxis("y", unit: .one, range: -1...1),
      curves: [curve([0], [0])])
    var block = chart
    block.curves = [curve([0], [value])]
    let report = Report(
      title: "t", verdict: "v", recipeName: "r", recipeText: "", keyFigures: [],
      sections: [ReportSection("S", [.lines(block)])], provenance: [], warnings: [], software: "s")
    #expect(try report.html(chartLibrary: "var Chart;").contains("\"y\":[\(text)]"))
  }
}
