import NumericalMethods
import Quantities
import Testing

@Test func aLengthReads() throws { #expect(try Length("20 µm").si == 2e-5) }
