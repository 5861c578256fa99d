/// Recipes that the tests change.
enum Samples {
  static let good = """
    schema: 1
    name: good
    material: MAPbBr3
    seed: 7
    process:
      - model: spaceConfinedGrowth
        solvent: DMF
        concentration: 1.0 mol/L
        gap: 20 µm ± 1 µm
        plateArea: 15 mm * 15 mm
        contactAngle: 95 deg
        program: [{from: 25 °C, to: 85 °C ± 1 K, rate: 5 K/h}, {hold: 12 h}]
      - model: cooling
        to: 25 °C
        rate: 10 K/h
    fields: {spacing: 4 nm, size: [256 nm, 256 nm, auto]}
    device:
      stack: [glass, {layer: ITO, thickness: 150 nm}, PTAA, crystal, graphite]
      area: 200 µm * 200 µm
    test:
      - {model: forming, amplitude: -5 V, rate: 0.5 V/s, compliance: 1 mA}
      - {model: sweep, amplitude: -3 V, rate: 0.5 V/s, compliance: 1 mA, cycles: 50}

    """

  /// A recipe that writes every key out.
  static let everyKey = """
    schema: 1
    name: every key
    material: MAPbBr3
    seed: 7
    process:
      - model: spaceConfinedGrowth
        solvent: DMF
        cosolvent: DMSO
        cosolventFraction: 0.2
        modulator: formicAcid
        modulatorConcentration: 1 mol/L
        concentration: 1.0 mol/L
        precursorRatio: 1.1
        impurity: Bi
        impurityFraction: 0.001
        gap: 20 µm
        gapWedge: 5 µrad
        gapBow: 0.01 1/m
        wettingFilm: 10 nm
        wallMobility: 1.2
        edgeExchange: 0 m/s
        mapWidth: 64
        plateArea: 15 mm * 15 mm
        contactAngle: 95°
        program: [{from: 25 °C, to: 85 °C, rate: 5 K/h}, {hold: 12 h}]
      - model: annealing
        temperature: 100 °C
        duration: 2 h
        heatingRate: 5 K/min
        coolingRate: 1 K/min
        halideActivity: 10
        saltActivity: 1.2
      - model: cooling
        to: 25 °C
        rate: 10 K/h
      - model: antisolventVaporDiffusion
        solvent: DMF
        concentration: 1.0 mol/L
        antisolvent: DCM
        antisolventVolume: 10 mL
        volume: 5 mL
        crossSection: 2 cm^2
        vaporPath: 5 cm
        contactAngle: 90 deg
        temperature: 25 °C
        duration: 3 d
      - model: spinCoating
        solvent: DMF
        concentration: 1.0 mol/L
        volume: 50 µL
        plateArea: 15 mm * 15 mm
        contactAngle: 60 deg
        speed: 4000 rpm
        duration: 30 s
        temperature: 25 °C
        antisolvent: toluene
        quenchTime: 10 s
        quenchDuration: 1 s
        quenchFraction: 0.5
        annealTemperature: 100 °C
        annealDuration: 10 min
        boundaryMobility: 1
        dieEdge: 1 mm
      - model: exfoliation
        peels: 10
        cleavageProbability: 1e-3
        tapeRadius: 1 mm
        slip: 1
        minimumThickness: 10 nm
        maximumThickness: 100 nm
        minimumArea: 10 µm * 10 µm
      - model: vacuumSublimation
        sources:
          - source: CsBr
            temperature: 500 °C
            charge: 1 g
            area: 1 cm^2
            offset: 5 cm
            azimuth: 90 deg
            emissionExponent: 2
        distance: 20 cm
        substrate: glass
        substrateTemperature: 150 °C
        pressure: 1e-4 Pa
        duration: 10 min
        targetThickness: 300 nm
        plateArea: 25 mm * 25 mm
        diesPerEdge: 8
        rotationRate: 0.2 Hz
      - model: solutionGrowth
        solvent: DMF
        concentration: 1.0 mol/L
        volume: 5 mL
        wallArea: 10 cm^2
        contactAngle: 90 deg
        dust: 1e3 1/cm^3
        dustSize: 1 µm
        dustContactAngle: 90 deg
        stirringRate: 2 Hz
        stirrerLength: 1 cm
        seedCount: 1
        seedEdge: 1 mm
        harvest: 0.5
        program: [{from: 25 °C, to: 60 °C, rate: 5 K/h}]
    bounds:
      minimumThickness: 1 µm
      maximumThickness: 30 µm
      minimumArea: 200 µm * 200 µm
      maximumVacancyDensity: 1e18 1/cm^3
      maximumTrapDensity: 1e12 1/cm^3
    fields:
      spacing: 4 nm
      size: [256 nm, 256 nm, 128 nm]
      logDeviation: 0.5
      correlationLength: 20 nm
      verticalCorrelationLength: 30 nm
      stepLogDeviation: 0.2
      stepCorrelationLength: 20 µm
    device:
      stack: [glass, {layer: ITO, thickness: 150 nm}, PTAA, crystal, graphite]
      area: 200 µm * 200 µm
      seriesResistance: 40 Ω
      mechanism: vacancies
      gap: 2 µm
      activeElectrodes: one
      level: resolved
      quantumDots: {density: 1e16 1/cm^3, radius: 2 nm, permittivity: 170, bindingEnergy: 0.3 eV}
    test:
      - {model: forming, amplitude: -5 V, rate: 0.5 V/s, compliance: 1 mA}
      - {model: sweep, amplitude: -3 V, rate: 0.5 V/s, compliance: 1 mA, reverse: 2 V, reverseCompliance: 2 mA, cycles: 50}
      - {model: retention, amplitude: -3 V, duration: 1 h, temperature: 85 °C}
      - model: light
        pulses: [{width: 8 s, interval: 5 s, power: 30 mW}]
        wavelength: 405 nm
        spot: 2 mm
        readWavelength: 1310 nm
        polarizerAngle: 45 deg
        bias: -45 deg
        frontHeatTransfer: 10 W/(m^2 K)
        backHeatTransfer: 1e4 W/(m^2 K)
      - {model: retention, amplitude: -3 V, duration: 1 h, temperatures: [85 °C, 358 K]}
      - {model: pulses, amplitude: -3 V, width: 1 ms, interval: 1 ms, count: 10, compliance: 1 mA, readVoltage: 0.1 V}
      - {model: endurance, amplitude: -3 V, rate: 0.5 V/s, width: 1 ms, compliance: 1 mA, reverse: 2 V, reverseCompliance: 2 mA, cycles: 50, window: 2}
      - {model: multilevel, amplitude: -3 V, rate: 0.5 V/s, compliance: 1 mA, reverse: 2 V, reverseCompliance: 2 mA, compliances: [10 µA, 100 µA], repeats: 3}
      - {model: multilevel, amplitude: -3 V, stopVoltages: [1 V, 2 V]}
      - {model: pairedPulse, amplitude: -3 V, width: 1 ms, intervals: [1 ms, 1 s], compliance: 1 mA, repeats: 3}
      - {model: potentiation, amplitude: -3 V, width: 1 ms, interval: 1 ms, count: 5, compliance: 1 mA, reverse: 2 V, reverseCompliance: 2 mA, readVoltage: 0.1 V}
      - {model: spikeTiming, amplitude: -3 V, width: 1 ms, tailAmplitude: 1 V, tailDuration: 10 ms, delays: [-2 ms, 2 ms], pairs: 2, interval: 1 s, compliance: 1 mA, repeats: 3}
      - {model: impedance, bias: -0.5 V, lowest: 1 mHz, highest: 1 MHz, pointsPerDecade: 5}

    """
}
