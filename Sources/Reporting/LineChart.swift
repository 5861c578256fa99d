/// Curves and points over a common axis: current against voltage, growth against time, resistance against cycle.
public struct LineChart: Sendable {
  /// How the points of a curve are drawn.
  public enum Style: String, Sendable, CaseIterable {
    case line, thin, thick, dashed, steps, points
  }

  /// One curve, in SI.
  public struct Curve: Sendable {
    /// The legend's text; empty for a curve that needs none, as one cycle of many.
    public var name: String
    public var x: [Double]
    public var y: [Double]
    public var style: Style
    public var color: ReportColor

    public init(_ name: String, x: [Double], y: [Double], style: Style = .line, color: ReportColor) {
      self.name = name
      self.x = x
      self.y = y
      self.style = style
      self.color = color
    }
  }

  /// The area between two curves over the same x, in SI.
  public struct Band: Sendable {
    public var name: String
    public var x: [Double]
    public var low: [Double]
    public var high: [Double]
    public var color: ReportColor

    public init(_ name: String, x: [Double], low: [Double], high: [Double], color: ReportColor) {
      self.name = name
      self.x = x
      self.low = low
      self.high = high
      self.color = color
    }
  }

  /// What the shades of the curves mean: `cycle`, from `1` to `50`.
  public struct Shading: Hashable, Sendable {
    public var label: String
    public var first: String
    public var last: String

    public init(_ label: String, from first: String, to last: String) {
      self.label = label
      self.first = first
      self.last = last
    }
  }

  public var title: String
  public var caption: String
  public var horizontal: ReportAxis
  public var vertical: ReportAxis
  public var curves: [Curve]
  public var bands: [Band]
  public var shading: Shading?

  public init(
    _ title: String, caption: String = "", horizontal: ReportAxis, vertical: ReportAxis, curves: [Curve],
    bands: [Band] = [], shading: Shading? = nil
  ) {
    self.title = title
    self.caption = caption
    self.horizontal = horizontal
    self.vertical = vertical
    self.curves = curves
    self.bands = bands
    self.shading = shading
  }

  func json() throws -> JSONText {
    for curve in curves where curve.x.count != curve.y.count {
      throw ReportError.malformed(
        place: title, reason: "curve \"\(curve.name)\" has \(curve.x.count) x but \(curve.y.count) y")
    }
    for band in bands where band.x.count != band.low.count || band.x.count != band.high.count {
      throw ReportError.malformed(place: title, reason: "band \"\(band.name)\" has lists of different length")
    }
    let x = try horizontal.fitted(to: (curves.map(\.x) + bands.map(\.x)).joined(), margin: 0, place: title)
    let y = try vertical.fitted(
      to: (curves.map(\.y) + bands.flatMap { [$0.low, $0.high] }).joined(), margin: nil, place: title)
    var members: [String: JSONText] = [
      "kind": .text("lines"), "x": x.json, "y": y.json,
      "curves": .array(
        curves.map { curve in
          .object([
            "name": .text(curve.name), "style": .text(curve.style.rawValue), "color": curve.color.json,
            "x": .numbers(curve.x.map(x.shown)), "y": .numbers(curve.y.map(y.shown)),
          ])
        }),
      "bands": .array(
        bands.map { band in
          .object([
            "name": .text(band.name), "color": band.color.json, "x": .numbers(band.x.map(x.shown)),
            "low": .numbers(band.low.map(y.shown)), "high": .numbers(band.high.map(y.shown)),
          ])
        }),
    ]
    if let shading {
      members["shading"] = .object([
        "label": .text(shading.label), "first": .text(shading.first), "last": .text(shading.last),
      ])
    }
    return .object(members)
  }
}
