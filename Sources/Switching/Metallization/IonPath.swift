import Foundation
import Quantities

/// Ions on their way from one electrode to the other: dissolution, hops, deposition, one after the other.
///
///     V = η_diss(I/A_a) + (2kT g/z e a) asinh(I/(A j_h)) + η_dep(I/A)
///
/// Physics (8.8), (8.10). The voltage that one step needs grows with the current, so the whole has one solution; the
/// slowest step takes the voltage. Ions move through the cross-section A of the filament's tip.
public struct IonPath: Sendable {
  /// At the filament and at the active electrode.
  public var transfer: ButlerVolmer
  /// 2 z e c a ν₀ exp(−E_a/kT), A/m².
  public var hopDensity: Double
  /// a, m.
  public var hopDistance: Double
  /// A of the filament's tip or wall, m².
  public var tipArea: Double
  /// A_a of the active electrode, m².
  public var activeArea: Double
  /// g, m.
  public var gap: Double

  public init(
    transfer: ButlerVolmer, hopDensity: Double, hopDistance: Double, tipArea: Double, activeArea: Double, gap: Double
  ) {
    self.transfer = transfer
    self.hopDensity = hopDensity
    self.hopDistance = hopDistance
    self.tipArea = tipArea
    self.activeArea = activeArea
    self.gap = gap
  }

  /// Atoms that come and go, 1/s.
  public struct Rates: Hashable, Sendable {
    public var deposition: Double
    public var dissolution: Double
    public var net: Double { deposition - dissolution }
    public static let none = Rates(deposition: 0, dissolution: 0)
  }

  /// Rates both ways under a driving voltage, which is that on the path less what holds it in balance.
  ///
  ///     deposition/dissolution = exp(z e V/kT),   their difference I/(z e)
  ///
  /// The balance of the whole path: that of (8.8) where the tip takes all the voltage, and the noise of a resistor
  /// (Nyquist) in equilibrium, whichever step is slow.
  public func rates(driving voltage: Double) -> Rates {
    let v = max(1e-6, abs(voltage) / transfer.voltageScale)
    let net = response(scaled: v, deposits: voltage >= 0).current / (transfer.charge * Constants.elementaryCharge)
    // Each from its own formula: the smaller one is no difference of large ones.
    let (with, against) = (net / -expm1(-v), net / expm1(v))
    return voltage >= 0
      ? Rates(deposition: with, dissolution: against) : Rates(deposition: against, dissolution: with)
  }

  /// Net current that deposits, A; odd in the voltage for α = 1/2.
  public func current(driving voltage: Double) -> Double { response(driving: voltage).current }

  /// `current(driving:)`, and its slope, A/V.
  func response(driving voltage: Double) -> (current: Double, slope: Double) {
    let (size, slope) = response(scaled: abs(voltage) / transfer.voltageScale, deposits: voltage >= 0)
    return (voltage >= 0 ? size : -size, slope / transfer.voltageScale)
  }

  /// The current's size under v = z e |V|/kT, and its slope over v.
  private func response(scaled v: Double, deposits: Bool) -> (current: Double, slope: Double) {
    let (tip, active, hop) = (
      tipArea * transfer.exchangeDensity, activeArea * transfer.exchangeDensity, tipArea * hopDensity
    )
    guard tip > 0, active > 0, hop > 0 else { return (0, 0) }
    // At the tip: deposition runs with α, dissolution with 1 − α; at the active electrode the other way round.
    let f = deposits ? transfer.transferCoefficient : 1 - transfer.transferCoefficient
    let hops = 2 * gap / hopDistance
    guard v > 0 else { return (0, 1 / (1 / tip + hops / hop + 1 / active)) }
    var slope = 0.0
    var low = 0.0
    var high = min(v, 600 / max(f, 1 - f))
    // No more flows than hops carry with all the voltage.
    if hops > 0, f > 0 { high = min(high, log1p(hop / tip * sinh(min(600, v / hops))) / f) }
    var x = high
    for _ in 0..<60 {
      let (value, steepness) = ButlerVolmer.netAndSlope(x, forward: f)
      let current = tip * value
      let y = ButlerVolmer.inverse(current / active, forward: 1 - f)
      let activeSlope = y > 1e-6 ? active * ButlerVolmer.netAndSlope(y, forward: 1 - f).slope : active
      let excess = x + hops * asinh(current / hop) + y - v
      if excess > 0 { high = x } else { low = x }
      let rise =
        1 + tip * steepness * (hops / (current * current + hop * hop).squareRoot() + 1 / activeSlope)
      slope = tip * steepness / rise
      var next = x - excess / rise
      if !(next > low && next < high) {
        if abs(next - x) <= 1e-11 * x { break }
        next = 0.5 * (low + high)
      }
      let change = abs(next - x)
      x = next
      // Newton's steps square: the next would be below rounding.
      if change <= 1e-6 * x { break }
    }
    return (tip * ButlerVolmer.net(x, forward: f), slope)
  }
}
