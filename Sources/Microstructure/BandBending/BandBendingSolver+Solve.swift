import Fields
import Foundation
import Quantities

extension BandBendingSolver {
  /// The bands in equilibrium with electrodes.
  /// - Parameters:
  ///   - contacts: one per electrode, those of the bottom first.
  ///   - fixedCharge: on the solver's grid, in elementary charges per m³: of vacancies, of traps with what they hold;
  ///     none counts as 0.
  ///   - levels: in the gap, filled as the Fermi level says.
  ///   - fermiPotential: −E_F/q per voxel, V, on the scale of the voltages. Needed where there are carriers and the
  ///     voltages differ; else that of the electrodes.
  ///   - guess: a solution to start from, as that of the step before.
  /// - Throws: `BandBendingError`.
  public mutating func solve(
    contacts: [BandContact], fixedCharge: Field? = nil, levels: [GapLevel] = [], fermiPotential: Field? = nil,
    from guess: BandBending? = nil
  ) throws -> BandBending {
    try check(contacts, fixedCharge, fermiPotential, guess)
    try check(levels)
    let unit = Constants.boltzmann * temperature / Constants.elementaryCharge
    let potentials = contacts.map(\.potential)
    // Counted from the mean of the electrodes: a shift of all of them keeps every digit.
    let reference = potentials.reduce(0, +) / Double(potentials.count)
    let shifted = potentials.map { ($0 - reference) / unit }
    let model = model(
      reference: reference, unit: unit, contacts: contacts, fixedCharge: fixedCharge, gapLevels: levels,
      fermiPotential: fermiPotential, guess: guess)
    var search = BandBendingSearch(
      layout: layout, boundary: boundary, tolerance: tolerance, model: model, potentials: shifted,
      start: guess.map { $0.potential.values.map { ($0 - reference) / unit } })
    let room = PotentialWorkspace(count: layout.count, plane: layout.plane)
    if work.isEmpty { work = [Double](repeating: 0, count: room.total + layered.workCount) }
    try conductances.withUnsafeMutableBufferPointer { storage in
      try work.withUnsafeMutableBufferPointer {
        try search.run(storage: storage.baseAddress!, room: room, work: $0.baseAddress!, layered: &layered)
      }
    }
    return result(search, reference: reference, unit: unit, contacts: contacts, fermiPotential: fermiPotential)
  }

  /// E_c − E_i, over q.
  private var middle: Double {
    bands.map { ($0.gap - $0.intrinsicLevel(at: temperature)) / Constants.elementaryCharge } ?? 0
  }

  private func model(
    reference: Double, unit: Double, contacts: [BandContact], fixedCharge: Field?, gapLevels: [GapLevel],
    fermiPotential: Field?, guess: BandBending?
  ) -> SpaceChargeModel {
    let volume = grid.voxelVolume
    let energyUnit = unit * Constants.elementaryCharge
    var levels: [Double] = []
    var species: [SpaceChargeModel.Species] = []
    for (number, kind) in ions.enumerated() {
      let z = Double(kind.charge)
      let sites = kind.siteDensity * volume
      func bulk(_ density: Double) -> Double { log(density / (kind.siteDensity - density)) }
      var total: Double?
      switch kind.supply {
      case .conserved(let mean):
        total = mean * volume * Double(grid.count)
        // On the scale of potentials that count from the reference.
        levels.append(
          guess.map { ($0.chemicalPotentials[number] / Constants.elementaryCharge - z * reference) / unit }
            ?? bulk(mean))
      case .reservoir(let density, let potential):
        levels.append(bulk(density) + z * (potential - reference) / unit)
      }
      species.append(
        SpaceChargeModel.Species(
          charge: z, sites: sites, total: total, energy: kind.energy?.values.map { $0 / energyUnit }))
    }
    let fermi = fermiPotential?.values ?? [contacts[0].voltage]
    let middle = self.middle
    var fixed = fixedCharge?.values.map { $0 * volume } ?? [Double](repeating: 0, count: grid.count)
    for level in gapLevels {
      for cell in fixed.indices { fixed[cell] += volume * Double(level.emptyCharge) * level.density.values[cell] }
      // What is filled is a charge of −1 on a site.
      let depth = ((bands?.gap ?? 0) - level.energy) / energyUnit
      let isUniform = fermi.count == 1
      levels.append(depth + (isUniform ? (reference - fermi[0]) / unit : 0))
      species.append(
        SpaceChargeModel.Species(
          charge: -1, sites: volume, total: nil,
          energy: isUniform ? nil : fermi.map { ($0 - reference) / unit }, places: level.density.values))
    }
    return SpaceChargeModel(
      count: grid.count, fixed: fixed, species: species, chemicalPotentials: levels,
      intrinsic: bands.map { $0.intrinsicDensity(at: temperature) * volume },
      fermi: bands == nil ? [] : fermi.map { (reference - $0 + middle) / unit })
  }

