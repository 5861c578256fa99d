import Fields
import Foundation
import Quantities
import Reporting
import Specimens

/// Charts of one crystal: how it grew, what it looks like.
extension Forecast {
  var crystalBlocks: [ReportSection.Block] {
    guard let crystal = exemplar?.crystal ?? ensemble.outcomes.first(where: { $0.crystal != nil })?.crystal else {
      return []
    }
    return [
      .lines(
        course("Temperature program", "temperature", .celsius, crystal) { $0.temperature.si }, width: .third),
      .lines(course("Saturation ratio c/c*", "c/c*", .one, crystal) { $0.saturation.si }, width: .third),
      .lines(
        course(
          crystal.grains == nil ? "Edge of the largest crystal" : "Growth of the film", "size", .meter, crystal
        ) { $0.largestSize.si }, width: .third),
      .map(
        MapChart(
          "Thickness over the crystal",
          caption: crystal.grains == nil
            ? "First device's crystal, seen from above; coordinates of the plate."
            : "First device's film, seen from above: all of it, or a piece of some grains.",
          label: "thickness", unit: .micrometer, of: crystal.thicknessMap.nearItsCorner, plane: .xy(z: 0), blank: 0),
        width: .third),
    ]
      // A film has no nucleus from which its rings would run.
      + (crystal.zoning.count > 1
        ? [
          .map(
            MapChart(
              "Mobile vacancies over the crystal", caption: "Each ring keeps what its front left behind when it grew.",
              label: "vacancies", unit: .perCubicCentimeter, of: crystal.vacancyMap.nearItsCorner, plane: .xy(z: 0),
              blank: 0),
            width: .third), .lines(zoning(crystal), width: .third),
        ] : [])
  }

  private func course(
    _ title: String, _ label: String, _ unit: ReportUnit, _ crystal: GrownCrystal, _ value: (GrowthRecord) -> Double
  ) -> LineChart {
    LineChart(
      title, horizontal: ReportAxis("time", unit: .hour), vertical: ReportAxis(label, unit: unit),
      curves: [
        LineChart.Curve(
          label, x: crystal.record.map(\.time.si), y: crystal.record.map(value), color: .series(0))
      ])
  }

  private func zoning(_ crystal: GrownCrystal) -> LineChart {
    let x = crystal.zoning.map(\.radius.si)
    return LineChart(
      "Zoning from the nucleus outward", caption: "Vacancies that the front trapped, after relaxation and cooling.",
      horizontal: ReportAxis("distance from the nucleus", unit: .meter),
      vertical: ReportAxis("density", unit: .perCubicCentimeter),
      curves: [
        LineChart.Curve("halide vacancies", x: x, y: crystal.zoning.map(\.halideVacancies.si), color: .series(0)),
        LineChart.Curve(
          "cation vacancies", x: x, y: crystal.zoning.map(\.cationVacancies.si), color: .series(1)),
      ])
  }

