/// The lowest point of a function without derivatives, by a simplex that crawls downhill.
///
/// Nelder & Mead, *Computer Journal* 7 (1965) 308, with their coefficients. Deterministic; finds a local minimum of a smooth
/// function of a few variables.
public enum SimplexSearch {
  /// - Parameters:
  ///   - step: by which the first corners lie off the start along each axis.
  ///   - evaluations: at most, some more at the end of a step.
  ///   - tolerance: of the spread of values over the simplex.
  public static func minimum(
    from start: [Double], step: Double, evaluations: Int, tolerance: Double = 1e-8, _ f: ([Double]) -> Double
  ) -> [Double] {
    var corners = [start]
    for axis in start.indices {
      var corner = start
      corner[axis] += step
      corners.append(corner)
    }
    var simplex = corners.map { (point: $0, value: f($0)) }
    var used = simplex.count
    let last = simplex.count - 1
    while used < evaluations {
      // The index settles ties, so that the order is one.
      simplex = simplex.enumerated().sorted { ($0.element.value, $0.offset) < ($1.element.value, $1.offset) }.map(
        \.element)
      if simplex[last].value - simplex[0].value <= tolerance { break }
      let center = start.indices.map { axis in
        simplex[0..<last].reduce(0) { $0 + $1.point[axis] } / Double(last)
      }
      let worst = simplex[last].point
      func along(_ share: Double) -> (point: [Double], value: Double) {
        let point = center.indices.map { center[$0] + share * (worst[$0] - center[$0]) }
        return (point, f(point))
      }
      let reflected = along(-1)
      used += 1
      if reflected.value < simplex[0].value {
        let expanded = along(-2)
        used += 1
        simplex[last] = expanded.value < reflected.value ? expanded : reflected
      } else if reflected.value < simplex[last - 1].value {
        simplex[last] = reflected
      } else {
        let contracted = along(reflected.value < simplex[last].value ? -0.5 : 0.5)
        used += 1
        if contracted.value < min(reflected.value, simplex[last].value) {
          simplex[last] = contracted
        } else {
          for i in 1...last {
            let point = start.indices.map { 0.5 * (simplex[0].point[$0] + simplex[i].point[$0]) }
            simplex[i] = (point, f(point))
            used += 1
          }
        }
      }
    }
    return simplex.min { $0.value < $1.value }?.point ?? start
  }
}
