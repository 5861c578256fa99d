import Quantities

/// What a device is like at one voltage: potential, carriers, ions, traps and current.
public struct SpaceChargeState: Hashable, Sendable {
  /// How numbers without units turn into SI.
  struct Scale: Hashable, Sendable {
    var length: Double
    var thermalVoltage: Double
    var density: Double
    var time: Double

    /// q D N / L of the units, A/m².
    var current: Double { Constants.elementaryCharge * density * length / time }
  }

  var unknowns: SpaceChargeUnknowns
  /// du/dt, for schemes that need the last slope.
  var rates: SpaceChargeUnknowns?
  let scale: Scale
  let nodes: [Double]
  let electronIndex: Int?
  let holeIndex: Int?
  let ionIndex: Int?

  public internal(set) var voltage: Voltage
  /// Into the top contact, A/m²: conduction and displacement.
  public internal(set) var currentDensity: Double
  /// The same between each node and the next one.
  public internal(set) var currentProfile: [Double]
  /// Since the transient began.
  public internal(set) var time = TimeSpan(si: 0)
  /// Steps of Newton's method that the state took.
  public internal(set) var steps: Int

  /// Distance of the nodes from the bottom contact, m.
  public var positions: [Double] { nodes.map { $0 * scale.length } }
  /// V.
  public var potential: [Double] { unknowns.potential.map { $0 * scale.thermalVoltage } }
  /// 1/m³; empty where the contacts let none in.
  public var electrons: [Double] { densities(electronIndex) }
  public var holes: [Double] { densities(holeIndex) }
  /// Positive mobile ions, 1/m³.
  public var ions: [Double] { densities(ionIndex) }
  /// Share of the traps of a level that hold an electron.
  public func occupancy(ofTrap level: Int) -> [Double] {
    Array(unknowns.occupancies[(level * nodes.count)..<((level + 1) * nodes.count)])
  }

  /// Ions of the whole layer per area, 1/m².
  public var ionCount: Double {
    guard let ionIndex else { return 0 }
    let n = nodes.count
    var sum = 0.0
    for i in 0..<n {
      let width = 0.5 * ((i > 0 ? nodes[i] - nodes[i - 1] : 0) + (i < n - 1 ? nodes[i + 1] - nodes[i] : 0))
      sum += width * unknowns.densities[ionIndex * n + i]
    }
    return sum * scale.density * scale.length
  }

  private func densities(_ index: Int?) -> [Double] {
    guard let index else { return [] }
    return unknowns.densities[(index * nodes.count)..<((index + 1) * nodes.count)].map { $0 * scale.density }
  }
}
