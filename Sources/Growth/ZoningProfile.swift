import Defects
import Foundation
import Materials
import NumericalMethods
import Quantities
import Specimens

/// What each ring of a crystal kept from the moment it grew, and what relaxation has left of it since.
struct ZoningProfile {
  /// Rings from the nucleus outward, equally wide.
  static let ringCount = 48

  /// Half the edge at which the ring grew, m.
  var radii: [Double] = []
  var births: [Double] = []
  var temperatures: [Double] = []
  var speeds: [Double] = []
  /// Cation vacancies now, 1/m³.
  var vacancies: [Double] = []

  /// The rings of a crystal whose growth has ended.
  init(_ moments: [FrontHistory.Moment], compound: Compound) throws {
    let finalEdge = moments.last?.edge ?? 0
    // Mean speed of each time step, at the edge halfway through it.
    var halfway: [(edge: Double, speed: Double)] = []
    for (a, b) in zip(moments, moments.dropFirst()) {
      let (from, to) = (a.edge, b.edge)
      guard to > from, b.time > a.time else { continue }
      halfway.append((0.5 * (from + to), (to - from) / (2 * (b.time - a.time))))
    }
    var step = 1
    var mark = 0
    for ring in 0..<Self.ringCount {
      let edge = finalEdge * (Double(ring) + 0.5) / Double(Self.ringCount)
      while step < moments.count, moments[step].edge < edge { step += 1 }
      guard step < moments.count, !halfway.isEmpty else { break }
      let (a, b) = (moments[step - 1], moments[step])
      let (from, to) = (a.edge, b.edge)
      let share = to > from ? max(0, (edge - from) / (to - from)) : 0
      while mark + 1 < halfway.count, halfway[mark + 1].edge < edge { mark += 1 }
      var speed = halfway[mark].speed
      if mark + 1 < halfway.count, edge > halfway[mark].edge {
        let (p, q) = (halfway[mark], halfway[mark + 1])
        speed += (q.speed - p.speed) * (edge - p.edge) / (q.edge - p.edge)
      }
      let temperature = a.temperature + share * (b.temperature - a.temperature)
      let equilibrium = try SchottkyDisorder(of: compound, at: .kelvin(temperature)).densities().cationVacancies
      radii.append(edge / 2)
      births.append(a.time + share * (b.time - a.time))
      temperatures.append(temperature)
      speeds.append(speed)
      vacancies.append(
        FrontTrapping.vacancyDensity(equilibrium: equilibrium, speed: Velocity(si: speed), of: compound.defects))
    }
    guard !radii.isEmpty else { throw GrowthError.dissolved }
    try relax(alongside: moments, compound: compound)
  }

  /// Rings as an earlier step handed them over.
  init(_ points: [ZoningPoint]) {
    radii = points.map(\.radius.si)
    births = []
    temperatures = points.map(\.temperature.si)
    speeds = points.map(\.growthRate.si)
    vacancies = points.map(\.cationVacancies.si)
  }

  private mutating func relax(alongside moments: [FrontHistory.Moment], compound: Compound) throws {
    let law = FreezeOut(of: compound)
    for index in 1..<moments.count {
      let (a, b) = (moments[index - 1], moments[index])
      let temperature = 0.5 * (a.temperature + b.temperature)
      let disorder = try SchottkyDisorder(of: compound, at: .kelvin(temperature))
      let equilibrium = try disorder.densities().cationVacancies
      for ring in radii.indices where births[ring] < b.time {
        vacancies[ring] = law.relaxed(
          vacancies[ring], toward: equilibrium, after: b.time - max(a.time, births[ring]), at: temperature)
      }
    }
  }

  /// Lets every ring relax for a time at one temperature.
  mutating func relax(for time: Double, at temperature: Double, compound: Compound) throws {
    let law = FreezeOut(of: compound)
    let equilibrium = try SchottkyDisorder(of: compound, at: .kelvin(temperature)).densities().cationVacancies
    for ring in radii.indices {
      vacancies[ring] = law.relaxed(vacancies[ring], toward: equilibrium, after: time, at: temperature)
    }
  }

  /// The mean over the crystal's plan: rings count with their area.
  func planMean(_ values: [Double]) -> Double {
    var sum = 0.0
    var weight = 0.0
    for (radius, value) in zip(radii, values) {
      sum += radius * value
      weight += radius
    }
    return sum / weight
  }

  /// The rings for the hand-over; halide vacancies balance the charge of the cation and lead vacancies.
  func points(leadVacancies: Double) -> [ZoningPoint] {
    radii.indices.map { ring in
      ZoningPoint(
        radius: Length(si: radii[ring]), temperature: .kelvin(temperatures[ring]),
        growthRate: Velocity(si: speeds[ring]), cationVacancies: NumberDensity(si: vacancies[ring]),
        halideVacancies: NumberDensity(si: vacancies[ring] + 2 * leadVacancies))
    }
  }
}
