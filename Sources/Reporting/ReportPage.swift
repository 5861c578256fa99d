import Materials
import Specimens

extension Report {
  /// The report as one HTML page that needs nothing else: no file, no network.
  ///
  /// - Parameter chartLibrary: the text of `chart.min.js` of Chart.js 3, put into the page as it is.
  /// - Throws: `ReportError`, where a number is not finite, a chart's parts do not fit, or the library could end its
  ///   script element.
  public func html(chartLibrary: String) throws -> String {
    guard !chartLibrary.isEmpty else { throw ReportError.unusableChartLibrary(reason: "it is empty") }
    for forbidden in ["</script", "<!--", "<script"] where chartLibrary.lowercased().contains(forbidden) {
      throw ReportError.unusableChartLibrary(reason: "it contains \"\(forbidden)\"")
    }
    var page = ReportPage()
    try page.write(self)
    return page.document(title: title, chartLibrary: chartLibrary)
  }
}

/// The page while it is being written.
struct ReportPage {
  private var body = ""
  private var charts: [JSONText] = []

  /// Scripts and styles without this word are not obeyed by the browser.
  private static let nonce = "boule-report"

  func document(title: String, chartLibrary: String) -> String {
    let policy =
      "default-src 'none'; script-src 'nonce-\(Self.nonce)'; style-src 'nonce-\(Self.nonce)'; img-src data: blob:; "
      + "base-uri 'none'; form-action 'none'"
    return """
      <!DOCTYPE html>
      <html lang="en" data-charts="\(charts.count)">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="referrer" content="no-referrer">
      <title>\(HTMLText.escaped(title))</title>
      <link rel="icon" href="data:,">
      <style nonce="\(Self.nonce)">\(PageStyle.text)</style>
      </head>
      <body>
      \(body)
      <script type="application/json" id="report-charts">\(JSONText.array(charts).written)</script>
      <script nonce="\(Self.nonce)">\(chartLibrary)</script>
      <script nonce="\(Self.nonce)">
      \(PageScript.colors)
      \(PageScript.charts)
      \(PageScript.maps)
      \(PageScript.page)
      </script>
      </body>
      </html>

      """
  }

  mutating func write(_ report: Report) throws {
    body += "<header class=\"top\">\n<h1>\(HTMLText.symbols(report.title))</h1>\n"
    body += "<p class=\"verdict\">\(HTMLText.symbols(report.verdict))</p>\n"
    if !report.facts.isEmpty {
      let facts = report.facts.map { "<li>\(HTMLText.symbols($0))</li>" }.joined()
      body += "<ul class=\"facts\">\(facts)</ul>\n"
    }
    body += "</header>\n"
    navigation(report)
    body += "<main>\n"
    try keyFigures(report.keyFigures)
    warnings(report.warnings)
    body +=
      "<details class=\"recipe\"><summary>Recipe: \(HTMLText.escaped(report.recipeName))</summary>"
      + "<pre>\(HTMLText.escaped(report.recipeText))</pre></details>\n"
    for (position, section) in report.sections.enumerated() {
      body += "<section id=\"s\(position)-\(HTMLText.anchor(section.title))\">\n"
      body += "<h2>\(HTMLText.symbols(section.title))</h2>\n"
      if !section.introduction.isEmpty { body += "<p class=\"lead\">\(HTMLText.symbols(section.introduction))</p>\n" }
      body += "<div class=\"grid\">\n"
      for block in section.blocks { try write(block) }
      body += "</div>\n</section>\n"
    }
    provenance(report.provenance)
    body += "</main>\n<footer><p>\(HTMLText.escaped(report.software))</p></footer>\n"
  }

  private mutating func navigation(_ report: Report) {
    let links = report.sections.enumerated().map { position, section in
      "<a href=\"#s\(position)-\(HTMLText.anchor(section.title))\">\(HTMLText.symbols(section.title))</a>"
    }
    body += "<nav aria-label=\"Sections\">\(links.joined())<a href=\"#provenance\">Where numbers come from</a></nav>\n"
  }

