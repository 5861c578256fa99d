/// The package itself.
public enum Boule {
  /// The release.
  public static let version = "0.1.0"
  /// The day of the release, s since 1970: the date that result files carry unless SOURCE_DATE_EPOCH says otherwise.
  public static let releaseDate = 1_795_392_000
}
