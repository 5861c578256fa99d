import CKernels
import Fields
import NumericalMethods

/// The block-tridiagonal matrices of a laterally uniform film, one per lateral wave, eliminated from the bottom up.
///
/// Waves stand side by side in tiles of `ck_lane_count`, in the order of the planes' spectra.
final class FilmFactors {
  /// Tiles of waves.
  let tiles: Int
  /// Waves, without those that fill the last tile.
  let modes: Int
  /// Per tile: the symbols and the weight of `ck_layers`; the blocks of the stack below, if there is one; and per node
  /// the inverses of the blocks.
  let symbols, springs, inverses: UnsafeMutablePointer<Double>

  static let lanes = Int(ck_lane_count)
  static let symbolStep = Int(ck_symbol_count) * lanes
  static let blockStep = Int(ck_block_count) * lanes

  /// - Parameters:
  ///   - scale: factor of all matrices.
  /// - Throws: `StrainError.outOfMemory`.
  init(
    _ grid: Grid, _ reference: FilmReference, base: FilmBase, units: StrainUnits, scale: Double,
    inParallel: ((Int) -> Void) -> Void, threads: Int
  ) throws {
    let half = grid.nx / 2 + 1
    let nodes = grid.nz + 1
    modes = half * grid.ny
    let tiles = (modes + Self.lanes - 1) / Self.lanes
    self.tiles = tiles
    let rooms = try StrainRoom.allocate([
      tiles * Self.symbolStep, tiles * Self.blockStep, tiles * nodes * Self.blockStep,
    ])
    let (symbols, springs, inverses) = (rooms[0], rooms[1], rooms[2])
    (self.symbols, self.springs, self.inverses) = (symbols, springs, inverses)
    var stack: LayeredStack?
    if case .layers(let layers) = base {
      stack = LayeredStack(
        layers.map { units.scaled($0.stiffness) }, thicknesses: layers.map(\.thickness), under: grid)
    }
    let modes = modes
    let isClamped = base == .clamped
    func fill(_ tile: Int, _ group: Int) {
      let place = group * Lanes.scalarCount
      let first = tile * Self.lanes + place
      // Waves behind the last one count nothing.
      let numbers = (0..<Lanes.scalarCount).map { first + $0 < modes ? first + $0 : 0 }
      let waves = LateralSymbols(
        modes: numbers.map { SIMD2($0 % half, $0 / half) }, of: SIMD2(grid.nx, grid.ny))
      var weight = Lanes.zero
      var isWave = Lanes.zero
      for (lane, number) in numbers.enumerated() where first + lane < modes {
        let m = number % half
        // The half spectrum stands for the other half too.
        weight[lane] = m == 0 || 2 * m == grid.nx ? 1 : 2
        isWave[lane] = number == 0 ? 0 : 1
      }
      let rows = symbols + (tile * Self.symbolStep + place)
      for (row, value) in [waves.xx, waves.xy, waves.yy, waves.x, waves.y, waves.one, weight].enumerated() {
        Self.store(value, rows + row * Self.lanes)
      }
      var spring = SymmetricBlock.zero
      // The mean of a plane bears no force: it rests where the film does.
      if let stack { spring = stack.spring(waves, scale: 1 / scale).masked(isWave) }
      Self.store(spring, springs + (tile * Self.blockStep + place))
      for node in 0..<nodes {
        if node < grid.nz {
          let element = LayeredElement(reference.layers[node], waves, scale: 1 / scale)
          var inverse = (spring + element.own(1, side: -1)).inverse
          if node == 0 { inverse = inverse.masked(isClamped ? .zero : isWave) }
          spring = inverse.eliminated(element.coupling(1), from: element.own(1, side: 1)).next
          Self.store(inverse, inverses + ((tile * nodes + node) * Self.blockStep + place))
        } else {
          Self.store(spring.inverse, inverses + ((tile * nodes + node) * Self.blockStep + place))
        }
      }
    }
    withoutActuallyEscaping(fill) { fill in
      inParallel { thread in
        for tile in (thread * tiles / threads)..<((thread + 1) * tiles / threads) {
          for group in 0..<(Self.lanes / Lanes.scalarCount) { fill(tile, group) }
        }
      }
    }
  }

  deinit {
    for room in [symbols, springs, inverses] { ck_free(room) }
  }

  private static func store(_ value: Lanes, _ target: UnsafeMutablePointer<Double>) {
    UnsafeMutableRawPointer(target).storeBytes(of: value, as: Lanes.self)
  }

  private static func store(_ block: SymmetricBlock, _ target: UnsafeMutablePointer<Double>) {
    store(block.xx, target)
    store(block.xy, target + lanes)
    store(block.xw, target + 2 * lanes)
    store(block.yy, target + 3 * lanes)
    store(block.yw, target + 4 * lanes)
    store(block.ww, target + 5 * lanes)
  }
}