  private func result(
    _ search: BandBendingSearch, reference: Double, unit: Double, contacts: [BandContact], fermiPotential: Field?
  ) -> BandBending {
    let volume = grid.voxelVolume
    let (model, phi) = (search.model, search.phi)
    let q = Constants.elementaryCharge
    func field(_ value: (Int) -> Double) -> Field { Field(grid, values: phi.indices.map(value)) }
    let densities = model.species.indices.map { kind -> Field in
      let numbers = model.ions(kind, phi)
      return field { numbers[$0] / volume }
    }
    let levels = zip(ions, model.chemicalPotentials).map { kind, level in
      q * (level * unit + Double(kind.charge) * reference)
    }
    var (electrons, holes, fermiLevel): (Field?, Field?, Field?)
    var distance: Double?
    if let bands, let intrinsic = model.intrinsic {
      let level = { (cell: Int) in phi[cell] + model.fermi[model.fermi.count == 1 ? 0 : cell] }
      electrons = field { intrinsic * exp(level($0)) / volume }
      holes = field { intrinsic * exp(-level($0)) / volume }
      fermiLevel =
        fermiPotential.map { Field(grid, values: $0.values.map { -q * $0 }) }
        ?? Field(grid, filledWith: -q * contacts[0].voltage)
      // E_c − E_F and E_F − E_v.
      let (above, below) = (middle / unit, bands.gap / (q * unit) - middle / unit)
      // Bands without a gap are no more than a count of carriers.
      if bands.gap > 0 {
        distance = phi.indices.reduce(Double.infinity) { min($0, above - level($1), below + level($1)) }
      }
    }
    return BandBending(
      potential: field { reference + unit * phi[$0] }, charge: field { q * model.charge[$0] / volume },
      ions: Array(densities.prefix(ions.count)), chemicalPotentials: levels,
      filledLevels: Array(densities.dropFirst(ions.count)), electrons: electrons, holes: holes, fermiLevel: fermiLevel,
      gap: bands?.gap, electrodeCharges: search.electrodeCharges.map { q * $0 },
      steps: search.steps.map {
        NewtonStep(
          residual: $0.residual, length: $0.length, decrease: $0.decrease * q * unit, iterations: $0.iterations)
      }, chargeMismatch: search.mismatch, residual: search.residual, bandDistance: distance)
  }

  private func check(_ levels: [GapLevel]) throws {
    guard bands != nil || levels.isEmpty else { throw BandBendingError.noBands }
    for (number, level) in levels.enumerated() {
      guard level.density.values.count == grid.count else {
        throw BandBendingError.potential(
          .shapeMismatch(of: "the density of levels", found: level.density.values.count, expected: grid.count))
      }
      if let bad = level.density.values.firstIndex(where: { !($0.isFinite && $0 >= 0) }) {
        throw BandBendingError.badLevel(level.density.values[bad], levels: number, cell: grid.cell(bad))
      }
    }
  }

  private func check(
    _ contacts: [BandContact], _ charge: Field?, _ fermi: Field?, _ guess: BandBending?
  ) throws {
    func fail(_ error: PotentialError) -> BandBendingError { .potential(error) }
    guard contacts.count == boundary.electrodeCount else {
      throw fail(
        .shapeMismatch(of: "the list of contacts", found: contacts.count, expected: boundary.electrodeCount))
    }
    for (electrode, contact) in contacts.enumerated() where !contact.potential.isFinite {
      throw fail(.badPotential(contact.potential, electrode: electrode))
    }
    for (what, field) in [
      ("the fixed charge", charge), ("the Fermi potential", fermi), ("the guess", guess?.potential),
    ] {
      guard let field else { continue }
      guard SIMD3(field.grid.nx, field.grid.ny, field.grid.nz) == SIMD3(grid.nx, grid.ny, grid.nz) else {
        throw fail(.shapeMismatch(of: what, found: field.values.count, expected: grid.count))
      }
      if let bad = field.values.firstIndex(where: { !$0.isFinite }) {
        throw fail(.badValue(of: what, field.values[bad], cell: grid.cell(bad)))
      }
    }
    if let guess, guess.chemicalPotentials.count != ions.count {
      throw fail(
        .shapeMismatch(
          of: "the guess's list of ions", found: guess.chemicalPotentials.count, expected: ions.count))
    }
    if bands != nil, fermi == nil, contacts.contains(where: { $0.voltage != contacts[0].voltage }) {
      throw BandBendingError.noFermiLevel(voltages: contacts.map(\.voltage))
    }
  }
}
