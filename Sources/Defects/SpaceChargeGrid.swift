import Foundation

/// Nodes of a layer between two contacts, dense where charge bends the bands: at both contacts.
///
/// The density of nodes is 1/h_max + 1/(α(x + x₀)) + 1/(α(L − x + x₀)): spacings grow by 1 + α per node away from a
/// contact, from h₀ = α x₀, until they reach h_max.
struct SpaceChargeGrid: Hashable, Sendable {
  /// Growth of the spacing per node next to a contact.
  static let growth = 0.2

  /// From 0 to 1.
  let nodes: [Double]

  /// - Parameters:
  ///   - count: nodes, both contacts included; above 8.
  ///   - finest: wanted spacing at the contacts over the thickness.
  init(count: Int, finest: Double) {
    let intervals = Double(count - 1)
    let finest = min(finest, 0.5 / intervals)
    // At most six nodes of ten serve the two contacts.
    var growth = Self.growth
    var offset = finest / growth
    for _ in 0..<20 {
      growth = max(Self.growth, 2 * log1p(1 / offset) / (0.6 * intervals))
      offset = finest / growth
    }
    let plateau = intervals - 2 / growth * log1p(1 / offset)
    var nodes = [Double](repeating: 0, count: count)
    for i in 1..<(count - 1) {
      var low = nodes[i - 1]
      var high = 1.0
      var x = low
      for _ in 0..<60 {
        let slope = plateau + 1 / (growth * (x + offset)) + 1 / (growth * (1 - x + offset))
        let index = plateau * x + (log((x + offset) / offset) + log((1 + offset) / (1 - x + offset))) / growth
        if index < Double(i) { low = x } else { high = x }
        var next = x + (Double(i) - index) / slope
        if !(next > low && next < high) { next = 0.5 * (low + high) }
        let step = abs(next - x)
        x = next
        if step < 1e-6 * (x - nodes[i - 1]) { break }
      }
      nodes[i] = x
    }
    nodes[count - 1] = 1
    self.nodes = nodes
  }
}
