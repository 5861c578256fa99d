import Foundation

/// The net charge of a list of charge states as a function of the Fermi level, and its zero: the kernel of
/// `DefectEquilibrium`.
struct ChargeBalance: Sendable {
  /// States that share one law.
  struct Group: Sendable {
    enum Law: Sendable {
      case free
      /// `amount` sites, which may stay empty.
      case sites
      /// `amount` in all.
      case total
      /// Vacancies up to `middle`, interstitials from there; `amount` is their difference.
      case difference
    }

    var law: Law
    var start: Int
    var middle: Int
    var end: Int
    var amount: Double
  }

  /// Number of states, carriers included.
  let count: Int
  private let groups: [Group]
  private let hasCarriers: Bool
  /// Charge of what never changes its state, 1/m³.
  private let fixed: Double
  /// Seven columns of `count` numbers; see `Column`.
  private var columns: [Double]
  /// Row of each state in the order of the species: groups hold theirs side by side.
  private let rows: [Int]

  private enum Column: Int {
    /// Logarithm of the weight without its energy.
    case prefactor
    /// J.
    case energy
    case charge
    /// What the state adds to the balance: its charge, less its reference where totals are counted apart.
    case effective
    /// Logarithm of the weight at level 0.
    case weight
    case logDensity
    /// d ln c / dx.
    case slope
  }

  func density(_ state: Int) -> Double { exp(columns[Column.logDensity.rawValue * count + rows[state]]) }

  init(
    _ species: [DefectSpecies], hasCarriers: Bool, environment: ChemicalEnvironment, closed: [ClosedSublattice],
    background: Double?
  ) throws {
    let count = species.reduce(0) { $0 + $1.states.count } + (hasCarriers ? 2 : 0)
    var columns = [Double](repeating: 0, count: 7 * count)
    var groups: [Group] = []
    var fixed = background ?? 0
    var firstRow = [Int](repeating: -1, count: species.count)
    var next = 0
    /// Lays the states of a species into the next rows. Densities of sites join the weight where nothing else scales it.
    func lay(_ index: Int, scaled: Bool, reference: Int) {
      let one = species[index]
      firstRow[index] = next
      for state in one.states {
        columns[Column.prefactor.rawValue * count + next] =
          log(state.degeneracy) + environment.logActivity(of: one.atoms) + (scaled ? log(one.siteDensity.si) : 0)
        columns[Column.energy.rawValue * count + next] = state.energy.si
        columns[Column.charge.rawValue * count + next] = Double(state.charge)
        columns[Column.effective.rawValue * count + next] = Double(state.charge - reference)
        next += 1
      }
    }
    for pair in closed {
      let start = next
      let isApart = background != nil
      lay(pair.vacancy, scaled: true, reference: isApart ? species[pair.vacancy].states[0].charge : 0)
      let middle = next
      if let interstitial = pair.interstitial {
        lay(interstitial, scaled: true, reference: isApart ? species[interstitial].states[0].charge : 0)
      }
      guard pair.difference.isFinite, pair.interstitial != nil || pair.difference >= 0 else {
        throw DefectError.badNumber(
          species: species[pair.vacancy].name, what: "difference to its interstitials", value: pair.difference)
      }
      groups.append(Group(law: .difference, start: start, middle: middle, end: next, amount: pair.difference))
    }
    for (index, one) in species.enumerated() where firstRow[index] < 0 {
      guard case .frozen(let total) = one.amount else { continue }
      // A single state never changes: its charge is exact in one sum, whatever the others do.
      let reference = background != nil || one.states.count == 1 ? one.states[0].charge : 0
      if background == nil, one.states.count == 1 { fixed += Double(one.states[0].charge) * total.si }
      let start = next
      lay(index, scaled: false, reference: reference)
      groups.append(Group(law: .total, start: start, middle: start, end: next, amount: total.si))
    }
    for (index, one) in species.enumerated() where firstRow[index] < 0 && one.sublattice != nil {
      let start = next
      var sites = one.siteDensity.si
      for (other, candidate) in species.enumerated() where candidate.sublattice == one.sublattice {
        if case .frozen(let total) = candidate.amount {
          sites -= total.si
        } else if firstRow[other] < 0 {
          lay(other, scaled: false, reference: 0)
        }
      }
      guard sites >= 0 else { throw DefectError.overfullSites(species: one.name) }
      groups.append(Group(law: .sites, start: start, middle: start, end: next, amount: sites))
    }
    let free = next
    for index in species.indices where firstRow[index] < 0 { lay(index, scaled: true, reference: 0) }
    if hasCarriers {
      for (row, charge) in [(count - 2, -1.0), (count - 1, 1.0)] {
        columns[Column.charge.rawValue * count + row] = charge
        columns[Column.effective.rawValue * count + row] = charge
      }
    }
    groups.append(Group(law: .free, start: free, middle: free, end: count, amount: 0))
    self.count = count
    self.groups = groups
    self.hasCarriers = hasCarriers
    self.columns = columns
    self.fixed = fixed
    rows =
      species.indices.flatMap { index in species[index].states.indices.map { firstRow[index] + $0 } }
      + (hasCarriers ? [count - 2, count - 1] : [])
  }

