import Foundation
import Materials
import Quantities
import Testing

/// Reflection conditions and classes as the International Tables A list them.
@Suite struct LatticeSymmetryTests {
  static func lattice(
    _ spaceGroup: String?, _ centering: Lattice.Centering, a: Double = 5, b: Double? = nil, c: Double? = nil,
    angles: (Double?, Double?, Double?) = (nil, nil, nil)
  ) -> Lattice {
    let angle = { (degrees: Double?) -> Angle? in degrees.map { Angle(si: $0 * Double.pi / 180) } }
    return Lattice(
      formulaUnits: 1, centering: centering, spaceGroup: spaceGroup, a: Length(si: a), b: b.map { Length(si: $0) },
      c: c.map { Length(si: $0) }, alpha: angle(angles.0), beta: angle(angles.1), gamma: angle(angles.2))
  }

  /// Every reflection up to an index of 6 is extinct exactly where the rule says.
  private static func expect(_ lattice: Lattice, _ isExtinct: (Int, Int, Int) -> Bool) throws {
    let symmetry = try LatticeSymmetry(of: lattice)
    for h in -6...6 {
      for k in -6...6 {
        for l in -6...6 {
          #expect(symmetry.isExtinct(h, k, l) == isExtinct(h, k, l), "\(h) \(k) \(l)")
        }
      }
    }
  }

  private static func odd(_ n: Int) -> Bool { n % 2 != 0 }

  @Test func pbcaHasItsThreeGlides() throws {
    try Self.expect(Self.lattice("Pbca", .P, a: 8.9, b: 8.7, c: 27.6)) { h, k, l in
      (h == 0 && Self.odd(k)) || (k == 0 && Self.odd(l)) || (l == 0 && Self.odd(h))
    }
  }

  @Test func i4mcmHasItsCGlide() throws {
    try Self.expect(Self.lattice("I4/mcm", .I, a: 8.48, c: 15.25)) { h, k, l in
      Self.odd(h + k + l) || ((h == 0 || k == 0) && Self.odd(l))
    }
  }

  @Test func diamondHasItsDGlides() throws {
    try Self.expect(Self.lattice("Fd-3m", .F)) { h, k, l in
      let mixed = Self.odd(h + k) || Self.odd(k + l)
      return mixed || (h == 0 && (k + l) % 4 != 0) || (k == 0 && (h + l) % 4 != 0) || (l == 0 && (h + k) % 4 != 0)
    }
  }

  @Test func p21cHasGlideAndScrew() throws {
    try Self.expect(Self.lattice("P2_1/c", .P, a: 6, b: 7, c: 9, angles: (nil, 104, nil))) { h, k, l in
      (k == 0 && Self.odd(l)) || (h == 0 && l == 0 && Self.odd(k))
    }
  }

  @Test func closePackedHexagonsLackOddLayers() throws {
    try Self.expect(Self.lattice("P6_3/mmc", .P, c: 8, angles: (nil, nil, 120))) { h, k, l in
      // hhl, h −2h l and −2h h l are one condition.
      (h == k || k == -2 * h || h == -2 * k) && Self.odd(l)
    }
  }

  @Test func rhombohedralCellsObeyTheObverseCondition() throws {
    try Self.expect(Self.lattice(nil, .R, c: 14, angles: (nil, nil, 120))) { h, k, l in (-h + k + l) % 3 != 0 }
  }

  /// Operations of the Laue class, told by the size of a general family.
  @Test(arguments: [
    ("Pm-3m", 48), ("Pa-3", 24), ("P6_3/mmc", 24), ("I4/mcm", 16), ("I4_1/a", 8), ("Pbca", 8), ("P2_1/c", 4),
    ("P-1", 2), ("R-3c", 12), ("R-3", 6), ("P2_12_12_1", 8), ("F-43m", 48), ("P4_2", 8),
  ])
  func aGeneralFaceHasAsManyFellowsAsTheLaueClassHasOperations(symbol: String, count: Int) throws {
    let centering = Lattice.Centering(rawValue: String(symbol.prefix(1)))!
    let third: Double? = symbol.contains("3m") && !symbol.contains("6") || symbol == "Pa-3" ? nil : 9
    let isHexagonal = ["P6_3/mmc", "R-3c", "R-3"].contains(symbol)
    let lattice = Self.lattice(
      symbol, centering, a: 5, b: ["Pbca", "P2_1/c", "P-1", "P2_12_12_1"].contains(symbol) ? 7 : nil, c: third,
      angles: isHexagonal
        ? (nil, nil, 120) : symbol == "P2_1/c" ? (nil, 100, nil) : symbol == "P-1" ? (80, 85, 95) : (nil, nil, nil))
    #expect(try LatticeSymmetry(of: lattice).family(SIMD3(1, 2, 4)).count == count)
  }

  /// A cell without a symbol has what its metric and centering allow.
  @Test func aBareCellHasItsHolohedry() throws {
    let cells: [(Lattice, Int)] = [
      (Self.lattice(nil, .P), 48), (Self.lattice(nil, .F), 48), (Self.lattice(nil, .P, c: 7), 16),
      (Self.lattice(nil, .C, c: 7), 16), (Self.lattice(nil, .A), 16), (Self.lattice(nil, .P, b: 6, c: 7), 8),
      (Self.lattice(nil, .P, c: 7, angles: (nil, nil, 120)), 24),
      (Self.lattice(nil, .R, c: 7, angles: (nil, nil, 120)), 12),
      (Self.lattice(nil, .P, b: 6, c: 7, angles: (nil, 100, nil)), 4),
      (Self.lattice(nil, .P, b: 6, c: 7, angles: (80, 100, 95)), 2),
    ]
    for (cell, count) in cells { #expect(try LatticeSymmetry(of: cell).family(SIMD3(1, 2, 4)).count == count) }
  }

  /// Equivalent planes have one spacing, whatever the class.
  @Test func familiesShareTheirSpacing() throws {
    for (symbol, angle) in [("R-3c", 120.0), ("P6_3/mmc", 120), ("I4/mcm", 90)] {
      let lattice = Self.lattice(
        symbol, Lattice.Centering(rawValue: String(symbol.prefix(1)))!, c: 11,
        angles: (nil, nil, angle == 90 ? nil : angle))
      let reference = lattice.reciprocal(2, 1, 3)
      for face in try LatticeSymmetry(of: lattice).family(SIMD3(2, 1, 3)) {
        let other = lattice.reciprocal(face.x, face.y, face.z)
        #expect(abs((other * other).sum() / (reference * reference).sum() - 1) < 1e-12)
      }
    }
  }

  @Test func aSymbolThatContradictsTheCellIsNamed() {
    #expect(throws: LatticeError.otherCell(symbol: "Pm-3m")) {
      try LatticeSymmetry(of: Self.lattice("Pm-3m", .P, c: 6))
    }
    #expect(throws: LatticeError.otherCentering(symbol: "Fm-3m", centering: "P")) {
      try LatticeSymmetry(of: Self.lattice("Fm-3m", .P))
    }
    for symbol in ["P", "Pq", "P7", "P2_3", "P4/", "Pmmmm", "P-", "Pmm"] {
      #expect(throws: LatticeError.unreadableSymbol(symbol)) { try LatticeSymmetry(of: Self.lattice(symbol, .P)) }
    }
  }
}
