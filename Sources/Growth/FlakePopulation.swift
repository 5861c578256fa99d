import Foundation
import Materials
import NumericalMethods
import Quantities

/// A flake on the tape, and how many like it there are.
public struct TapeFlake: Hashable, Sendable {
  public var layers: Int
  /// m².
  public var area: Double
  /// The largest that it has borne.
  public var strain: Double
  /// Flakes that this one stands for: 1 while all are followed.
  public var count: Double

  public init(layers: Int, area: Double, strain: Double = 0, count: Double = 1) {
    self.layers = layers
    self.area = area
    self.strain = strain
    self.count = count
  }
}

/// All flakes of one crystal, peel by peel.
///
/// A peel opens interfaces (`LayerFragmentation`), then bends every piece by itself (`PeelStrain`) and tears it where
/// the strain is more than it has borne so far (`AreaTearing`): a flaw that has held once holds again. Thin flakes bend
/// more, so tear more.
///
/// While they are few, all flakes are followed. Where a peel would on average make more than the limit, points of the
/// crystal drawn at random are followed instead, each with the flake around it: a flake that holds the share s of the
/// substance stands for (1/M)/s flakes, with M points. Means and sums of what is followed are those of all flakes
/// without bias; the substance Σ count · layers · area is kept to rounding either way.
public struct FlakePopulation: Sendable {
  public private(set) var flakes: [TapeFlake]
  /// Layers times area of the crystal, m².
  public let substance: Double
  /// Flakes followed, about.
  public let limit: Int
  /// Whether the flakes are a sample.
  public private(set) var isSampled = false

  /// - Parameters:
  ///   - layers: at least 1.
  ///   - area: of the crystal's plan, above 0.
  ///   - strain: the largest that the crystal has borne, if it is itself a flake.
  public init(layers: Int, area: Area, strain: Ratio = Ratio(si: 0), limit: Int = 10_000) {
    precondition(layers > 0 && area.si > 0 && limit > 0, "a crystal has layers and an area")
    flakes = [TapeFlake(layers: layers, area: area.si, strain: strain.si)]
    substance = Double(layers) * area.si
    self.limit = limit
  }

  /// One peel.
  /// - Parameter probability: that an interface opens.
  public mutating func peel(probability: Double, bending: PeelStrain, random: inout RandomSource) {
    let cleavage = LayerFragmentation(probability: probability)
    let spacing = bending.law.layerSpacing.si
    /// Tears a piece; its strain from now on, and the cracks that are new to it.
    func bent(_ layers: Int, _ flake: TapeFlake) -> (strain: Double, tearing: AreaTearing) {
      let strain = bending.strain(thickness: Length(si: Double(layers) * spacing))
      guard strain.si > flake.strain else { return (flake.strain, AreaTearing(density: 0)) }
      let density =
        bending.crackDensity(strain: strain) - bending.crackDensity(strain: Ratio(si: flake.strain))
      return (strain.si, AreaTearing(density: density))
    }
    // Decided by what is expected: to draw first and keep the draw where it is small would favor few pieces.
    if expectedPieces(of: cleavage, bent) <= Double(limit), let pieces = every(of: cleavage, bent, random: &random) {
      flakes = pieces
    } else {
      flakes = sample(of: cleavage, bent, random: &random)
      isSampled = true
    }
  }

  private typealias Bending = (Int, TapeFlake) -> (strain: Double, tearing: AreaTearing)

  /// Pieces after a peel, on average, estimated from above; no further than the limit.
  private func expectedPieces(of cleavage: LayerFragmentation, _ bent: Bending) -> Double {
    var sum = 0.0
    for flake in flakes {
      var low = 1
      while low <= flake.layers, sum <= Double(limit) {
        let high = min(flake.layers, 2 * low - 1)
        let count =
          cleavage.expectedPieces(of: flake.layers, atLeast: low)
          - cleavage.expectedPieces(of: flake.layers, atLeast: high + 1)
        let cracks = max(bent(low, flake).tearing.density, bent(high, flake).tearing.density) * flake.area
        sum += count * (1 + cracks)
        low *= 2
      }
    }
    return sum
  }

  /// Every piece of every flake; nil if chance makes them many times more than expected.
  private func every(
    of cleavage: LayerFragmentation, _ bent: Bending, random: inout RandomSource
  ) -> [TapeFlake]? {
    var pieces: [TapeFlake] = []
    for flake in flakes {
      var layersLeft = flake.layers
      while layersLeft > 0 {
        let layers = cleavage.piece(of: layersLeft, random: &random)
        layersLeft -= layers
        let (strain, tearing) = bent(layers, flake)
        var areaLeft = flake.area
        repeat {
          let area = tearing.piece(of: areaLeft, random: &random)
          areaLeft -= area
          guard pieces.count < 16 * limit else { return nil }
          pieces.append(TapeFlake(layers: layers, area: area, strain: strain, count: flake.count))
        } while areaLeft > 0
      }
    }
    return pieces
  }

  /// The pieces around as many points as the limit, spread evenly over the substance.
  private func sample(of cleavage: LayerFragmentation, _ bent: Bending, random: inout RandomSource) -> [TapeFlake] {
    let share = substance / Double(limit)
    let start = random.uniform()
    var pieces: [TapeFlake] = []
    pieces.reserveCapacity(limit)
    var index = 0
    var reach = flakes[0].count * Double(flakes[0].layers) * flakes[0].area
    for point in 0..<limit {
      let place = (Double(point) + start) * share
      while reach < place, index < flakes.count - 1 {
        index += 1
        reach += flakes[index].count * Double(flakes[index].layers) * flakes[index].area
      }
      let flake = flakes[index]
      let layers = cleavage.pieceAroundRandomLayer(of: flake.layers, random: &random)
      let (strain, tearing) = bent(layers, flake)
      let area = tearing.pieceAroundRandomPoint(of: flake.area, random: &random)
      pieces.append(
        TapeFlake(layers: layers, area: area, strain: strain, count: share / (Double(layers) * area)))
    }
    return pieces
  }
}