  /// Finds the level x = E_F/kT of zero net charge and leaves the densities there.
  mutating func solve(kT: Double, carriers: (electrons: Double, holes: Double)?, guess: Double) throws -> (
    level: Double, residual: Double, evaluations: Int
  ) {
    let n = count
    let fixed = fixed
    let groups = groups
    return try groups.withUnsafeBufferPointer { groups in
      try columns.withUnsafeMutableBufferPointer { columns in
        let base = columns.baseAddress!
        let kernel = Kernel(count: n, groups: groups, columns: base, fixed: fixed)
        for row in 0..<n { base[4 * n + row] = base[row] - base[n + row] / kT }
        if let carriers {
          base[5 * n - 2] = carriers.electrons
          base[5 * n - 1] = carriers.holes
        }
        return try kernel.zero(near: guess)
      }
    }
  }
}

extension ChargeBalance {
  /// The pair y − z = difference with y z = product, without cancellation: what mass action leaves of vacancies and
  /// interstitials whose difference is fixed.
  static func split(difference: Double, product: Double) -> (Double, Double) {
    guard product > 0 else { return (max(difference, 0), max(-difference, 0)) }
    let half = 0.5 * abs(difference)
    let large = half + (half * half + product).squareRoot()
    return difference >= 0 ? (large, product / large) : (product / large, large)
  }
}

/// The columns of a balance as pointers.
private struct Kernel {
  let count: Int
  let groups: UnsafeBufferPointer<ChargeBalance.Group>
  let charge: UnsafeMutablePointer<Double>
  let effective: UnsafeMutablePointer<Double>
  let weight: UnsafeMutablePointer<Double>
  let logDensity: UnsafeMutablePointer<Double>
  let slope: UnsafeMutablePointer<Double>
  let fixed: Double

  init(
    count: Int, groups: UnsafeBufferPointer<ChargeBalance.Group>, columns: UnsafeMutablePointer<Double>, fixed: Double
  ) {
    self.count = count
    self.groups = groups
    self.fixed = fixed
    charge = columns + 2 * count
    effective = columns + 3 * count
    weight = columns + 4 * count
    logDensity = columns + 5 * count
    slope = columns + 6 * count
  }

  /// Farthest level that is looked at, in kT: past every gap at any temperature of a crystal.
  static let farthest = 1e6

  func zero(near guess: Double) throws -> (level: Double, residual: Double, evaluations: Int) {
    var low = -Double.infinity
    var high = Double.infinity
    var x = guess
    var reach = 20.0
    var previous = Double.infinity
    for evaluation in 1...300 {
      let (positive, negative, slope) = charges(at: x)
      if positive == -.infinity || negative == -.infinity {
        // Nothing charged at all is neutral.
        if positive == negative { return (x, 0, evaluation) }
        throw DefectError.oneSignOnly(positive: negative == -.infinity)
      }
      let f = positive - negative
      if f > 0 { low = x } else { high = x }
      var next = x - f / slope
      let isBracketed = low.isFinite && high.isFinite
      if isBracketed {
        if !(next > low && next < high) || abs(f) > 0.5 * previous { next = 0.5 * (low + high) }
      } else if !(abs(next - x) <= reach) {
        next = f > 0 ? x + reach : x - reach
        reach *= 2
      }
      previous = abs(f)
      let rounding = Double.ulpOfOne * max(1, abs(x), abs(positive))
      let isDone = abs(f) <= 4 * rounding || abs(f / slope) <= rounding || (isBracketed && high - low <= 4 * rounding)
      if isDone {
        let residual = tanh(0.5 * f)
        guard abs(residual) < 1e-10 else { throw DefectError.notConverged(residual: residual) }
        return (x, residual, evaluation)
      }
      guard abs(next) < Self.farthest else { throw DefectError.oneSignOnly(positive: f > 0) }
      x = next
    }
    throw DefectError.notConverged(residual: tanh(0.5 * previous))
  }

