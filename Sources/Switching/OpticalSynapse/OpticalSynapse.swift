import Foundation
import Materials
import Quantities
import Specimens

/// A crystal that remembers light: pulses heat it and turn part of it into a phase of another birefringence.
///
/// The heat comes and goes with each pulse, the phase builds up over them; a beam below the band gap reads both.
public struct OpticalSynapse: Sendable {
  public var kinetics: PhotoPhaseKinetics
  public let phase: PhotoPhase
  /// L, m: of the slab that is heated, and along the read beam.
  public let thickness: Double
  let heatCapacity: Double
  let bandGap: Double
  /// Longest part of a pulse between two points of the record, s.
  public var sampling = 0.1
  /// Steps of the heat between two points.
  public var steps = 5
  public var cells = 64

  /// - Throws: `SwitchingError`.
  public init(_ compound: Compound, thickness: Length) throws {
    guard let phase = compound.photoPhase else { throw SwitchingError.noPhotoPhase(of: compound.name) }
    self.phase = phase
    kinetics = PhotoPhaseKinetics(phase)
    self.thickness = thickness.si
    heatCapacity = compound.massDensity * phase.specificHeat.si
    bandGap = compound.electronicStructure.bandGap.si
  }

  /// α at a wavelength, 1/m: that of data/ above the band gap, none below.
  func absorption(at wavelength: Double) -> Double {
    Constants.planck * Constants.speedOfLight / wavelength >= bandGap ? phase.absorption.si : 0
  }

  /// The crystal's answer to a train, rested before.
  /// - Throws: `SwitchingError`.
  public func run(_ train: LightTrain) throws -> LightResponse {
    guard absorption(at: train.readWavelength.si) == 0 else {
      throw SwitchingError.invalid(
        what: "the read wavelength in m, which the crystal absorbs,", value: train.readWavelength.si)
    }
    let absorption = absorption(at: train.wavelength.si)
    var slab = try HeatedSlab(
      thickness: thickness, conductivity: phase.thermalConductivity.si, heatCapacity: heatCapacity,
      absorption: absorption, front: train.frontHeatTransfer.si, back: train.backHeatTransfer.si, cells: cells)
    let readout = BirefringenceReadout(
      wavelength: train.readWavelength.si, path: thickness, polarizerAngle: train.polarizerAngle.si,
      bias: train.bias.si, birefringence: phase.birefringence.si,
      thermalBirefringence: phase.thermalBirefringence.si)
    let baseline = readout.transmission(share: 0, rise: 0)
    var response = LightResponse(
      points: [.init(time: 0, transmission: baseline, share: 0, rise: 0)], baseline: baseline, peaks: [], troughs: [])
    var share = 0.0
    var began = 0.0
    func expose(for time: Double, to intensity: Double) throws {
      guard time > 0 else { return }
      let parts = max(1, Int((time / sampling).rounded(.up)))
      for part in 1...parts {
        slab.advance(by: time / Double(parts), steps: steps, intensity: intensity)
        share = kinetics.share(
          after: time / Double(parts), from: share, intensity: absorption > 0 ? intensity : 0)
        let point = LightResponse.Point(
          time: began + time * Double(part) / Double(parts),
          transmission: readout.transmission(share: share, rise: slab.meanRise), share: share, rise: slab.meanRise)
        guard point.transmission.isFinite else {
          throw SwitchingError.notFiniteLight(time: point.time)
        }
        response.points.append(point)
      }
      began += time
    }
    for pulse in train.pulses {
      try expose(for: pulse.width.si, to: train.intensity(of: pulse))
      response.peaks.append(response.points.last!.transmission - baseline)
      try expose(for: pulse.interval.si, to: 0)
      response.troughs.append(response.points.last!.transmission - baseline)
    }
    return response
  }

  /// The crystal's answers to a test's trains of light, each from rest.
  /// - Throws: `SwitchingError`.
  public func run(_ protocols: [TestProtocol]) throws -> SwitchingTrace {
    var trace = SwitchingTrace(forming: nil, cycles: [], curves: [:], readVoltage: 0, warnings: [])
    for step in protocols {
      guard case .light(let train) = step else { throw SwitchingError.voltageOnLight }
      trace.lights.append(try run(train))
      trace.warnings += warnings(train).filter { !trace.warnings.contains($0) }
    }
    return trace
  }

  /// Where the train leaves what the model serves.
  public func warnings(_ train: LightTrain) -> [ValidityWarning] {
    var found: [ValidityWarning] = []
    if train.spot.si < thickness {
      found.append(
        ValidityWarning(
          stage: "switching", code: "spotTooNarrow",
          message:
            "the spot of \(train.spot.formatted()) is narrower than the crystal is thick; heat is taken to flow along the beam alone"
        ))
    }
    return found
  }
}