  private mutating func keyFigures(_ numbers: [ReportNumber]) throws {
    body += "<section aria-label=\"Key figures\"><dl class=\"figures c\(numbers.count)\">\n"
    for number in try numbers.map(ShownNumber.init) {
      body += "<div class=\"figure\"><dt><span>\(HTMLText.symbols(number.name))</span>\(mark(number.mark))</dt>"
      body += "<dd><span class=\"value\">\(HTMLText.number(number.value))</span> "
      body += "<span class=\"unit\">\(HTMLText.escaped(number.unit))</span>"
      if !number.spread.isEmpty { body += "<span class=\"spread\">\(HTMLText.number(number.spread))</span>" }
      body += "</dd>"
      if !number.interval.isEmpty { body += "<dd class=\"interval\">90 %: \(HTMLText.number(number.interval))</dd>" }
      if !number.note.isEmpty { body += "<dd class=\"note\">\(HTMLText.symbols(number.note))</dd>" }
      body += "</div>\n"
    }
    body += "</dl>\n<p class=\"reading\"><b>How to read the numbers.</b> ± or ×/÷: one standard deviation over "
    body += "crystals, devices or cycles, which is chance. Interval: the value lies there with 90 %, given what is "
    body += "not known about the materials, which is ignorance. The two are never pooled.</p>\n</section>\n"
  }

  private mutating func warnings(_ warnings: [ValidityWarning]) {
    guard !warnings.isEmpty else { return }
    let count = warnings.count == 1 ? "1 warning" : "\(warnings.count) warnings"
    body +=
      "<section class=\"warnings\" id=\"warnings\"><h2>\(count): limits of a model that this run passed</h2><ul>\n"
    for warning in warnings.sorted() {
      body += "<li><span class=\"stage\">\(HTMLText.escaped(warning.stage))</span> "
      body += "\(HTMLText.symbols(warning.message)) <code>\(HTMLText.escaped(warning.code))</code></li>\n"
    }
    body += "</ul></section>\n"
  }

  private mutating func write(_ block: ReportSection.Block) throws {
    body += "<div class=\"block \(block.width.rawValue)\">"
    switch block.content {
    case .text(let text): body += "<p>\(HTMLText.symbols(text))</p>"
    case .numbers(let numbers): try write(numbers)
    case .table(let table): try write(table)
    case .chart(let chart): try write(chart)
    }
    body += "</div>\n"
  }

  private mutating func write(_ chart: ReportChart) throws {
    let number = charts.count
    charts.append(try chart.json())
    body += "<figure id=\"chart\(number)\"><div class=\"head\"><h3>\(HTMLText.symbols(chart.title))</h3>"
    body += "<button type=\"button\" class=\"save\" aria-label=\"Save this chart as a picture\">PNG</button></div>"
    body += "<div class=\"legend\"></div><div class=\"plot\"><canvas role=\"img\" aria-label=\""
    body += "\(HTMLText.escaped(chart.title))\"></canvas></div>"
    if !chart.caption.isEmpty { body += "<figcaption>\(HTMLText.symbols(chart.caption))</figcaption>" }
    body += "</figure>"
  }

  private mutating func write(_ numbers: [ReportNumber]) throws {
    let shown = try numbers.map(ShownNumber.init)
    let hasMarks = shown.contains { $0.mark != nil }
    let hasCounts = shown.contains { !$0.count.isEmpty }
    let hasPercentiles = shown.contains { !$0.percentiles.isEmpty }
    let hasIntervals = shown.contains { !$0.interval.isEmpty }
    body += "<div class=\"scroll\"><table class=\"numbers\"><thead><tr><th scope=\"col\">Quantity</th>"
    body += "<th scope=\"col\" class=\"n\">Value</th><th scope=\"col\" class=\"s\">Spread</th>"
    if hasPercentiles { body += "<th scope=\"col\" class=\"n\">5–95 % points</th>" }
    if hasIntervals { body += "<th scope=\"col\" class=\"n\">90 % interval</th>" }
    body += "<th scope=\"col\">Unit</th>"
    if hasCounts { body += "<th scope=\"col\" class=\"n\">Count</th>" }
    if hasMarks { body += "<th scope=\"col\">Mark</th>" }
    body += "</tr></thead><tbody>\n"
    for row in shown {
      body += "<tr><th scope=\"row\">\(HTMLText.symbols(row.name))"
      if !row.note.isEmpty { body += "<span class=\"note\">\(HTMLText.symbols(row.note))</span>" }
      body += "</th><td class=\"n\">\(HTMLText.number(row.value))</td>"
      body += "<td class=\"s\">\(HTMLText.number(row.spread))</td>"
      if hasPercentiles { body += "<td class=\"n quiet\">\(HTMLText.number(row.percentiles))</td>" }
      if hasIntervals { body += "<td class=\"n\">\(HTMLText.number(row.interval))</td>" }
      body += "<td>\(HTMLText.escaped(row.unit))</td>"
      if hasCounts { body += "<td class=\"n quiet\">\(HTMLText.escaped(row.count))</td>" }
      if hasMarks { body += "<td>\(mark(row.mark))</td>" }
      body += "</tr>\n"
    }
    body += "</tbody></table></div>"
  }

