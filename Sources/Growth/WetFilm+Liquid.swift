import Foundation
import Materials
import NumericalMethods
import Quantities

/// How the liquid thins and dries.
extension WetFilm {
  func temperature(at time: Double) -> Double {
    time < setting.spinTime ? setting.temperature : setting.dryingTemperature
  }

  func height(_ s: State) -> Double { s.liquid + s.solute / setting.molarDensity }

  /// c*, mol/m³ of liquid without solute.
  func saturation(_ s: State) -> Double {
    let pure = setting.liquor.saturation(at: temperature(at: s.time))
    guard let drip = setting.drip, s.antisolvent > 0 else { return pure }
    let fraction = s.antisolvent / s.liquid
    return pure * exp(fraction * (setting.liquor.fall - drip.solubilityFall / drip.liquid.molarVolume))
  }

  /// Of the liquid without solute, Pa s: logarithmic mixing by volume.
  private func viscosity(_ s: State) -> Double {
    let temperature = temperature(at: s.time)
    let solvent = setting.liquor.viscosity(at: temperature)
    guard let drip = setting.drip, s.antisolvent > 0 else { return solvent }
    return solvent * pow(drip.liquid.viscosity(at: temperature) / solvent, s.antisolvent / s.liquid)
  }

  /// Relative rate of radial flow, 2 ρ ω² h²/(3 η), 1/s.
  func flow(_ s: State) -> Double {
    guard s.time < setting.spinTime else { return 0 }
    let h = height(s)
    let filled = min(0.999 * Self.packing, s.solute / setting.molarDensity / h)
    let viscosity = viscosity(s) * pow(1 - filled / Self.packing, -2.5 * Self.packing)
    let density =
      (s.solvent * setting.liquor.density + s.antisolvent * (setting.drip?.liquid.density.si ?? 0)
        + s.solute * setting.molarMass) / h
    return 2 * density * setting.angularSpeed * setting.angularSpeed * h * h / (3 * viscosity)
  }

  /// Mass transfer of a vapor to the air, m/s.
  func transfer(_ liquid: Solvent, at time: Double) -> Double {
    let temperature = temperature(at: time)
    let warming = pow(temperature / Solvent.referenceTemperature, 1.75)
    let diffusivity = (liquid.vaporDiffusivity?.si ?? AntisolventDiffusion.usualVaporDiffusivity) * warming
    let still = diffusivity / Self.stillLayer
    guard time < setting.spinTime else { return still }
    let air = Self.airViscosity * warming
    let turning =
      SpinningDisk.sherwood(schmidt: air / diffusivity) * diffusivity * (setting.angularSpeed / air).squareRoot()
    return max(still, turning)
  }

  /// m/s of a pure liquid.
  func evaporation(_ liquid: Solvent, at time: Double) -> Double {
    let temperature = temperature(at: time)
    let pressure = min(liquid.vaporPressure(at: temperature) ?? 0, AntisolventDiffusion.airPressure)
    return transfer(liquid, at: time) * pressure * liquid.molarVolume / (Constants.gas * temperature)
  }

  /// Speeds at which solvent and antisolvent leave as vapor, m/s.
  func evaporation(_ s: State) -> (solvent: Double, antisolvent: Double) {
    let parts = setting.liquor.parts
    let moles = parts.reduce(0) { $0 + $1.fraction / $1.solvent.molarVolume } * s.solvent
    let others = setting.drip.map { s.antisolvent / $0.liquid.molarVolume } ?? 0
    let all = moles + others + setting.ions * s.solute
    guard all > 0 else { return (0, 0) }
    let mean = parts.reduce(0) { sum, part in
      let share = part.fraction / part.solvent.molarVolume * s.solvent / max(moles, 1e-300)
      return sum + share * evaporation(part.solvent, at: s.time)
    }
    return (mean * moles / all, setting.drip.map { evaporation($0.liquid, at: s.time) * others / all } ?? 0)
  }

  /// The liquid after a time, without births and growth.
  func dry(_ s: inout State, by step: Double) {
    let (solvent, antisolvent, solute) = (s.solvent, s.antisolvent, s.solute)
    let depth = height(s)
    let vapor = evaporation(s)
    let keep = 1 / (1 + 2 * flow(s) * step).squareRoot()
    s.solvent *= keep
    s.antisolvent *= keep
    s.solute *= keep
    s.spunOff += solute - s.solute
    s.solventSpunOff += solvent - s.solvent
    let wet = s.solvent
    if s.solvent > 0 { s.solvent *= exp(-vapor.solvent * step / max(solvent, 1e-300)) }
    s.solventVapor += wet - s.solvent
    if let drip = setting.drip, s.time >= drip.start, s.time < drip.start + drip.duration {
      let liquid = s.liquid
      let mixing = 4 * pow(depth, 2) / (Double.pi * Double.pi * drip.diffusivity)
      // The share on top of the film rises evenly while it drips; the film follows by diffusion.
      let share = drip.fraction * min(1, (s.time + step - drip.start) / drip.duration)
      let gained = (share * liquid - s.antisolvent) * -expm1(-step / max(mixing, 1e-12))
      if gained > 0 {
        s.antisolvent += gained
        s.solvent -= gained
        s.washedOff += gained
      }
    } else if s.antisolvent > 0 {
      s.antisolvent *= exp(-vapor.antisolvent * step / max(antisolvent, 1e-300))
    }
    s.time += step
  }
}
