import Foundation
import Materials
import Quantities

/// A vessel of mixed solution: how solute reaches the faces of crystals in it, and where crystals are born.
///
///     Ra = g Δρ L³/(μ D),  Δρ = M (c − c_i)(1 − ρ_s/ρ_c)                  still: Sh = 2 + 0.589 Ra^{1/4}
///     ε = P₀ N³ d⁵/V,  u = min((ε L)^{1/3}, π N d),  Re = u L ρ/μ         stirred: Sh = 2 + 0.6 Re^{1/2} (μ/ρD)^{1/3}
///
/// Physics (1.7). A stirred crystal meets the speed of the eddies of its own size (Kolmogorov) at the mean power that the
/// stirrer puts into the solution, at most the speed of the stirrer's tip. The larger of both Sh counts. Viscosity is that of
/// the solvent: concentrated solutions are thicker.
struct SolutionVessel {
  /// A stirrer of length d that turns N times per second.
  struct Stirrer {
    var rate: Double
    var length: Double

    /// P₀: power over ρ N³ d⁵ in a baffle-free vessel; between 0.3 and 1 for bars.
    static let powerNumber = 0.5
  }

  /// Particles that nuclei form on.
  struct Dust {
    /// Particles per volume of solution, 1/m³.
    var density: Double
    /// Diameter, m.
    var size: Double
    var contactAngle: Angle
  }

  let compound: Compound
  let liquor: MotherLiquor
  /// Of the solution, m³.
  let volume: Double
  /// Wetted by the solution, m².
  let wallArea: Double
  let contactAngle: Angle
  let stirrer: Stirrer?
  let dust: Dust?

  /// Inner area of a cylinder filled as high as it is wide, without its lid: 5π r² with V = 2π r³.
  static func wallArea(volume: Double) -> Double {
    let radius = cbrt(volume / (2 * Double.pi))
    return 5 * Double.pi * radius * radius
  }

  /// ε, W/kg.
  var dissipation: Double {
    guard let stirrer else { return 0 }
    let d = stirrer.length
    return Stirrer.powerNumber * stirrer.rate * stirrer.rate * stirrer.rate * d * d * d * d * d / volume
  }

  /// The speed law of faces at a concentration (moles per volume of solvent) and temperature.
  func faceLaw(_ growth: FaceGrowth) -> PopulationBalance.FaceLaw {
    let inverseDensity = 1 / growth.crystalDensity
    let inSolution = { (c: Double) -> Double in c / (1 + c * inverseDensity) }
    let lift =
      Constants.gravity * compound.molarMass.si
      * max(0, 1 - liquor.density / (growth.crystalDensity * compound.molarMass.si))
    let eddies = cbrt(dissipation)
    let tip = stirrer.map { Double.pi * $0.rate * $0.length } ?? 0
    let liquor = self.liquor
    let table = OpenFaceTable(growth)
    return { concentration, temperature, edges, _, speeds in
      let diffusivity = liquor.diffusivity(at: temperature)
      let viscosity = liquor.viscosity(at: temperature)
      let kinematic = viscosity / liquor.density
      // Re = u L/ν of a crystal of 1 m at either speed.
      let schmidt = kinematic / diffusivity
      let forced = { (speed: Double) -> Double in
        FaceGrowth.stirredSherwood(reynolds: speed / kinematic, schmidt: schmidt) - 2
      }
      table.reset(
        OpenFaceTable.Moment(
          concentration: inSolution(concentration), saturation: inSolution(liquor.saturation(at: temperature)),
          temperature: temperature, diffusivity: diffusivity, buoyancy: lift / (viscosity * diffusivity),
          eddies: forced(eddies), tip: forced(tip)))
      try table.speeds(edges, into: speeds)
    }
  }

  /// Births per second: in the bulk, on the walls and on dust, physics (1.6).
  func birthRate() -> PopulationBalance.BirthRate {
    let (liquor, volume, wallArea) = (self.liquor, self.volume, self.wallArea)
    let nucleation = ClassicalNucleation(of: compound, in: liquor, contactAngle: contactAngle)
    let onDust = dust.map { ClassicalNucleation(of: compound, in: liquor, contactAngle: $0.contactAngle) }
    let dustArea = dust.map { $0.density * volume * Double.pi * $0.size * $0.size } ?? 0
    return { concentration, temperature, _ in
      let saturation = liquor.saturation(at: temperature)
      let ratio = concentration / saturation
      guard ratio > 1 else { return 0 }
      var rate =
        volume * nucleation.rate(supersaturation: ratio, saturation: saturation, temperature: temperature)
        + wallArea * nucleation.wallRate(supersaturation: ratio, saturation: saturation, temperature: temperature)
      if let onDust {
        rate += dustArea * onDust.wallRate(supersaturation: ratio, saturation: saturation, temperature: temperature)
      }
      return rate
    }
  }

  /// A batch of the solution before its first moment.
  func batch(
    concentration: Double, program: TemperatureProgram, relativeTolerance: Double = 1e-6
  ) -> PopulationBalance {
    PopulationBalance(
      crystalDensity: compound.molarDensity, solventVolume: volume / (1 + concentration / compound.molarDensity),
      concentration: concentration, program: program, relativeTolerance: relativeTolerance,
      faceLaw: faceLaw(FaceGrowth(of: compound)), birthRate: birthRate())
  }
}
