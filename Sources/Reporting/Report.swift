import Materials
import Specimens

/// Everything a run has to tell, ready to be looked at: as one page of HTML or as a plain table.
///
/// Both are built from this one value, so they cannot disagree. All text is plain text: markup in it is shown, not
/// obeyed. `V_SET` in a name is shown with a subscript on the page.
public struct Report: Sendable {
  public var title: String
  /// One sentence: what came out, with its number.
  public var verdict: String
  /// Short facts under the title: material, route, seed.
  public var facts: [String]
  public var recipeName: String
  /// The recipe as it was written.
  public var recipeText: String
  /// Six to eight numbers that a reader takes away.
  public var keyFigures: [ReportNumber]
  public var sections: [ReportSection]
  /// Where every input number came from.
  public var provenance: [Provenance]
  public var warnings: [ValidityWarning]
  /// What made the page, with its version.
  public var software: String

  public init(
    title: String, verdict: String, facts: [String] = [], recipeName: String, recipeText: String,
    keyFigures: [ReportNumber], sections: [ReportSection], provenance: [Provenance], warnings: [ValidityWarning],
    software: String
  ) {
    self.title = title
    self.verdict = verdict
    self.facts = facts
    self.recipeName = recipeName
    self.recipeText = recipeText
    self.keyFigures = keyFigures
    self.sections = sections
    self.provenance = provenance
    self.warnings = warnings
    self.software = software
  }
}

/// A part of a report under one heading.
public struct ReportSection: Sendable {
  /// How much of the page's width a block takes.
  public enum Width: String, Sendable, CaseIterable {
    case full, half, third, twoThirds
  }

  /// What can stand in a section.
  public enum Content: Sendable {
    case numbers([ReportNumber])
    case chart(ReportChart)
    case table(ReportTable)
    case text(String)
  }

  /// A piece of content and the room it takes; blocks fill the rows of the page from left to right.
  public struct Block: Sendable {
    public var content: Content
    public var width: Width

    public init(_ content: Content, width: Width) {
      self.content = content
      self.width = width
    }

    /// Numbers with spread and interval; they also enter the plain table.
    public static func numbers(_ rows: [ReportNumber], width: Width = .full) -> Block {
      Block(.numbers(rows), width: width)
    }

    public static func lines(_ chart: LineChart, width: Width = .half) -> Block {
      Block(.chart(.lines(chart)), width: width)
    }

    public static func distribution(_ chart: DistributionChart, width: Width = .half) -> Block {
      Block(.chart(.distribution(chart)), width: width)
    }

    public static func map(_ chart: MapChart, width: Width = .half) -> Block {
      Block(.chart(.map(chart)), width: width)
    }

    public static func bars(_ chart: BarChart, width: Width = .half) -> Block {
      Block(.chart(.bars(chart)), width: width)
    }

    /// A table of the page only, such as the fits of a distribution.
    public static func table(_ table: ReportTable, width: Width = .full) -> Block {
      Block(.table(table), width: width)
    }

    public static func text(_ text: String, width: Width = .full) -> Block { Block(.text(text), width: width) }
  }

  public var title: String
  /// One or two sentences under the heading; may be empty.
  public var introduction: String
  public var blocks: [Block]

  public init(_ title: String, introduction: String = "", _ blocks: [Block]) {
    self.title = title
    self.introduction = introduction
    self.blocks = blocks
  }
}
