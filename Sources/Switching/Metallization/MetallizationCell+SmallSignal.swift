import Foundation

extension MetallizationCell {
  /// The answer to a small signal about a state and an applied bias, without the leads.
  ///
  ///     dn/dt = f(n, V):   τ_k = −1/(∂f/∂n),   1/R_a = (∂I/∂n)(∂f/∂V) τ_k
  ///
  /// n counts the atoms at the tip or in the neck. Exact where n rests; a filament that grows or dissolves is taken as it is at
  /// the moment. Both R_a and τ_k are below zero where a change of n feeds itself at a fixed voltage; leads may hold it still.
  /// - Throws: `Roots.Failure`, `SwitchingError.notFinite`.
  func smallSignal(_ state: State, at bias: Double) throws -> ChemicalInductor {
    let voltage = try operate(bias, compliance: .infinity, state: state).voltage
    var parameters = parameters
    parameters.seriesResistance = 0
    let bare = MetallizationCell(parameters, background: background)
    let share = ionShare(state)
    let atoms = state.isBridged ? state.neckAtoms : state.tipAtoms
    func flow(_ atoms: Double, _ voltage: Double) throws -> Flow {
      try state.isBridged
        ? bare.neckFlow(
          atoms: atoms, orientation: state.orientation, applied: voltage, compliance: .infinity, share: share)
        : bare.tipFlow(
          atoms: atoms, orientation: state.orientation, applied: voltage, compliance: .infinity, share: share)
    }
    let push = 1e-3 * thermal / ionCharge
    let capacitance = parameters.permittivity * parameters.electrodeArea / parameters.length
    guard state.isNucleated else {
      let slope = (background(voltage + push) - background(voltage - push)) / (2 * push)
      return ChemicalInductor(
        bulkResistance: 1 / slope, capacitance: capacitance, branchResistance: .infinity, kineticTime: .infinity)
    }
    let nudge = 1e-4 * max(1, min(atoms, state.isBridged ? atoms : fullCount - atoms))
    let (up, down) = (try flow(atoms, voltage + push), try flow(atoms, voltage - push))
    let (more, fewer) = (try flow(atoms + nudge, voltage), try flow(max(0, atoms - nudge), voltage))
    let electrons = (up.point.current - down.point.current) / (2 * push)
    let stiffness = (more.net - fewer.net) / (2 * nudge)
    let drive = (up.net - down.net) / (2 * push)
    let gain = (more.point.current - fewer.point.current) / (2 * nudge)
    let follows = stiffness != 0 && gain * drive != 0
    return ChemicalInductor(
      bulkResistance: 1 / electrons, capacitance: capacitance,
      branchResistance: follows ? -stiffness / (gain * drive) : .infinity,
      kineticTime: follows ? -1 / stiffness : .infinity)
  }
}
