import Quantities
import Testing

@Test(arguments: [
  ("20 µm", 2e-5), ("20 μm", 2e-5), ("20 um", 2e-5), ("20µm", 2e-5), ("0.02 mm", 2e-5), ("2e-5 m", 2e-5),
  ("5.93 Å", 5.93e-10), ("5.93 \u{212B}", 5.93e-10), ("5.93 A\u{30A}", 5.93e-10), ("5.93 Ang", 5.93e-10),
  ("+1 m", 1.0), (".5 m", 0.5), ("1. m", 1.0), ("\u{2212}3 m", -3.0), ("1E3 nm", 1e-6),
])
func aLengthReads(text: String, si: Double) throws { #expect(try Length(text).si == si) }

@Test(arguments: [
  ("25 °C", 298.15), ("25 degC", 298.15), ("25 ℃", 298.15), ("-73.15 °C", 200.0), ("300 K", 300.0), ("25°C", 298.15),
])
func aTemperatureReads(text: String, si: Double) throws { #expect(abs(try Temperature(text).si - si) < 1e-12 * si) }

/// Units of the field, each with its dimension and its value in SI.
private let unitsOfTheField: [(String, any Dimension.Type, Double)] = [
  ("5 K/h", HeatingRateDimension.self, 5.0 / 3600), ("1.0 mol/L", ConcentrationDimension.self, 1000),
  ("1.0 M", ConcentrationDimension.self, 1000), ("10 mM", ConcentrationDimension.self, 10),
  ("0.948 g/mL", MassDensityDimension.self, 948), ("0.948 g/cm^3", MassDensityDimension.self, 948),
  ("10 mL", VolumeDimension.self, 1e-5), ("7 µL", VolumeDimension.self, 7e-9),
  ("3 mm/day", VelocityDimension.self, 3e-3 / 86400), ("3 mm/d", VelocityDimension.self, 3e-3 / 86400),
  ("12 h", DurationDimension.self, 43200), ("3 min", DurationDimension.self, 180),
  ("2 d", DurationDimension.self, 172800),
  ("1 eV", EnergyDimension.self, 1.602176634e-19), ("25 meV", EnergyDimension.self, 4.005441585e-21),
  ("1 mbar", PressureDimension.self, 100), ("760 Torr", PressureDimension.self, 101325),
  ("1 psi", PressureDimension.self, 6894.757293168361), ("20 GPa", PressureDimension.self, 2e10),
  ("1e17 1/cm^3", NumberDensityDimension.self, 1e23), ("1e17 cm^-3", NumberDensityDimension.self, 1e23),
  ("1e17 cm⁻³", NumberDensityDimension.self, 1e23), ("1e17/cm^3", NumberDensityDimension.self, 1e23),
  ("50 cm^2/(V s)", MobilityDimension.self, 5e-3), ("50 cm²/(V·s)", MobilityDimension.self, 5e-3),
  ("50 cm^2 V^-1 s^-1", MobilityDimension.self, 5e-3), ("50 cm^2/V/s", MobilityDimension.self, 5e-3),
  ("5 µrad", AngleDimension.self, 5e-6), ("180 deg", AngleDimension.self, Double.pi),
  ("180°", AngleDimension.self, Double.pi),
  ("2 THz", FrequencyDimension.self, 2e12), ("50 ohm", ResistanceDimension.self, 50),
  ("50 Ω", ResistanceDimension.self, 50),
  ("50 \u{2126}", ResistanceDimension.self, 50), ("1 kΩ", ResistanceDimension.self, 1000),
  ("15 mm * 15 mm", AreaDimension.self, 2.25e-4), ("200 µm × 200 µm", AreaDimension.self, 4e-8),
  ("0.04 mm^2", AreaDimension.self, 4e-8), ("2 * 3 m^2", AreaDimension.self, 6),
  ("5 %", RatioDimension.self, 0.05), ("1 wt%", RatioDimension.self, 0.01), ("0.5", RatioDimension.self, 0.5),
  ("-15.6 kJ/mol", MolarEnergyDimension.self, -15600), ("0.92 mPa s", ViscosityDimension.self, 9.2e-4),
  ("1e12 1/(m^2 s)", ArealRateDimension.self, 1e12), ("0.01 1/m", CurvatureDimension.self, 0.01),
  ("1 V/s", VoltageRateDimension.self, 1), ("478.98 g/mol", MolarMassDimension.self, 0.47898),
]

@Test(arguments: unitsOfTheField)
func aUnitOfTheFieldReads(text: String, dimension: any Dimension.Type, si: Double) throws {
  #expect(abs(try WrittenQuantity(text, as: dimension).si - si) <= 1e-14 * abs(si))
}

@Test func unitsWithoutADimensionTypeRead() throws {
  #expect(try Unit("C/m^2").exponents == DimensionExponents(length: -2, time: 1, current: 1))
  #expect(try Unit("F/m^2").exponents == DimensionExponents(length: -4, mass: -1, time: 4, current: 2))
  #expect(try Unit("sccm").exponents == DimensionExponents(time: -1, amount: 1))
  #expect(abs(try Unit("sccm").factor - 7.4358e-7) < 1e-11)
  #expect(try Unit("W/(m K)").exponents == DimensionExponents(length: 1, mass: 1, time: -3, temperature: -1))
  #expect(try Unit("1").exponents == .none)
}

/// Why each text is refused, by the start of the case's name.
@Test(arguments: [
  ("20", "missingUnit"), ("20 s", "wrongDimension"), ("20 eV", "wrongDimension"), ("20 parsec", "unknownUnit"),
  ("20 M m", "wrongDimension"), ("", "malformed"), ("m", "malformed"), ("1,5 m", "malformed"), ("1_0 m", "malformed"),
  ("12:30 m", "malformed"), ("20 µm 5", "malformed"), ("20 m/", "malformed"), ("20 m^", "malformed"),
  ("20 m^1.5", "malformed"), ("20 m^(1/2)", "malformed"), ("20 (m", "malformed"), ("20 m)", "malformed"),
  ("20 m^99", "malformed"), ("nan m", "malformed"), ("inf m", "malformed"), ("0x10 m", "unknownUnit"),
  ("1e999 m", "notFinite"), ("1e-999 m", "notFinite"), ("1e9999999 m", "notFinite"), ("20 m2", "unknownUnit"),
  ("20 mm^2/m/m m", "malformed"), ("20 µm ± 1", "badTolerance"), ("20 µm ± 1 s", "badTolerance"),
  ("20 µm ± -1 µm", "badTolerance"), ("20 µm ± 1 µm", "badTolerance"), ("20 µm ± 1 °C", "celsius"),
  ("20 °C", "wrongDimension"), ("20 °C m", "celsius"), ("2 * 20 °C", "celsius"), ("20 m 1", "malformed"),
  ("20 ((((((((((((((((((m))))))))))))))))))", "malformed"), ("20 EV", "unknownUnit"), ("20 Mh", "unknownUnit"),
])
func whatIsNotALengthIsRefused(text: String, reason: String) {
  do {
    let length = try Length(text)
    Issue.record("\(text) was read as \(length)")
  } catch {
    #expect(text.isEmpty || "\(error)".contains(text))
    #expect(Mirror(reflecting: error).children.first?.label?.hasPrefix(reason) == true, "\(error)")
  }
}

@Test func differencesAndRatesTakeNoCelsius() throws {
  #expect(try TemperatureDifference("5 K").si == 5)
  for text in ["5 °C", "5 degC"] {
    #expect(throws: QuantityError.celsiusInDifference(text: text, dimension: "temperature difference", example: "5 K"))
    {
      try TemperatureDifference(text)
    }
  }
  for text in ["5 °C/h", "5 °C h^-1", "5 (°C)/h"] { #expect(throws: QuantityError.self) { try HeatingRate(text) } }
  #expect(throws: QuantityError.self) { try ThermalExpansion("1e-5 1/°C") }
}

@Test func anAngleIsNotABareNumber() {
  #expect(throws: QuantityError.missingUnit(text: "95", dimension: "angle", example: "95 deg")) { try Angle("95") }
  #expect(throws: QuantityError.self) { try Angle("95 %") }
  #expect(throws: QuantityError.self) { try Ratio("95 deg") }
}

@Test(arguments: [
  ("20 µm ± 1 µm", 1e-6), ("20 µm +- 1 µm", 1e-6), ("20 µm ± 5 %", 1e-6), ("20 µm±5%", 1e-6), ("20 µm ± 1000 nm", 1e-6),
])
func aToleranceReads(text: String, si: Double) throws {
  let written = try WrittenQuantity(text, as: LengthDimension.self)
  #expect(written.si == 2e-5)
  #expect(abs((written.tolerance ?? 0) - si) < 1e-18)
}

@Test func tolerancesOfProductsRatiosAndTemperaturesRead() throws {
  let area = try WrittenQuantity("200 µm * 200 µm ± 5 %", as: AreaDimension.self)
  #expect(abs((area.tolerance ?? 0) - 2e-9) < 1e-20)
  #expect(try WrittenQuantity("85 °C ± 1 K", as: TemperatureDimension.self).tolerance == 1)
  #expect(try WrittenQuantity("0.5 ± 0.1").tolerance == 0.1)
  #expect(try WrittenQuantity("50 % ± 5 %").tolerance == 0.05)
  #expect(throws: QuantityError.self) { try WrittenQuantity("0.5 ± 5 %") }
  #expect(throws: QuantityError.self) { try WrittenQuantity("85 °C ± 5 %") }
  #expect(throws: QuantityError.self) { try WrittenQuantity("85 °C ± 1 °C") }
}

/// M05: the same thickness in nm and µm, the same energy in eV and J.
@Test func unitsOfOneValueAgree() throws {
  for value in [0.001, 0.54, 1.0, 20.0, 123.456, 99999.0] {
    let nanometers = try Length("\(value * 1000) nm").si
    let micrometers = try Length("\(value) µm").si
    #expect(abs(nanometers / micrometers - 1) < 1e-12)
    let electronvolts = try Energy("\(value) eV").si
    let joules = try Energy("\(value * 1.602176634e-19) J").si
    #expect(abs(electronvolts / joules - 1) < 1e-12)
  }
}

@Test func aValueIsShownShort() {
  #expect(Length(si: 2e-5).formatted() == "20 µm")
  #expect(Length(si: 0).formatted() == "0 m")
  #expect(Length(si: -1.5e-7).formatted() == "-150 nm")
  #expect(Length(si: 9.99996e-7).formatted() == "1 µm")
  #expect(Length(si: 9.9994e-7).formatted() == "999.9 nm")
  #expect(Energy(si: 4.00544e-20).formatted() == "0.25 eV")
  #expect(Diffusivity(si: 5e-10).formatted() == "5e-10 m²/s")
  #expect(NumberDensity(si: 1e23).formatted() == "1e17 cm⁻³")
  #expect(Area(si: 4e-8).formatted() == "40000 µm²")
  #expect(HeatingRate(si: 5.0 / 3600).formatted() == "5 K/h")
  #expect(TimeSpan(si: 43200).formatted() == "12 h")
  #expect(Angle(si: 5e-6).formatted() == "5 µrad")
  #expect(Ratio(si: 0.123456).formatted() == "0.1235")
  #expect(Resistance(si: 12346).formatted() == "12.35 kΩ")
  #expect(QuantityText.number(123456) == "1.235e5")
  #expect(QuantityText.number(0.00012345, digits: 3) == "1.23e-4")
  #expect(QuantityText.number(99999.9) == "1e5")
  #expect(QuantityText.number(1e-300) == "1e-300")
}
