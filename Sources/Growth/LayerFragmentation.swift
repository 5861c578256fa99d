import Foundation
import NumericalMethods

/// Cleavage of a stack of layers: each interface opens with the same probability, whatever the others do.
///
///     P(n) = p (1 − p)^(n−1),  p = 1 − e^(−t)
///
/// Random binary scission at the rate 1 per interface for the time t, physics (4.1), (4.2); the gaps between open
/// interfaces are geometric. Montroll & Simha, *J. Chem. Phys.* 8 (1940) 721.
public struct LayerFragmentation: Hashable, Sendable {
  /// Probability that an interface opens.
  public let probability: Double
  private let logClosed: Double

  /// - Parameter probability: from 0 to 1.
  public init(probability: Double) {
    precondition((0...1).contains(probability), "a probability lies between 0 and 1")
    self.probability = probability
    logClosed = log1p(-probability)
  }

  /// The lowest piece of a stack; the rest is as before, so that calls in turn give every piece.
  public func piece(of layers: Int, random: inout RandomSource) -> Int {
    guard layers > 1 else { return layers }
    let gap = (log(random.uniform()) / logClosed).rounded(.down) + 1
    return gap < Double(layers) ? Int(gap) : layers
  }

  /// Every piece of a stack, from the bottom.
  public func pieces(of layers: Int, random: inout RandomSource) -> [Int] {
    var found: [Int] = []
    var rest = layers
    while rest > 0 {
      let piece = piece(of: rest, random: &random)
      found.append(piece)
      rest -= piece
    }
    return found
  }

  /// Pieces of at least so many layers that a stack gives on average.
  ///
  ///     (1 − p)^(a−1) [1 + (n − a) p]
  public func expectedPieces(of layers: Int, atLeast least: Int) -> Double {
    guard least <= layers else { return 0 }
    let closed = least > 1 ? exp(Double(least - 1) * logClosed) : 1
    return closed * (1 + Double(layers - least) * probability)
  }

  /// The piece that holds a layer drawn at random: large pieces come as often as they hold layers.
  public func pieceAroundRandomLayer(of layers: Int, random: inout RandomSource) -> Int {
    let below = min(layers - 1, Int(random.uniform() * Double(layers)))
    let above = layers - 1 - below
    // The layer counts in both.
    return piece(of: below + 1, random: &random) + piece(of: above + 1, random: &random) - 1
  }
}

/// Tearing of a flake's area by cracks that lie at random.
///
/// Cracks of a density κ cut the area A as points of a Poisson process cut a line, so that pieces are exponential with
/// the mean 1/κ and none breaks with the probability e^(−κA): random scission in area, physics (4.3). A crack counts as
/// right across the piece.
public struct AreaTearing: Hashable, Sendable {
  /// Cracks per area, 1/m².
  public let density: Double

  public init(density: Double) { self.density = density }

  /// The first piece of an area, m²; the whole of it where no crack follows.
  public func piece(of area: Double, random: inout RandomSource) -> Double {
    guard density > 0 else { return area }
    return min(area, random.exponential() / density)
  }

  /// The piece around a point drawn at random, m²: large pieces come as often as they are large.
  public func pieceAroundRandomPoint(of area: Double, random: inout RandomSource) -> Double {
    guard density > 0 else { return area }
    let before = random.uniform() * area
    return piece(of: before, random: &random) + piece(of: area - before, random: &random)
  }
}

/// Numbers of stacks by size under random binary scission, without chance: the check of `LayerFragmentation`.
///
///     dN_i/dt = −x_(i−1) N_i + (x_(i+1) − x_(i−1)) Σ_(k>i) N_k
///
/// The fixed pivot (Kumar & Ramkrishna, *Chem. Eng. Sci.* 51 (1996) 1311) with the rate x and the daughters 2/x of
/// physics (4.1). It keeps Σ x N exactly. On pivots 1, 2, ... it is the scission of whole layers itself.
public struct LayerPopulation: Sendable {
  /// Ascending.
  public let pivots: [Double]
  /// Stacks at each pivot.
  public private(set) var numbers: [Double]

  /// One stack at the last pivot.
  public init(pivots: [Double]) {
    precondition(!pivots.isEmpty && zip(pivots, pivots.dropFirst()).allSatisfy(<), "pivots ascend")
    self.pivots = pivots
    numbers = [Double](repeating: 0, count: pivots.count)
    numbers[pivots.count - 1] = 1
  }

  /// One stack of so many layers.
  public init(layers: Int) { self.init(pivots: (1...layers).map(Double.init)) }

  /// Goes on for a time, in units of one over the rate per size; Runge-Kutta of fourth order, relative error below 1e-6
  /// up to a time of 30 over the largest size.
  public mutating func advance(by time: Double) {
    let steps = max(64, Int((40 * pivots.last! * time).rounded(.up)))
    let step = time / Double(steps)
    let count = pivots.count
    let rates = [0] + pivots.dropLast()
    var widths = [Double](repeating: 0, count: count)
    for i in 0..<(count - 1) { widths[i] = pivots[i + 1] - rates[i] }
    func slope(_ n: [Double], into result: inout [Double]) {
      var above = 0.0
      for i in stride(from: count - 1, through: 0, by: -1) {
        result[i] = widths[i] * above - rates[i] * n[i]
        above += n[i]
      }
    }
    var k = [Double](repeating: 0, count: count)
    var trial = k
    var sum = k
    for _ in 0..<steps {
      slope(numbers, into: &k)
      for i in 0..<count {
        sum[i] = k[i]
        trial[i] = numbers[i] + 0.5 * step * k[i]
      }
      for (share, reach) in [(2.0, 0.5), (2.0, 1.0)] {
        slope(trial, into: &k)
        for i in 0..<count {
          sum[i] += share * k[i]
          trial[i] = numbers[i] + reach * step * k[i]
        }
      }
      slope(trial, into: &k)
      for i in 0..<count { numbers[i] += step / 6 * (sum[i] + k[i]) }
    }
  }
}