  var fieldBlocks: [ReportSection.Block] {
    guard let fields = exemplar?.storedFields else { return [] }
    let grid = fields.vacancyDensity.grid
    let middle = grid.ny / 2
    let top = grid.nz - 1
    var dilatation = fields.strain.components[0]
    for i in dilatation.values.indices {
      dilatation.values[i] += fields.strain.components[1].values[i] + fields.strain.components[2].values[i]
    }
    // Both vary by little about their mean: the deviation is what can be seen.
    let dilatationMean = dilatation.subtractMean()
    var barrier = fields.migrationBarrier
    let barrierMean = barrier.subtractMean() / Constants.elementaryCharge
    let millionths = ReportUnit(symbol: "10⁻⁶", scale: 1e-6)
    let microelectronvolts = ReportUnit(symbol: "µeV", scale: 1e-6 * Constants.elementaryCharge)
    let cell = fields.stepMap.grid
    let corner = cell.origin + SIMD3(Double(fields.windowCell.x), Double(fields.windowCell.y), 0) * cell.spacing
    let frame = MapChart.Frame(
      "window's cell", x: corner.x...(corner.x + cell.spacing.x), y: corner.y...(corner.y + cell.spacing.y))
    return [
      .map(
        MapChart(
          "Vacancies over the electrode", caption: "Growth steps and rings: density over the crystal's, first device.",
          label: "relative density", unit: .one, of: fields.stepMap, plane: .xy(z: 0), frames: [frame]), width: .third),
      .map(
        MapChart(
          "Vacancies at the contact", caption: "Top plane of the window.", label: "vacancies",
          unit: .perCubicCentimeter, of: fields.vacancyDensity, plane: .xy(z: top), isLogarithmic: true), width: .third),
      .map(
        MapChart(
          "Hop barrier at the contact",
          caption: String(format: "Top plane of the window; deviation from the mean, %.4f eV.", barrierMean),
          label: "deviation", unit: microelectronvolts, of: barrier, plane: .xy(z: top), colors: .diverging(around: 0)),
        width: .third),
      .map(
        MapChart(
          "Dilatation",
          caption: String(
            format:
              "Trace of the elastic strain in an upright slice, the contact at the top; deviation from the mean, %.4f %%.",
            100 * dilatationMean),
          label: "deviation", unit: millionths, of: dilatation, plane: .xz(y: middle), colors: .diverging(around: 0)),
        width: .half),
      .map(
        MapChart(
          "Hop barrier", caption: "The same slice; deviation from the mean. Tension opens the way.", label: "deviation",
          unit: microelectronvolts, of: barrier, plane: .xz(y: middle), colors: .diverging(around: 0)), width: .half),
    ]
      + (exemplar?.storedBands.map { [.lines(bandDiagram($0), width: .half)] } ?? [])
      + [
        .map(
          MapChart(
            "Deep traps",
            caption: fields.grains == nil
              ? "Top plane of the window." : "Top plane of the window: most lie in the boundaries of grains.",
            label: "traps", unit: .perCubicCentimeter, of: fields.trapDensity, plane: .xy(z: top), isLogarithmic: true),
          width: .half)
      ]
  }

  /// Means over planes, from the contact down.
  private func bandDiagram(_ bands: BandFields) -> LineChart {
    let grid = bands.potential.grid
    func means(_ field: Field) -> [Double] {
      (0..<grid.nz).reversed().map { k in
        field.values[(k * grid.planeCount)..<((k + 1) * grid.planeCount)].reduce(0, +) / Double(grid.planeCount)
      }
    }
    let depth = (0..<grid.nz).map { (Double($0) + 0.5) * grid.spacing.z }
    let level = means(bands.fermiLevel)
    let gap = (try? source.nominal.material(recipe.material).electronicStructure.bandGap.si) ?? 0
    return LineChart(
      "Bands at the contact", caption: "Without a voltage, against the Fermi level; mean over planes of the window.",
      horizontal: ReportAxis("depth below the contact", unit: .meter),
      vertical: ReportAxis("energy", unit: .electronvolt),
      curves: [
        LineChart.Curve("conduction band", x: depth, y: level.map { gap - $0 }, color: .series(0)),
        LineChart.Curve("valence band", x: depth, y: level.map { -$0 }, color: .series(1)),
      ])
  }
}

extension GrownCrystal {
  /// Halide vacancies over the plan, 1/m³: the rings of the zoning profile as squares around the nucleus.
  var vacancyMap: Field {
    var map = thicknessMap
    for j in 0..<map.grid.ny {
      for i in 0..<map.grid.nx where map[i, j, 0] > 0 {
        let place = map.grid.center(i, j, 0)
        map[i, j, 0] = halideVacancies(at: SIMD2(place.x, place.y))
      }
    }
    return map
  }
}

extension Field {
  /// The same map, counted from its own corner where it is so small a piece of the plate that the plate's coordinates would
  /// show no difference.
  fileprivate var nearItsCorner: Field {
    let extent = Double(grid.nx) * grid.spacing.x
    guard extent < 0.01 * abs(grid.origin.x) else { return self }
    var local = grid
    local.origin = .zero
    return Field(local, values: values)
  }

  /// Takes the mean off every value and returns it.
  fileprivate mutating func subtractMean() -> Double {
    let mean = self.mean
    for i in values.indices { values[i] -= mean }
    return mean
  }
}
