/// What the four sides of a grid are to a potential.
public enum LateralBoundary: Hashable, Sendable {
  /// What leaves on one side enters on the other.
  case periodic
  /// Nothing passes: the sides are mirrors.
  case insulating
}

/// What the bottom or the top face of a grid is to a potential.
public enum PotentialFace: Hashable, Sendable {
  /// One electrode on the whole face.
  case electrode
  /// Nothing passes.
  case insulating
  /// Planar electrodes: per cell of the face, x fastest, the number of its electrode from 0, or nil where it is bare.
  case electrodes([Int?])

  /// How many electrodes lie on the face.
  public var electrodeCount: Int {
    switch self {
    case .electrode: 1
    case .insulating: 0
    case .electrodes(let cells): (cells.compactMap { $0 }.max() ?? -1) + 1
    }
  }

  /// The electrode of a cell of the face.
  func electrode(at cell: Int) -> Int? {
    switch self {
    case .electrode: 0
    case .insulating: nil
    case .electrodes(let cells): cells[cell]
    }
  }

  /// Whether electrodes cover just a part.
  var isPartial: Bool {
    if case .electrodes = self { electrodeCount > 0 } else { false }
  }
}

/// The boundary of a grid on which a potential is sought.
///
/// Electrodes are planes at the outer faces, half a cell from the nearest centers. They are numbered bottom face first.
public struct PotentialBoundary: Hashable, Sendable {
  public var lateral: LateralBoundary
  public var bottom: PotentialFace
  public var top: PotentialFace
  /// Conductance per area between the bottom face and its electrodes: of a contact, S/m², or of heat to the
  /// surroundings, W/(m² K). Infinite where the face has the electrode's potential.
  public var bottomTransfer: Double
  /// The same at the top.
  public var topTransfer: Double

  public init(
    lateral: LateralBoundary = .periodic, bottom: PotentialFace = .electrode, top: PotentialFace = .electrode,
    bottomTransfer: Double = .infinity, topTransfer: Double = .infinity
  ) {
    precondition(bottomTransfer >= 0 && topTransfer >= 0, "a conductance per area is 0 or more")
    self.lateral = lateral
    self.bottom = bottom
    self.top = top
    self.bottomTransfer = bottomTransfer
    self.topTransfer = topTransfer
  }

  /// Electrodes on both faces: as many potentials does a solution take.
  public var electrodeCount: Int { bottom.electrodeCount + top.electrodeCount }

  /// The number of the electrode at a cell of the bottom, or none.
  func bottomElectrode(_ cell: Int) -> Int? { bottom.electrode(at: cell) }

  /// The number of the electrode at a cell of the top, or none.
  func topElectrode(_ cell: Int) -> Int? { top.electrode(at: cell).map { $0 + bottom.electrodeCount } }
}
