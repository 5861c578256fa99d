import Fields

extension PotentialSolver {
  /// The heat that a potential's currents make, per volume: σ|grad φ|², W/m³.
  ///
  /// The current through a face makes g (Δφ)² there, of which each cell gets the share of its half of the resistance;
  /// at an electrode the whole belongs to the cell, with what the contact makes. The sum over the grid is Σ I V of the
  /// electrodes, and of the sources, as exactly as the currents balance.
  public func jouleHeat(of solution: PotentialSolution, potentials: [Double], conductivity: Conductivity) -> Field {
    precondition(potentials.count == boundary.electrodeCount, "one potential per electrode")
    precondition(solution.potential.grid.count == grid.count, "the potential lies on the solver's grid")
    let (nx, ny, nz, plane) = (grid.nx, grid.ny, grid.nz, grid.planeCount)
    var heat = Field(grid)
    let perVolume = 1 / grid.voxelVolume
    let phi = solution.potential.values
    let (gx, gy, gz) = (0, layout.gy, layout.gz)
    func add(_ a: Int, _ b: Int, _ conductance: Double, _ kappa: [Double]) {
      guard conductance > 0 else { return }
      let drop = phi[a] - phi[b]
      let power = perVolume * conductance * drop * drop
      let share = kappa[b] / (kappa[a] + kappa[b])
      heat.values[a] += share * power
      heat.values[b] += (1 - share) * power
    }
    for k in 0..<nz {
      for j in 0..<ny {
        for i in 0..<nx {
          let own = grid.index(i, j, k)
          add(own, grid.index(i > 0 ? i - 1 : nx - 1, j, k), conductances[gx + own], conductivity.x.values)
          add(own, grid.index(i, j > 0 ? j - 1 : ny - 1, k), conductances[gy + own], conductivity.y.values)
          if k > 0 { add(own, own - plane, conductances[gz + own], conductivity.z.values) }
        }
      }
    }
    for cell in 0..<plane {
      let last = cell + (nz - 1) * plane
      if let electrode = boundary.bottomElectrode(cell) {
        let drop = potentials[electrode] - phi[cell]
        heat.values[cell] += perVolume * conductances[gz + cell] * drop * drop
      }
      if let electrode = boundary.topElectrode(cell) {
        let drop = potentials[electrode] - phi[last]
        heat.values[last] += perVolume * conductances[gz + last + plane] * drop * drop
      }
    }
    return heat
  }
}
