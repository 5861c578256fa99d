import Foundation
import Specimens

/// Numbers read off a curve as an experimenter reads them.
public enum VirtualMeasurement {
  /// Largest width of an abrupt rise, V.
  static let abruptWidth = 0.1
  /// Rise of an abrupt SET, and drop of a RESET.
  static let abruptRise = 10.0
  static let resetDrop = 5.0

  /// V_SET of a half-sweep 0 → amplitude → 0, or nil when it did not switch.
  ///
  /// Abrupt: beyond the read voltage the current rises at least tenfold within 0.1 V on the way up, over and above the rise of
  /// an ohmic current; V_SET
  /// is where d ln|I/V|/dV is largest. Gradual: the
  /// way up comes closer to the way back than to what it was, on a logarithmic scale, having differed at least twofold at the
  /// read voltage.
  public static func setVoltage(_ points: [SwitchingTrace.Point], readVoltage: Double) -> Double? {
    let top = points.count / 2
    guard top > 2 else { return nil }
    let conductance = { (i: Int) -> Double in abs(points[i].current / points[i].voltage) }
    // Below the read voltage a space-charge-limited current is no conductance to compare with.
    guard let read = (1...top).first(where: { abs(points[$0].voltage) >= readVoltage * 0.9999 }), read < top else {
      return nil
    }
    var best: (index: Int, slope: Double)?
    var first = read
    for i in (read + 1)...top {
      while abs(points[i].voltage) - abs(points[first].voltage) > abruptWidth * 1.0001 { first += 1 }
      guard conductance(i) >= abruptRise * conductance(first) else { continue }
      for j in (first + 1)...i {
        let slope = log(conductance(j) / conductance(j - 1))
        if slope > (best?.slope ?? 0) { best = (j, slope) }
      }
      break
    }
    if let best { return 0.5 * (points[best.index].voltage + points[best.index - 1].voltage) }

    let ratio = abs(points[points.count - 1 - read].current / points[read].current)
    guard ratio >= 2 else { return nil }
    for i in read...top {
      let behind = abs(points[points.count - 1 - i].current / points[i].current)
      if behind <= ratio.squareRoot() { return points[i].voltage }
    }
    return nil
  }

  /// Fall from a peak that counts as negative differential resistance.
  static let peakFall = 0.05

  /// Where the current turns down on the way up, before the half-sweep's end: the first peak that it falls from by a
  /// twentieth; nil if there is none.
  public static func peakVoltage(_ points: [SwitchingTrace.Point]) -> Double? {
    let top = points.count / 2
    var peak = 0
    for i in 0...top {
      if abs(points[i].current) > abs(points[peak].current) { peak = i }
      if abs(points[i].current) < (1 - peakFall) * abs(points[peak].current) { return points[peak].voltage }
    }
    return nil
  }

  /// ∫|I_up − I_down| d|V| and ∫(|I_up| + |I_down|) d|V| of a half-sweep, W.
  public static func loop(_ points: [SwitchingTrace.Point]) -> (between: Double, below: Double) {
    let top = points.count / 2
    guard top > 0 else { return (0, 0) }
    var sums = (between: 0.0, below: 0.0)
    for i in 1...top {
      let up = abs(points[i].current)
      let down = abs(points[points.count - 1 - i].current)
      sums.between += abs(up - down)
      sums.below += up + down
    }
    let stride = abs(points[top].voltage) / Double(top)
    return (sums.between * stride, sums.below * stride)
  }

  /// V_RESET of a half-sweep: where the current was largest, if it is at least five times lower there on the way back.
  public static func resetVoltage(_ points: [SwitchingTrace.Point]) -> Double? {
    let top = points.count / 2
    guard top > 1 else { return nil }
    var peak = 0
    for i in 0...top where abs(points[i].current) > abs(points[peak].current) { peak = i }
    // A source that gives no current resets nothing.
    guard points[peak].current != 0 else { return nil }
    let back = points[points.count - 1 - peak]
    return abs(back.current) * resetDrop <= abs(points[peak].current) ? points[peak].voltage : nil
  }
}
