/// What is below a film.
public enum FilmBase: Hashable, Sendable {
  /// The lowest plane of nodes rests, but for the film's mean strain.
  case clamped
  /// Layers, bottom to top, of which the first one is a thick support; the film's mean strain is theirs too.
  case layers([ElasticLayer])
  /// Nothing: a free-standing film.
  case free
}
