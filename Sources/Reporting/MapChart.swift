import Fields
import Foundation

/// A plane of numbers as colors, with axes in lengths and a color bar in the unit of the numbers.
public struct MapChart: Sendable {
  /// Which colors stand for the values.
  public enum Colors: Hashable, Sendable {
    /// From dark to bright.
    case sequential
    /// Two hues from a middle value in SI, for signed numbers.
    case diverging(around: Double)
  }

  /// A plane of a field.
  public enum Plane: Hashable, Sendable {
    case xy(z: Int)
    case xz(y: Int)
    case yz(x: Int)
  }

  /// A rectangle drawn over the map, in m: the window inside an electrode.
  public struct Frame: Hashable, Sendable {
    public var label: String
    public var x: ClosedRange<Double>
    public var y: ClosedRange<Double>

    public init(_ label: String, x: ClosedRange<Double>, y: ClosedRange<Double>) {
      self.label = label
      self.x = x
      self.y = y
    }
  }

  public var title: String
  public var caption: String
  /// What the numbers are.
  public var label: String
  public var unit: ReportUnit
  public var columns: Int
  public var rows: Int
  /// SI, row by row from the bottom; NaN leaves a place blank.
  public var values: [Double]
  public var horizontalLabel: String
  public var verticalLabel: String
  /// Lower and upper edge in m.
  public var horizontal: ClosedRange<Double>
  public var vertical: ClosedRange<Double>
  public var colors: Colors
  public var isLogarithmic: Bool
  public var frames: [Frame]

  public init(
    _ title: String, caption: String = "", label: String, unit: ReportUnit, columns: Int, rows: Int, values: [Double],
    horizontalLabel: String = "x", verticalLabel: String = "y", horizontal: ClosedRange<Double>,
    vertical: ClosedRange<Double>, colors: Colors = .sequential, isLogarithmic: Bool = false, frames: [Frame] = []
  ) {
    self.title = title
    self.caption = caption
    self.label = label
    self.unit = unit
    self.columns = columns
    self.rows = rows
    self.values = values
    self.horizontalLabel = horizontalLabel
    self.verticalLabel = verticalLabel
    self.horizontal = horizontal
    self.vertical = vertical
    self.colors = colors
    self.isLogarithmic = isLogarithmic
    self.frames = frames
  }

  /// A plane of a field; places that hold `blank` stay empty, as 0 outside a crystal.
  ///
  /// A plane of more than `resolution` cells along an axis is averaged down to that many.
  public init(
    _ title: String, caption: String = "", label: String, unit: ReportUnit, of field: Field, plane: Plane,
    blank: Double? = nil, resolution: Int = 192, colors: Colors = .sequential, isLogarithmic: Bool = false,
    frames: [Frame] = []
  ) {
    let grid = field.grid
    let (axes, names): ((Int, Int), (String, String))
    let value: (Int, Int) -> Double
    switch plane {
    case .xy(let k):
      (axes, names) = ((grid.nx, grid.ny), ("x", "y"))
      value = { field[$0, $1, k] }
    case .xz(let j):
      (axes, names) = ((grid.nx, grid.nz), ("x", "z"))
      value = { field[$0, j, $1] }
    case .yz(let i):
      (axes, names) = ((grid.ny, grid.nz), ("y", "z"))
      value = { field[i, $0, $1] }
    }
    let low = grid.origin
    let high = grid.origin + grid.spacing * SIMD3(Double(grid.nx), Double(grid.ny), Double(grid.nz))
    let (horizontal, vertical) =
      switch plane {
      case .xy: (low.x...high.x, low.y...high.y)
      case .xz: (low.x...high.x, low.z...high.z)
      case .yz: (low.y...high.y, low.z...high.z)
      }
    let (columns, rows) = (min(axes.0, resolution), min(axes.1, resolution))
    var values: [Double] = []
    values.reserveCapacity(columns * rows)
    for row in 0..<rows {
      for column in 0..<columns {
        var sum = 0.0
        var count = 0.0
        for j in row * axes.1 / rows..<(row + 1) * axes.1 / rows {
          for i in column * axes.0 / columns..<(column + 1) * axes.0 / columns where value(i, j) != blank {
            sum += value(i, j)
            count += 1
          }
        }
        // A field's own NaN must not pass for a blank place.
        values.append(count == 0 ? .nan : sum.isNaN ? .infinity : sum / count)
      }
    }
    self.init(
      title, caption: caption, label: label, unit: unit, columns: columns, rows: rows, values: values,
      horizontalLabel: names.0, verticalLabel: names.1, horizontal: horizontal, vertical: vertical, colors: colors,
      isLogarithmic: isLogarithmic, frames: frames)
  }

  func json() throws -> JSONText {
    guard columns > 0, rows > 0, values.count == columns * rows else {
      throw ReportError.malformed(
        place: title, reason: "\(values.count) values do not fill \(columns) columns and \(rows) rows")
    }
    let present = values.filter { !$0.isNaN }
    if let bad = present.first(where: \.isInfinite) { throw ReportError.notFinite(place: title, value: bad) }
    guard var low = present.min(), var high = present.max() else {
      throw ReportError.malformed(place: title, reason: "every place of the map is blank")
    }
    guard horizontal.lowerBound < horizontal.upperBound, vertical.lowerBound < vertical.upperBound else {
      throw ReportError.malformed(place: title, reason: "the map has no area")
    }
    if isLogarithmic, low <= 0 {
      throw ReportError.malformed(place: title, reason: "\(low) cannot stand on a logarithmic color bar")
    }
    if case .diverging(let middle) = colors {
      let reach = max(high - middle, middle - low)
      (low, high) = (middle - reach, middle + reach)
    }
    let bar = unit.chosen(for: max(abs(low), abs(high)))
    let lengths = ReportUnit.meter.chosen(
      for: max(horizontal.upperBound - horizontal.lowerBound, vertical.upperBound - vertical.lowerBound))
    func ends(_ range: ClosedRange<Double>) -> JSONText {
      .numbers([lengths.shown(range.lowerBound), lengths.shown(range.upperBound)])
    }
    var members: [String: JSONText] = [
      "kind": .text("map"), "columns": .number(Double(columns)), "rows": .number(Double(rows)),
      "values": .numbers(values.map { $0.isNaN ? .nan : bar.shown($0) }),
      "low": .number(bar.shown(low)), "high": .number(bar.shown(high)), "log": .flag(isLogarithmic),
      "label": .text(label), "unit": .text(bar.symbol), "lengthUnit": .text(lengths.symbol),
      "x": ends(horizontal), "y": ends(vertical),
      "xLabel": .text(horizontalLabel), "yLabel": .text(verticalLabel),
      "frames": .array(
        frames.map { frame in
          .object(["label": .text(frame.label), "x": ends(frame.x), "y": ends(frame.y)])
        }),
    ]
    switch colors {
    case .sequential: members["colors"] = .text("sequential")
    case .diverging: members["colors"] = .text("diverging")
    }
    return .object(members)
  }
}
