import Foundation

/// A crystal between plates: a rectangle of {100} facets around its nucleus, with the height it has reached.
///
/// Each facet is a support function, its distance from the nucleus; facets lie along the plate's edges. Order of
/// facets: +x, +y, −x, −y.
public struct ConfinedCrystal: Hashable, Sendable {
  /// Half the edge of a nucleus, m.
  public static let nucleusReach = 0.5 * PopulationBalance.nucleusEdge

  /// Place on the plate, m from its corner.
  public let nucleus: SIMD2<Double>
  public let birth: Double
  /// Distance of each facet from the nucleus, m.
  public internal(set) var reach = SIMD4<Double>(repeating: Self.nucleusReach)
  /// Height grown from the plate, m; the gap may cut it.
  public internal(set) var height = Self.nucleusReach
  /// m³.
  public internal(set) var volume = 0.0
  /// Moles taken from the field so far.
  var gain = 0.0
  /// Moles per second in the last step.
  var rate = 0.0
  /// Of each facet in the last step, m/s.
  public internal(set) var speeds = SIMD4<Double>.zero
  /// c_i − c* at each facet in the last step, mol/m³.
  var faces = SIMD4<Double>.zero
  /// What `rate` would be if each facet took as much per length as this one.
  var loads = SIMD4<Double>.zero
  /// What each facet takes per length, mol/(m s).
  var densities = SIMD4<Double>.zero
  /// Distances at which the last step took its solute.
  var marks = SIMD4<Double>(repeating: Self.nucleusReach)

  public init(nucleus: SIMD2<Double>, birth: Double) {
    self.nucleus = nucleus
    self.birth = birth
  }

  /// Edges along x and y, m.
  public var extent: SIMD2<Double> { SIMD2(reach[0] + reach[2], reach[1] + reach[3]) }
  /// Edge of the square of the same plan, m.
  public var edge: Double { (extent.x * extent.y).squareRoot() }
  /// Middle of the plan, m.
  public var center: SIMD2<Double> { nucleus + 0.5 * SIMD2(reach[0] - reach[2], reach[1] - reach[3]) }

  /// Length of each facet, m.
  var facetLengths: SIMD4<Double> {
    let (along, across) = (reach[1] + reach[3], reach[0] + reach[2])
    return SIMD4(along, across, along, across)
  }

  /// Length of a facet for given distances.
  static func length(_ facet: Int, _ reach: SIMD4<Double>) -> Double {
    facet % 2 == 0 ? reach[1] + reach[3] : reach[0] + reach[2]
  }

  /// Whether a point lies inside.
  func contains(_ point: SIMD2<Double>) -> Bool {
    let d = point - nucleus
    return d.x < reach[0] && d.y < reach[1] && -d.x < reach[2] && -d.y < reach[3]
  }

  /// A point of a facet, `share` of the way along it, for given distances.
  func point(_ facet: Int, _ share: Double, _ reach: SIMD4<Double>) -> SIMD2<Double> {
    switch facet {
    case 0: nucleus + SIMD2(reach[0], -reach[3] + share * (reach[1] + reach[3]))
    case 1: nucleus + SIMD2(-reach[2] + share * (reach[0] + reach[2]), reach[1])
    case 2: nucleus + SIMD2(-reach[2], -reach[3] + share * (reach[1] + reach[3]))
    default: nucleus + SIMD2(-reach[2] + share * (reach[0] + reach[2]), -reach[3])
    }
  }
}