  private mutating func write(_ table: ReportTable) throws {
    for row in table.rows where row.count != table.columns.count {
      throw ReportError.malformed(
        place: table.title, reason: "a row has \(row.count) cells for \(table.columns.count) columns")
    }
    body += "<h3>\(HTMLText.symbols(table.title))</h3><div class=\"scroll\"><table><thead><tr>"
    for column in table.columns {
      body += "<th scope=\"col\"\(column.isNumeric ? " class=\"n\"" : "")>\(HTMLText.symbols(column.title))</th>"
    }
    body += "</tr></thead><tbody>\n"
    for (position, row) in table.rows.enumerated() {
      body += table.emphasized.contains(position) ? "<tr class=\"best\">" : "<tr>"
      for (cell, column) in zip(row, table.columns) {
        body +=
          column.isNumeric
          ? "<td class=\"n\">\(HTMLText.number(cell))</td>" : "<td>\(HTMLText.symbols(cell))</td>"
      }
      body += "</tr>\n"
    }
    body += "</tbody></table></div>"
    if !table.caption.isEmpty { body += "<p class=\"caption\">\(HTMLText.symbols(table.caption))</p>" }
  }

  private func mark(_ mark: ReportNumber.Mark?) -> String {
    guard let mark else { return "" }
    return " <span class=\"mark \(mark.rawValue)\">\(mark.rawValue)</span>"
  }

  private mutating func provenance(_ rows: [Provenance]) {
    body += "<section id=\"provenance\"><h2>Where every number comes from</h2>\n"
    body += "<div class=\"filters\"><input type=\"search\" placeholder=\"Filter by name, source or note\" "
    body += "aria-label=\"Filter the numbers\">"
    for kind in Provenance.Kind.allCases {
      let count = rows.count { $0.kind == kind }
      body += "<button type=\"button\" class=\"kind \(kind.rawValue)\" data-kind=\"\(kind.rawValue)\" "
      body += "aria-pressed=\"true\">\(kind.rawValue) <b>\(count)</b></button>"
    }
    let calibrated = rows.count { $0.calibratedOn != nil }
    body += "<button type=\"button\" class=\"mark calibrated\" data-calibrated=\"1\" aria-pressed=\"false\">"
    body += "only calibrated <b>\(calibrated)</b></button></div>\n"
    body += "<div class=\"scroll tall\"><table class=\"provenance\"><thead><tr>"
    for title in ["Number", "Value", "Uncertainty", "Kind", "Source", "Read", "Calibrated on"] {
      let alignment = title == "Value" || title == "Uncertainty" ? " class=\"n\"" : ""
      body += "<th scope=\"col\"\(alignment)><button type=\"button\">\(title)</button></th>"
    }
    body += "</tr></thead><tbody>\n"
    for row in rows {
      let uncertainty = Self.uncertainty(of: row)
      body += "<tr data-kind=\"\(row.kind.rawValue)\"\(row.calibratedOn == nil ? "" : " data-calibrated=\"1\"")>"
      body += "<td><code>\(HTMLText.escaped(row.path))</code>"
      if let note = row.note { body += "<span class=\"note\">\(HTMLText.symbols(note))</span>" }
      body += "</td><td class=\"n\" data-sort=\"\(row.value)\">\(HTMLText.escaped(row.text))</td>"
      body += "<td class=\"n\" data-sort=\"\(uncertainty.order)\">\(uncertainty.text)</td>"
      body += "<td><span class=\"kind \(row.kind.rawValue)\">\(row.kind.rawValue)</span></td>"
      body += "<td>\(HTMLText.source(row.source))</td><td class=\"line\">\(HTMLText.escaped(row.read.rawValue))</td>"
      body += "<td>\(row.calibratedOn.map { "<span class=\"mark calibrated\">\(HTMLText.escaped($0))</span>" } ?? "")"
      body += "</td></tr>\n"
    }
    body += "</tbody></table></div>\n</section>\n"
  }

  /// As text, and as a relative width to sort by.
  private static func uncertainty(of row: Provenance) -> (text: String, order: Double) {
    switch row.uncertainty {
    case .factor(let factor): return ("×/÷ " + JSONText.digits(factor), max(0, factor - 1))
    case .absolute(let deviation):
      guard row.value != 0 else { return ("± \(JSONText.digits(deviation)) (SI)", deviation) }
      let percent = 100 * abs(deviation / row.value)
      let rounded = percent < 10 ? (percent * 10).rounded() / 10 : percent.rounded()
      return ("± \(JSONText.digits(rounded)) %", percent / 100)
    }
  }
}
