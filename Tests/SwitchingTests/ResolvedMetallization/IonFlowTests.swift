import Foundation
import Switching
import Testing

/// Ions about an axis: physics (8.8), (8.10) against closed forms.
@Suite struct IonFlowTests {
  /// Exchange currents in A/m², at 300 K; hops of 0.4 nm.
  static func path(exchange: Double, hops: Double) -> IonPath {
    IonPath(
      transfer: ButlerVolmer(exchangeDensity: exchange, transferCoefficient: 0.4, charge: 1, temperature: 300),
      hopDensity: hops, hopDistance: 0.4e-9, tipArea: 1, activeArea: 1, gap: 1)
  }

  static func faces(_ count: Int, _ edge: Double) -> [Double] { (0...count).map { Double($0) * edge } }

  static func straight(_ flow: IonFlow, voltage: Double) -> [Double] {
    (0..<flow.heightCount).flatMap { k in
      [Double](
        repeating: voltage * 0.5 * (flow.heightFaces[k] + flow.heightFaces[k + 1]) / flow.heightFaces.last!,
        count: flow.radialCount)
    }
  }

  /// Metal over the whole lower electrode: one path, whatever limits it.
  @Test(arguments: [(1e3, 1e-2), (1e-3, 1e3), (1, 1)], [0.01, 0.3, 3])
  func betweenPlatesTheFlowIsThatOfOnePath(_ densities: (Double, Double), voltage: Double) throws {
    var flow = IonFlow(
      radialFaces: Self.faces(4, 1e-9), heightFaces: Self.faces(12, 0.5e-9),
      path: Self.path(exchange: densities.0, hops: densities.1))
    let metal: [Double?] = (0..<48).map { $0 < 4 ? 0 : nil }
    try flow.solve(metal: metal, electrode: voltage, guess: Self.straight(flow, voltage: voltage))
    var path = flow.path
    path.gap = 5.5e-9
    path.tipArea = Double.pi * 16e-18
    path.activeArea = path.tipArea
    #expect(abs(flow.supply() / path.current(driving: voltage) - 1) < 1e-5)
  }

  @Test(arguments: [0.02, 0.5, 4.0]) func whatTheElectrodeGivesTheFilamentTakes(voltage: Double) throws {
    var flow = IonFlow(
      radialFaces: Self.faces(16, 1e-9), heightFaces: Self.faces(30, 1e-9), path: Self.path(exchange: 1, hops: 0.1))
    let metal: [Double?] = (0..<480).map { $0 % 16 < 3 && $0 / 16 < 14 ? 0 : nil }
    try flow.solve(metal: metal, electrode: voltage, guess: Self.straight(flow, voltage: voltage))
    #expect(abs(flow.uptake() / flow.supply() - 1) < 1e-5)
  }

  /// Where hops limit: from a disc on the lower electrode into a wide crystal, R = 1/(4 σ b) and the crystal's own length, with
  /// the factor of the cell (check V39).
  @Test func aDiscSpreadsItsFlow() throws {
    let (disc, outer, length, edge) = (20, 160, 160, 0.5e-9)
    var flow = IonFlow(
      radialFaces: Self.faces(outer, edge), heightFaces: [0, 0.01 * edge] + Self.faces(length, edge).dropFirst(),
      path: Self.path(exchange: 1e6, hops: 1e-3))
    let metal: [Double?] = (0..<flow.potential.count).map { $0 < disc ? 0 : nil }
    let voltage = 1e-4
    try flow.solve(metal: metal, electrode: voltage, guess: Self.straight(flow, voltage: voltage))
    let conductivity = flow.path.hopDensity * flow.path.hopDistance / (2 * flow.path.transfer.voltageScale)
    let (b, cell) = (Double(disc) * edge, Double(outer) * edge)
    let x = b / cell
    let resistance =
      Double(length) * edge / (conductivity * Double.pi * cell * cell)
      + (1 - 1.409 * x + 0.296 * x * x * x) / (4 * conductivity * b)
    #expect(abs(voltage / flow.supply() / resistance - 1) < 0.03)
  }

  /// A needle draws the field to its tip: far more flows there than straight lines would bring.
  @Test func theTipOfANeedleTakesMoreThanItsCrossSection() throws {
    var flow = IonFlow(
      radialFaces: Self.faces(40, 1e-9), heightFaces: Self.faces(40, 1e-9), path: Self.path(exchange: 1e6, hops: 1e-3))
    let metal: [Double?] = (0..<1600).map { $0 % 40 < 2 && $0 / 40 < 20 ? 0 : nil }
    try flow.solve(metal: metal, electrode: 0.01, guess: Self.straight(flow, voltage: 0.01))
    var path = flow.path
    path.gap = 20e-9
    path.tipArea = Double.pi * 4e-18
    path.activeArea = path.tipArea
    #expect(flow.uptake() > 5 * path.current(driving: 0.01))
  }
}
