/// Where the vectors of an iteration stand; all start on even places, as transforms need it.
struct PotentialWorkspace {
  let vector: Int
  let face: Int

  init(count: Int, plane: Int) {
    // Not all at the same place of the cache.
    vector = (count + 1) / 2 * 2 + 88
    face = (plane + 1) / 2 * 2
  }

  var total: Int { 5 * vector + 3 * face }
}
