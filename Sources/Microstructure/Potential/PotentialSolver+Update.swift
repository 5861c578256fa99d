import Fields

extension PotentialSolver {
  /// Takes over a medium that has changed, and keeps plans, factors and buffers: as a filament grows.
  ///
  /// Multigrid's levels take the changes over but keep their groups, and transforms keep the means of the medium
  /// before. Solutions are the same as a new solver's, and take more iterations the more has changed: where these grow
  /// beyond patience, a new solver is due.
  /// - Parameters:
  ///   - conductivity: the whole of it, on the solver's grid.
  ///   - cells: places in a field's storage of all cells that changed; every cell counts as changed, if nil.
  /// - Throws: `PotentialError`; the solver stays as it was.
  public mutating func update(_ conductivity: Conductivity, cells: [Int]? = nil) throws {
    if let cells { try check(conductivity, cells) } else { try Self.check(grid, boundary, conductivity, nil) }
    let (layout, grid, boundary) = (self.layout, self.grid, self.boundary)
    changed += cells ?? []
    guard case .multigrid(var multigrid) = preconditioner else {
      conductances.withUnsafeMutableBufferPointer {
        let network = layout.network(in: $0.baseAddress!)
        if let cells {
          network.refill(cells, grid, conductivity, boundary)
        } else {
          network.fill(grid, conductivity, boundary)
        }
      }
      if method == .direct { method = .transform }
      return
    }
    // Held once, so that its arrays change in place.
    preconditioner = .none
    let faces = cells.map(facesOf) ?? layout.faces
    let before = faces.map { conductances[$0] }
    conductances.withUnsafeMutableBufferPointer {
      let network = layout.network(in: $0.baseAddress!)
      if let cells {
        network.refill(cells, grid, conductivity, boundary)
      } else {
        network.fill(grid, conductivity, boundary)
      }
      var changes: [ConductanceChange] = []
      for (face, old) in zip(faces, before) where $0[face] != old {
        changes.append(layout.change(of: face, by: $0[face] - old))
      }
      if !multigrid.apply(changes) { multigrid = ConductanceMultigrid(network) }
    }
    preconditioner = .multigrid(multigrid)
    // Levels that were made anew may need more room.
    if !work.isEmpty {
      let room = PotentialWorkspace(count: layout.count, plane: layout.plane).total + preconditioner.workCount
      if work.count < room { work = [] }
    }
  }

  private func check(_ conductivity: Conductivity, _ cells: [Int]) throws {
    for field in [conductivity.x, conductivity.y, conductivity.z] {
      guard field.values.count == grid.count else {
        throw PotentialError.shapeMismatch(of: "the conductivity", found: field.values.count, expected: grid.count)
      }
      for cell in cells where !(field.values[cell].isFinite && field.values[cell] >= 0) {
        throw PotentialError.badConductivity(field.values[cell], cell: grid.cell(cell))
      }
    }
  }

  /// Places of the conductances of all faces of cells, each once.
  private func facesOf(_ cells: [Int]) -> [Int] {
    var faces = Set<Int>()
    for cell in cells {
      let at = grid.cell(cell)
      faces.insert(cell)
      faces.insert(grid.index(at.x + 1 < grid.nx ? at.x + 1 : 0, at.y, at.z))
      faces.insert(layout.gy + cell)
      faces.insert(layout.gy + grid.index(at.x, at.y + 1 < grid.ny ? at.y + 1 : 0, at.z))
      faces.insert(layout.gz + cell)
      faces.insert(layout.gz + cell + layout.plane)
    }
    return faces.sorted()
  }
}

extension NetworkLayout {
  /// A change of the conductance at a place of the array, with the cells that it joins.
  fileprivate func change(of face: Int, by amount: Double) -> ConductanceChange {
    let cell = face < gy ? face : face - gy
    let (i, j, floor) = (cell % nx, cell / nx % ny, cell / plane * plane)
    if face < gy {
      return ConductanceChange(first: cell, second: cell - i + (i > 0 ? i - 1 : nx - 1), amount: amount)
    }
    if face < gz {
      return ConductanceChange(first: cell, second: floor + (j > 0 ? j - 1 : ny - 1) * nx + i, amount: amount)
    }
    let above = face - gz
    if above < plane { return ConductanceChange(first: above, second: nil, amount: amount) }
    return ConductanceChange(first: above - plane, second: above < count ? above : nil, amount: amount)
  }
}
