import Foundation
import Quantities

/// A device turned into numbers without units, on its grid.
struct SpaceChargeBuild {
  let system: SpaceChargeSystem
  let scale: SpaceChargeState.Scale
  let grid: SpaceChargeGrid

  init(_ device: SpaceChargeDevice, nodes count: Int) {
    let length = device.thickness.si
    let thermal = device.thermalVoltage
    let fastest =
      switch device.carriers {
      case .electrons: device.electronMobility.si
      case .holes: device.holeMobility.si
      case .both: max(device.electronMobility.si, device.holeMobility.si)
      }
    let scale = SpaceChargeState.Scale(
      length: length, thermalVoltage: thermal,
      density: device.dielectricConstant * thermal / (Constants.elementaryCharge * length * length),
      time: length * length / (fastest * thermal))
    self.scale = scale

    let bottom = Self.supply(device.bottom, of: device)
    let top = Self.supply(device.top, of: device)
    let hasElectrons = device.carriers != .holes
    let hasHoles = device.carriers != .electrons
    var species: [SpaceChargeSystem.Species] = []
    func add(_ charge: Double, _ mobility: Double, _ a: Supply.Side, _ b: Supply.Side) -> Int {
      species.append(
        SpaceChargeSystem.Species(
          charge: charge, diffusivity: mobility / fastest, bottom: a.density / scale.density,
          top: b.density / scale.density, bottomSpeed: a.speed * scale.time / length,
          topSpeed: b.speed * scale.time / length))
      return species.count - 1
    }
    let electrons = hasElectrons ? add(-1, device.electronMobility.si, bottom.electrons, top.electrons) : nil
    let holes = hasHoles ? add(1, device.holeMobility.si, bottom.holes, top.holes) : nil
    let ionDensity = device.ions.si / scale.density
    let still = Supply.Side(density: 0, speed: 0)
    let ions = ionDensity > 0 ? add(1, device.ionMobility.si, still, still) : nil

    let densest = species.reduce(ionDensity) { max($0, $1.bottom, $1.top) }
    let shallowest = device.traps.reduce(1.0) { depth, trap in
      guard case .sheet(_, let position) = trap.place else { return depth }
      return min(depth, max(0, min(position.si, length - position.si)) / length)
    }
    grid = SpaceChargeGrid(
      count: count, finest: max(1e-7, min(0.25 / max(densest, 1).squareRoot(), max(1e-5, 0.25 * shallowest))))
    let nodes = grid.nodes
    var spacings = [Double](repeating: 0, count: count - 1)
    for i in 0..<(count - 1) { spacings[i] = nodes[i + 1] - nodes[i] }
    let boxes = (0..<count).map { i in 0.5 * ((i > 0 ? spacings[i - 1] : 0) + (i < count - 1 ? spacings[i] : 0)) }

    let builtIn =
      hasElectrons
      ? log(top.electrons.density / bottom.electrons.density) : -log(top.holes.density / bottom.holes.density)
    // β √E / kT with E in units of kT/(q L).
    let exponent = device.pooleFrenkelPermittivity.map { optical in
      (pow(Constants.elementaryCharge, 3) * thermal / (length * Double.pi * optical.si * Constants.vacuumPermittivity))
        .squareRoot() / (Constants.boltzmann * device.temperature.si)
    }
    system = SpaceChargeSystem(
      spacings: spacings, inverseSpacings: spacings.map { 1 / $0 }, boxes: boxes, species: species,
      electrons: electrons, holes: holes, ions: ions,
      levels: device.traps.map {
        Self.level($0, of: device, scale: scale, boxes: boxes, nodes: nodes, electrons: hasElectrons, holes: hasHoles)
      },
      background: boxes.map { -ionDensity * $0 }, ionCount: ionDensity, pooleFrenkel: exponent ?? 0, builtIn: builtIn)
  }

  /// Carriers at a contact.
  private struct Supply {
    struct Side {
      var density: Double
      var speed: Double
    }
    var electrons: Side
    var holes: Side
  }

  private static func supply(_ contact: SpaceChargeContact, of device: SpaceChargeDevice) -> Supply {
    let kT = Constants.boltzmann * device.temperature.si
    let own: Double
    var (electronSpeed, holeSpeed) = (Double.infinity, Double.infinity)
    switch contact {
    case .ohmic(let density): own = density.si
    case .barrier(let height):
      own = (device.carriers == .holes ? device.valenceStates.si : device.conductionStates.si) * exp(-height.si / kT)
      // A* T² / (q N) = v/4 of a Maxwellian.
      electronSpeed = device.electronSpeed.si / (6 * Double.pi).squareRoot()
      holeSpeed = device.holeSpeed.si / (6 * Double.pi).squareRoot()
    }
    let other = device.massAction / own
    let (n, p) = device.carriers == .holes ? (other, own) : (own, other)
    return Supply(
      electrons: Supply.Side(density: n, speed: electronSpeed), holes: Supply.Side(density: p, speed: holeSpeed))
  }

  private static func level(
    _ trap: SpaceChargeTrap, of device: SpaceChargeDevice, scale: SpaceChargeState.Scale, boxes: [Double],
    nodes: [Double], electrons: Bool, holes: Bool
  ) -> SpaceChargeSystem.Level {
    let kT = Constants.boltzmann * device.temperature.si
    var amounts = [Double](repeating: 0, count: boxes.count)
    var held = 1..<(boxes.count - 1)
    switch trap.place {
    case .bulk(let density):
      for i in 1..<(boxes.count - 1) { amounts[i] = density.si / scale.density * boxes[i] }
    case .sheet(let density, let position):
      let x = position.si / scale.length
      let nearest = (1..<(boxes.count - 1)).min { abs(nodes[$0] - x) < abs(nodes[$1] - x) }!
      amounts[nearest] = density.si / (scale.density * scale.length)
      held = nearest..<(nearest + 1)
    }
    let n1 = device.conductionStates.si * exp(-(device.bandGap.si - trap.energy.si) / kT)
    let p1 = device.valenceStates.si * exp(-trap.energy.si / kT)
    let captureN = trap.electronCrossSection.si * device.electronSpeed.si * scale.density * scale.time
    let captureP = trap.holeCrossSection.si * device.holeSpeed.si * scale.density * scale.time
    return SpaceChargeSystem.Level(
      amounts: amounts, nodes: held, emptyCharge: trap.emptyCharge, electronCapture: electrons ? captureN : 0,
      electronEmission: electrons ? captureN * n1 / scale.density : 0, holeCapture: holes ? captureP : 0,
      holeEmission: holes ? captureP * p1 / scale.density : 0)
  }
}
