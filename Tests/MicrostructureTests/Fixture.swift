import Fields
import Foundation
import Materials
import Microstructure
import Quantities
import Specimens

/// What the tests of the field stage share: a compound, a support and a crystal with round numbers.
enum Fixture {
  static func compound(
    c11: Double = 31.5, c12: Double = 9.7, c44: Double = 3.7, relaxationVolume: Double = 0.1,
    saddleAnisotropy: Double = 0, interlayerBarrier: Double? = nil
  ) throws -> Compound {
    let layered = interlayerBarrier.map { "\"interlayerBarrier\": \"\($0) eV\", " } ?? ""
    let text = """
      {"name": "ABX3", "lattice": {"formulaUnits": 1, "centering": "P", "a": "5.93 Å"},
       "ions": {"cation": 1, "metal": 1, "halide": 3}, "molarMass": "479 g/mol", "decompositionTemperature": "495 K",
       "elasticity": {"c11": "\(c11) GPa", "c12": "\(c12) GPa", "c44": "\(c44) GPa"}, "thermalExpansion": "3.7e-5 1/K",
       "electronicStructure": {"bandGap": "2.3 eV", "electronAffinity": "3.4 eV", "chargeNeutralityLevel": "1.1 eV",
         "interfaceParameter": 0.4, "electronMass": 0.2, "holeMass": 0.2, "electronMobility": "50 cm^2/(V s)",
         "staticPermittivity": 25, "opticalPermittivity": 5},
       "defects": {"schottkyEnergyAX": "0.25 eV", "schottkyEnergyBX2": "0.45 eV", "halideMigrationEnergy": "0.25 eV",
         "cationMigrationEnergy": "0.84 eV", "attemptFrequency": "2 THz", "halideRelaxationVolume": \(relaxationVolume),
         "halideSaddleAnisotropy": "\(saddleAnisotropy) eV", \(layered)
         "halideActivationVolume": 0.05, "frontVacancyRatio": 2, "trappingVelocity": "100 nm/s",
         "sinkDistance": "1 µm", "deepTrapFraction": 1e-8, "inclusionTrapDensity": "1e15 1/cm^3"},
       "disorder": {"correlationLength": "20 nm", "logDeviation": 0.5, "stepCorrelationLength": "20 µm",
         "stepLogDeviation": 0.2, "mosaicWidth": "0.044 deg"},
       "growthKinetics": {"independentIons": 2, "nucleationPrefactor": "1e20 1/(m^3 s)",
         "wallNucleationPrefactor": "1e12 1/(m^2 s)", "integrationPrefactor": "1498 m/s",
         "integrationEnergy": "1e-19 J", "spiralSupersaturation": 0.2, "cornerDepletion": 0.2,
         "inclusionThreshold": 0.3, "largestInclusionFraction": 0.01},
       "solutions": {},
       "contactSwitching": {"layerThickness": "2.5 nm", "discRadius": "1.2 nm", "discThickness": "8 nm", "discVacancyDensity": "4e20 1/cm^3",
         "criticalClusterSize": 2, "transferCoefficient": 0.5, "nucleationEnergy": "0.9 eV",
         "detachmentEnergy": "0.92 eV", "layerPermittivity": 10}}
      """
    return try JSONDecoder().decode(Compound.self, from: Data(text.utf8))
  }

  static func layer(_ youngModulus: Double, expansion: Double) throws -> LayerMaterial {
    let text = """
      {"name": "glass", "role": "substrate", "youngModulus": "\(youngModulus) GPa", "poissonRatio": 0.23,
       "thermalExpansion": "\(expansion) 1/K", "usualThickness": "1.1 mm"}
      """
    return try JSONDecoder().decode(LayerMaterial.self, from: Data(text.utf8))
  }

  static func glass(expansion: Double = 9e-6) throws -> [(LayerMaterial, Length)] {
    [(try layer(71, expansion: expansion), .millimeters(1.1))]
  }

  static func resolution(
    width: Int = 16, height: Int? = 16, deviation: Double? = nil, steps: Double? = nil,
    unit: (Double) -> Length = Length.nanometers, scale: Double = 1
  ) -> FieldResolution {
    FieldResolution(
      spacing: unit(4 * scale),
      size: FieldExtent(
        width: unit(4 * scale * Double(width)), depth: unit(4 * scale * Double(width)),
        height: height.map { unit(4 * scale * Double($0)) }),
      logDeviation: deviation.map { Ratio(si: $0) }, stepLogDeviation: steps.map { Ratio(si: $0) })
  }

  /// A crystal 1 mm wide; its rings hold more vacancies outside.
  static func crystal(
    thickness: Length = .micrometers(20), density: Double = 5e23, zoned: Bool = false, grownAt: Double = 350,
    temperature: Double = 300, orientation: Orientation? = nil
  ) -> GrownCrystal {
    let map = Field(
      Grid(nx: 4, ny: 4, nz: 1, spacing: SIMD3(repeating: 2.5e-4), origin: SIMD3(1e-3, 2e-3, 0)),
      filledWith: thickness.si)
    let rings = (1...5).map { ring in
      ZoningPoint(
        radius: Length(si: 1e-4 * Double(ring)), temperature: .kelvin(350), growthRate: Velocity(si: 2e-8),
        cationVacancies: NumberDensity(si: density * Double(ring)),
        halideVacancies: NumberDensity(si: density * Double(ring)))
    }
    let none = NumberDensity(si: 0)
    return GrownCrystal(
      compound: "ABX3", thicknessMap: map, thickness: thickness, lateralSize: .millimeters(1),
      center: SIMD2(1.5e-3, 2.5e-3), inductionTime: TimeSpan(si: 3600),
      nucleationTemperature: .kelvin(340), crystalCount: 1, sizes: [1e-3], growthRate: Velocity(si: 2e-8),
      yield: Ratio(si: 0.3), growthTemperature: .kelvin(grownAt), temperature: .kelvin(temperature),
      orientation: orientation
        ?? Orientation(quaternion: SIMD4(cos(0.2), 0, 0, sin(0.2)), face: SIMD3(0, 0, 1), mosaicWidth: Angle(si: 1e-3)),
      defects: DefectInventory(
        halideVacancies: NumberDensity(si: density), cationVacancies: NumberDensity(si: density),
        leadVacancies: none, freezeTemperature: .kelvin(320)),
      zoning: zoned ? rings : [], inclusionFraction: Ratio(si: 0),
      traps: TrapReading(
        density: none, apparentDensity: none, trapFilledLimitVoltage: .volts(0), geometricFloor: none,
        isResolved: false),
      record: [], balanceError: 0, warnings: [])
  }

  static let electrode = Area(si: 4e-8)
}
