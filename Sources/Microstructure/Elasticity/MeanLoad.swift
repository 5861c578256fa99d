import Fields
import NumericalMethods

/// What holds a periodic body: per component either its mean strain or its mean stress.
public struct MeanLoad: Hashable, Sendable {
  public enum Component: Hashable, Sendable {
    /// Mean strain (tensor component); its stress follows.
    case strain(Double)
    /// Mean stress, Pa; its strain follows.
    case stress(Double)
  }

  public var xx, yy, zz, yz, xz, xy: Component

  public init(xx: Component, yy: Component, zz: Component, yz: Component, xz: Component, xy: Component) {
    self.xx = xx
    self.yy = yy
    self.zz = zz
    self.yz = yz
    self.xz = xz
    self.xy = xy
  }

  /// The whole mean strain is prescribed.
  public static func strain(_ e: SymmetricTensor) -> MeanLoad {
    MeanLoad(
      xx: .strain(e.xx), yy: .strain(e.yy), zz: .strain(e.zz), yz: .strain(e.yz), xz: .strain(e.xz), xy: .strain(e.xy))
  }

  /// The whole mean stress is prescribed, Pa.
  public static func stress(_ s: SymmetricTensor) -> MeanLoad {
    MeanLoad(
      xx: .stress(s.xx), yy: .stress(s.yy), zz: .stress(s.zz), yz: .stress(s.yz), xz: .stress(s.xz), xy: .stress(s.xy))
  }

  /// A body that may change its shape freely.
  public static var free: MeanLoad { .stress(SymmetricTensor(isotropic: 0)) }

  static let names = ["xx", "yy", "zz", "yz", "xz", "xy"]

  /// In Voigt's order xx, yy, zz, yz, xz, xy.
  var components: [Component] { [xx, yy, zz, yz, xz, xy] }
}
