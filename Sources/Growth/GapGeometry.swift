import Quantities

/// The space between the plates: h(x, y) = h₀ + w x + κ (x² + y²)/2 about the middle of the cell.
///
/// Physics (2.5) without the roughness term.
public struct GapGeometry: Hashable, Sendable {
  public let middle: Double
  public let wedge: Double
  public let bow: Double
  /// Edge of the square plates, m.
  public let edge: Double
  /// Solution that stays between crystal and plates, m.
  public let wettingFilm: Double

  public init(middle: Length, wedge: Angle, bow: Curvature, plateArea: Area, wettingFilm: Length) {
    self.middle = middle.si
    self.wedge = wedge.si
    self.bow = bow.si
    edge = plateArea.si.squareRoot()
    self.wettingFilm = wettingFilm.si
  }

  /// Gap at a point, m; x and y from the plate's corner.
  public func height(x: Double, y: Double) -> Double {
    let dx = x - 0.5 * edge
    let dy = y - 0.5 * edge
    return middle + wedge * dx + 0.5 * bow * (dx * dx + dy * dy)
  }

  /// Volume between the plates, m³.
  public var volume: Double { edge * edge * (middle + bow * edge * edge / 12) }

  /// The smallest gap of the cell, m.
  public var narrowest: Double {
    let corners = [height(x: 0, y: 0), height(x: edge, y: 0), height(x: 0, y: edge), height(x: edge, y: edge)]
    // A bowed plate is flattest where its slope along x vanishes.
    let turning = bow != 0 ? min(max(0.5 * edge - wedge / bow, 0), edge) : 0.5 * edge
    return min(corners.min()!, height(x: turning, y: 0.5 * edge), middle)
  }
}
