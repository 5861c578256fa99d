import Fields

/// What lies below a window: the springs it puts under the window's lowest plane of nodes, one per lateral wave.
///
/// Below the window the elements grow by 15 % each, through the layers, to a depth of three periods, where they are
/// clamped; the support (lowest layer) is taken as thick as that needs. The longest wave has decayed by e^(−6π) there,
/// and by as much again on its way back, so the clamp changes the strain in the window by about 1e-16, and layers that
/// lie deeper do not matter.
struct LayeredStack {
  /// Stiffness of the layers, bottom to top.
  let media: [Stiffness]
  /// Heights, in planes of the window, and layers of the elements below the window, from the clamp up.
  private let elements: [(height: Double, layer: Int)]

  /// Growth of the element height below the window.
  private static let grading = 1.15
  /// Depth of the clamp below the window, in lateral periods.
  static let depth = 3.0

  /// - Parameters:
  ///   - thicknesses: of the layers, bottom to top, m; the first one is the support.
  init(_ media: [Stiffness], thicknesses: [Double], under grid: Grid) {
    self.media = media
    let period = max(Double(grid.nx) * grid.spacing.x, Double(grid.ny) * grid.spacing.y)
    let deepest = Self.depth * period / grid.spacing.z
    var elements: [(height: Double, layer: Int)] = []
    var reached = 0.0
    var height = 1.0
    for (index, thickness) in thicknesses.enumerated().reversed() {
      var rest = min(thickness / grid.spacing.z, deepest - reached)
      if index == 0 { rest = deepest - reached }
      while rest > 0 {
        let step = rest < 1.5 * height ? rest : height
        elements.append((step, index))
        rest -= step
        reached += step
        height *= Self.grading
      }
      if reached >= deepest * (1 - 1e-12) { break }
    }
    self.elements = elements.reversed()
  }

  /// The block that all below adds to that of the window's lowest node.
  func spring(_ symbols: LateralSymbols, scale: Double) -> SymmetricBlock {
    let parts = media.map { LayeredElement($0, symbols, scale: scale) }
    var spring = parts[elements[0].layer].own(elements[0].height, side: 1)
    for element in elements.dropFirst() {
      let medium = parts[element.layer]
      spring =
        (spring + medium.own(element.height, side: -1)).inverse
        .eliminated(medium.coupling(element.height), from: medium.own(element.height, side: 1)).next
    }
    return spring
  }
}
