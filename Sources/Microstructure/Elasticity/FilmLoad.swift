/// What holds a film laterally: per component either its mean strain or its mean stress. Its top bears no load.
///
/// A periodic film stays flat in the mean: what would bend it is held. `Eigenstrain.bending` bends it.
public struct FilmLoad: Hashable, Sendable {
  public var xx, yy, xy: MeanLoad.Component

  public init(xx: MeanLoad.Component, yy: MeanLoad.Component, xy: MeanLoad.Component) {
    self.xx = xx
    self.yy = yy
    self.xy = xy
  }

  /// The mean strain is prescribed; tensor components.
  public static func strain(xx: Double = 0, yy: Double = 0, xy: Double = 0) -> FilmLoad {
    FilmLoad(xx: .strain(xx), yy: .strain(yy), xy: .strain(xy))
  }

  /// The mean stress over the film's voxels is prescribed, Pa: only for a film that is free below.
  public static func stress(xx: Double = 0, yy: Double = 0, xy: Double = 0) -> FilmLoad {
    FilmLoad(xx: .stress(xx), yy: .stress(yy), xy: .stress(xy))
  }

  /// The mean strain is 0, as on a support that does not stretch.
  public static let held = FilmLoad.strain()
  /// The film may change its size freely.
  public static let free = FilmLoad.stress()

  /// The components normal to the film are left to its displacement.
  var meanLoad: MeanLoad { MeanLoad(xx: xx, yy: yy, zz: .strain(0), yz: .strain(0), xz: .strain(0), xy: xy) }
}
