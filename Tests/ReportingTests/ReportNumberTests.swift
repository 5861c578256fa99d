import Reporting
import Specimens
import Testing

struct ReportNumberTests {
  /// The cells of the one row of a report with one number.
  func row(_ number: ReportNumber) throws -> String {
    let report = Report(
      title: "t", verdict: "v", recipeName: "r", recipeText: "", keyFigures: [],
      sections: [ReportSection("S", [.numbers([number])])], provenance: [], warnings: [], software: "s")
    let lines = try report.table().split(separator: "\n")
    let position = try #require(lines.firstIndex { $0 == "S" })
    return lines[position + 1].split(separator: " ").joined(separator: " ")
  }

  func statistic(_ unit: String, _ median: Double, sd: Double, censored: Int? = nil, interval: [Double]? = nil)
    -> Statistic
  {
    Statistic(
      unit: unit, count: 200, mean: median, sd: sd, median: median, p05: median - 1.645 * sd, p95: median + 1.645 * sd,
      censored: censored, interval: interval)
  }

  @Test
  func aValueIsRoundedToTwoDigitsOfItsSpread() throws {
    #expect(try row(ReportNumber("V", statistic("V", -1.42345, sd: 0.1876))) == "V -1.42 ± 0.19 V 200")
    #expect(try row(ReportNumber("d", statistic("m", 20.123e-6, sd: 1.9e-6))) == "d 20.1 ± 1.9 µm 200")
    #expect(try row(ReportNumber("R", statistic("ohm", 213_456, sd: 81_000))) == "R 213 ± 81 kΩ 200")
  }

  @Test
  func anIntervalIsTheValuesOwnAndSorted() throws {
    let number = ReportNumber("V", statistic("V", -1.42, sd: 0.19, interval: [-1.9, -1.1]))
    #expect(try row(number) == "V -1.42 ± 0.19 -1.90 … -1.10 V 200")
  }

  @Test
  func aDensityIsShownInPowersOfTen() throws {
    let number = ReportNumber("n", statistic("1/m^3", 2.31e23, sd: 0.74e23))
    #expect(try row(number) == "n 2.31 ± 0.74 10¹⁷ cm⁻³ 200")
  }

  @Test
  func aLogarithmicSpreadIsTheFactorOfOneStandardDeviation() throws {
    var skewed = statistic("ohm", 1e5, sd: 1e5)
    // exp(±1.645 · 0.5) around the median: the factor is exp(0.5) = 1.65.
    skewed.p05 = 1e5 * 0.43938
    skewed.p95 = 1e5 * 2.27594
    #expect(try row(ReportNumber("R", skewed, spread: .factor)) == "R 100 ×/÷ 1.65 kΩ 200")
  }

  @Test
  func censoredTestsAndMarksAreNamed() throws {
    let number = ReportNumber("V", statistic("V", 1.5, sd: 0.1, censored: 3), mark: .calibrated)
    #expect(try row(number) == "V 1.50 ± 0.10 V 200 + 3 censored calibrated")
  }

  @Test
  func aMedianThatIsABoundSaysSoAndAnEventThatNoneReachedIsARow() throws {
    var beyond = statistic("ohm", 1e12, sd: 0, censored: 200)
    (beyond.count, beyond.isBound) = (0, true)
    #expect(try row(ReportNumber("R", beyond, mark: .bound)).hasPrefix("R ≥ 1"))
    #expect(try row(ReportNumber("V", .unreached(tests: 40), unit: .volt)) == "V not reached 0 + 40 censored")
  }

  @Test
  func anIntervalOverManyDecadesStandsInTheUnitOfItsRow() throws {
    var wide = statistic("ohm", 5e9, sd: 1e9, interval: [2e6, 7.1e14])
    (wide.p05, wide.p95) = (4e9, 6e9)
    #expect(try row(ReportNumber("R", wide, spread: .factor)).contains("0.0020 … 7.1 × 10⁵ GΩ"))
  }

  @Test
  func celsiusMovesValuesButNotSpreads() throws {
    let number = ReportNumber("T", statistic("K", 331.15, sd: 2), unit: .celsius)
    #expect(try row(number) == "T 58.0 ± 2.0 °C 200")
  }

  @Test
  func aSingleValueHasNoSpread() throws {
    #expect(try row(ReportNumber("E", si: 0.31 * 1.602176634e-19, unit: .electronvolt)) == "E 0.310 eV")
    #expect(try row(ReportNumber("N", si: 7, unit: .one)) == "N 7")
    #expect(try row(ReportNumber("S", si: 0.61, unit: .percent, interval: 0.55...0.68)) == "S 61 55 … 68 %")
  }

  @Test
  func countsAreWholeAndNoneOfThemIsNothing() throws {
    let wide = ReportNumber("N", statistic("1", 2.4e10, sd: 3e9, interval: [2, 5.5e12]), unit: .count)
    #expect(try row(wide) == "N 2.4 × 10¹⁰ ± 3.0 × 10⁹ 2 … 5.5 × 10¹² 200")
    let few = ReportNumber("N", statistic("1", 6, sd: 1.4, interval: [0.02, 8.6]), unit: .count)
    #expect(try row(few) == "N 6 ± 1.4 below 1 … 9 200")
    #expect(try row(ReportNumber("N", si: 7, unit: .count, interval: 0...1200)) == "N 7 0 … 1200")
  }

  @Test
  func aNumberThatIsNotFiniteIsNamed() throws {
    #expect(throws: ReportError.notFinite(place: "V_SET", value: .infinity)) {
      try row(ReportNumber("V_SET", si: .infinity, unit: .volt))
    }
    #expect(throws: ReportError.self) { try row(ReportNumber("V", statistic("V", 1, sd: .nan))) }
  }

  @Test
  func columnsOfTheTableStandInLine() throws {
    let lines = try SampleReport.make().table().split(separator: "\n").map(Array.init)
    let header = try #require(lines.first { String($0).contains("90 % interval") })
    let end = { (title: String) throws -> Int in
      let range = try #require(String(header).firstRange(of: title))
      return String(header).distance(from: String(header).startIndex, to: range.upperBound)
    }
    let valueEnd = try end("value")
    let spreadStart = valueEnd + 2
    let intervalEnd = try end("90 % interval")
    let unitStart = intervalEnd + 2
    let rows = lines.filter { $0.starts(with: "  ") && !$0.starts(with: "    ") }
    #expect(rows.count == 12)
    for row in rows {
      #expect(row[valueEnd - 1] != " " && row[valueEnd] == " ", "\(String(row))")
      if row.count > spreadStart, row[spreadStart] != " " { #expect("±×".contains(row[spreadStart])) }
      if row.count > unitStart { #expect(row[unitStart - 1] == " " && row[unitStart - 2] == " ") }
    }
    let marks = rows.compactMap { String($0).firstRange(of: "calibrated") }
    #expect(marks.count == 1)
  }

  @Test
  func controlCharactersDoNotReachTheTerminal() throws {
    let text = try row(ReportNumber("a\u{1b}[31m\u{202e}b", si: 1, unit: .volt))
    #expect(!text.unicodeScalars.contains { $0.value == 0x1b || $0.value == 0x202e })
  }
}