  /// ln of the positive and of the negative charge, and the slope of their difference.
  private func charges(at x: Double) -> (positive: Double, negative: Double, slope: Double) {
    for group in groups { distribute(group, at: x) }
    var highest = (plus: fixed > 0 ? log(fixed) : -.infinity, minus: fixed < 0 ? log(-fixed) : -.infinity)
    for row in 0..<count {
      let q = effective[row]
      if q > 0 { highest.plus = max(highest.plus, logDensity[row]) }
      if q < 0 { highest.minus = max(highest.minus, logDensity[row]) }
    }
    var plus = fixed > 0 ? exp(log(fixed) - highest.plus) : 0
    var minus = fixed < 0 ? exp(log(-fixed) - highest.minus) : 0
    var rise = 0.0
    var fall = 0.0
    for row in 0..<count {
      let q = effective[row]
      if q > 0 {
        let term = q * exp(logDensity[row] - highest.plus)
        plus += term
        rise += term * slope[row]
      } else if q < 0 {
        let term = -q * exp(logDensity[row] - highest.minus)
        minus += term
        fall += term * slope[row]
      }
    }
    guard highest.plus > -.infinity, highest.minus > -.infinity else {
      return (highest.plus, highest.minus, -1)
    }
    return (highest.plus + log(plus), highest.minus + log(minus), rise / plus - fall / minus)
  }

  /// Log densities of one group's states and their slopes.
  private func distribute(_ group: ChargeBalance.Group, at x: Double) {
    let states = group.start..<group.end
    switch group.law {
    case .free:
      for row in states {
        logDensity[row] = weight[row] - charge[row] * x
        slope[row] = -charge[row]
      }
    case .sites, .total:
      let (sum, mean) = sum(states, at: x, emptySites: group.law == .sites)
      let scale = log(group.amount) - sum
      for row in states {
        logDensity[row] = scale + weight[row] - charge[row] * x
        slope[row] = mean - charge[row]
      }
    case .difference:
      let (vacancies, q) = sum(group.start..<group.middle, at: x, emptySites: false)
      let (interstitials, r) = sum(group.middle..<group.end, at: x, emptySites: false)
      let (ratio, share) = closed(group.amount, vacancies, interstitials)
      // The multiplier of the vacancies' weight moves so that the difference stays.
      let shift = vacancies > -.infinity ? ratio - vacancies : 0
      let drift = share * q - (1 - share) * r
      for row in group.start..<group.middle {
        logDensity[row] = weight[row] - charge[row] * x + shift
        slope[row] = drift - charge[row]
      }
      for row in group.middle..<group.end {
        logDensity[row] = weight[row] - charge[row] * x - shift
        slope[row] = -drift - charge[row]
      }
    }
  }

  /// ln y of y − z = difference, ln y + ln z = a + b, and y/(y + z).
  private func closed(_ difference: Double, _ a: Double, _ b: Double) -> (logarithm: Double, share: Double) {
    guard a > -.infinity else { return (a, 0) }
    guard b > -.infinity else { return (log(difference), 1) }
    if difference == 0 { return (0.5 * (a + b), 0.5) }
    let middle = 0.5 * (a + b)
    let ratio = 0.5 * abs(difference) * exp(-middle)
    let size = ratio < 1e8 ? asinh(ratio) : log(abs(difference)) - middle
    let t = difference < 0 ? -size : size
    return (middle + t, 1 / (1 + exp(-2 * t)))
  }

  /// ln Σ w and the mean charge.
  private func sum(_ states: Range<Int>, at x: Double, emptySites: Bool) -> (logarithm: Double, meanCharge: Double) {
    if states.count == 1, !emptySites {
      let row = states.lowerBound
      return (weight[row] - charge[row] * x, charge[row])
    }
    var highest = emptySites ? 0 : -Double.infinity
    for row in states { highest = max(highest, weight[row] - charge[row] * x) }
    guard highest > -.infinity else { return (highest, 0) }
    var sum = emptySites ? exp(-highest) : 0
    var moment = 0.0
    for row in states {
      let w = exp(weight[row] - charge[row] * x - highest)
      sum += w
      moment += charge[row] * w
    }
    return (highest + log(sum), moment / sum)
  }
}
