import Foundation
import Materials
import Quantities
import Recipes
import Testing

/// A copy of data/ in which one file is changed.
private func changed(_ file: String, _ old: String, _ new: String, _ body: (String) throws -> Void) throws {
  let copy = NSTemporaryDirectory() + "boule-data-\(UUID().uuidString)"
  try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: copy) }
  for folder in ["compounds", "solvents", "layers"] {
    try FileManager.default.createDirectory(atPath: "\(copy)/\(folder)", withIntermediateDirectories: true)
    for path in Files.named(in: "\(Files.data)/\(folder)") {
      let name = URL(fileURLWithPath: path).lastPathComponent
      var text = try Files.text(path)
      if "\(folder)/\(name)" == file {
        #expect(text.contains(old))
        text = text.replacing(old, with: new)
      }
      try Data(text.utf8).write(to: URL(fileURLWithPath: "\(copy)/\(folder)/\(name)"))
    }
  }
  try body(copy)
}

@Test func theShippedLibraryReads() throws {
  let library = try MaterialLibrary(contentsOf: Files.data)
  let compound = try library.material("MAPbBr3")
  #expect(abs(compound.latticeConstant.si / 5.93e-10 - 1) < 1e-14)
  #expect(compound.decompositionTemperature.si == 495)
  #expect(compound.solutions["DMF"] != nil)
  #expect(try library.solvent("DMF").boilingPoint.si > 420)
  #expect(try library.layer("ITO").workFunction != nil)
  #expect(try library.layer("glass").role == .substrate)
}

@Test func everyCompoundOfTheLibraryStandsUnderItsFormula() throws {
  let library = try MaterialLibrary(contentsOf: Files.data)
  for name in [
    "MAPbBr3", "MAPbCl3", "FAPbBr3", "CsPbBr3", "CsPb2Br5", "(PEA)2PbI4", "(PEA)2PbBr4", "(BA)2PbI4", "Cs2AgBiBr6",
  ] {
    let compound = try library.material(name)
    #expect(compound.name == name)
    // Crystal density from the lattice, within what halides of lead and bismuth can have.
    let density = compound.molarDensity * compound.molarMass.si
    #expect((2000...6500).contains(density), "\(name) has \(density) kg/m³")
    // Charges of a formula unit: cations are 1, halides −1, metals 2 on average.
    #expect(compound.ions.cation + 2 * compound.ions.metal == compound.ions.halide, "\(name)")
    #expect(!compound.solutions.isEmpty)
    for (solvent, solution) in compound.solutions {
      #expect(library.solvents[solvent] != nil, "\(name) in \(solvent)")
      #expect(solution.solubility.si < compound.molarDensity, "\(name) in \(solvent)")
      let named = [solution.cosolvents?.keys.sorted(), solution.antisolvents?.keys.sorted()].compactMap { $0 }
      for other in named.joined() { #expect(library.solvents[other] != nil, "\(name) in \(solvent) with \(other)") }
      for additive in solution.modulators?.keys.sorted() ?? [] {
        #expect(library.solvents[additive] != nil, "\(name) in \(solvent) with \(additive)")
      }
    }
    #expect(compound.electronicStructure.staticPermittivity >= compound.electronicStructure.opticalPermittivity)
  }
}

@Test func everyNumberHasASourceAndSortedPlace() throws {
  let library = try MaterialLibrary(contentsOf: Files.data)
  let paths = library.provenance.map(\.path)
  #expect(paths == paths.sorted())
  #expect(Set(paths).count == paths.count)
  #expect(paths.contains("MAPbBr3.elasticity.c11"))
  #expect(paths.contains("MAPbBr3.solutions.DMF.solubility"))
  for number in library.provenance {
    #expect(!number.source.isEmpty, "\(number.path)")
    if number.kind == .measured { #expect(number.read != .none && number.read != .fromMemory, "\(number.path)") }
  }
}

@Test(arguments: [
  ("compounds/MAPbBr3.yaml", "5.93 Å, uncertainty", "5.93 eV, uncertainty", "R051 R022 R014 R020"),
  ("compounds/MAPbBr3.yaml", "lattice:", "latice:", "R008"),
  ("compounds/MAPbBr3.yaml", "kind: measured, read: abstract", "kind: guessed, read: abstract", "R051"),
  ("compounds/MAPbBr3.yaml", "uncertainty: 0.01 Å", "uncertainty: 0.01 eV", "R020"),
  ("compounds/MAPbBr3.yaml", "factor 2.5", "factor 0.5", "R020"),
  ("solvents/DMF.yaml", "name: DMF", "name: DMSO", "R018"),
  ("solvents/DMF.yaml", "name: DMF", "name: DMF\ncolor: clear", "R007"),
  ("layers/ITO.yaml", "workFunction: {", "workfunction: {", "R007"),
  ("layers/ITO.yaml", "role: electrode", "role: electrod", "R022"),
  ("layers/ITO.yaml", "name: ITO", "name: ITO\nworkFunction: 4.7 eV", "R006 R050"),
  ("layers/glass.yaml", "name: glass", "name: glass\nyoungModulus2: 70 GPa", "R050 R007"),
])
func aWrongMaterialFileIsNamed(file: String, old: String, new: String, codes: String) throws {
  try changed(file, old, new) { folder in
    do {
      _ = try MaterialLibrary(contentsOf: folder)
      Issue.record("\(new) was accepted")
    } catch let error as RecipeError {
      let found = Set(error.problems.map(\.code.rawValue))
      #expect(!found.isEmpty && found.isSubset(of: Set(codes.split(separator: " ").map(String.init))), "\(error)")
      for problem in error.problems { #expect(problem.line > 0 && problem.file.hasSuffix(file)) }
    }
  }
}

@Test func memberZeroIsNominalAndOthersDiffer() throws {
  let source = try LibrarySource(contentsOf: Files.data)
  let nominal = try source.library(drawing: 0, seed: 7)
  #expect(nominal.compounds == source.nominal.compounds)
  let one = try source.library(drawing: 1, seed: 7)
  let again = try source.library(drawing: 1, seed: 7)
  let two = try source.library(drawing: 2, seed: 7)
  #expect(one.compounds == again.compounds)
  #expect(one.compounds != nominal.compounds)
  #expect(one.compounds != two.compounds)
  #expect(one.provenance == nominal.provenance)
}

@Test func drawingOneCompoundLeavesTheOthersNominal() throws {
  let source = try LibrarySource(contentsOf: Files.data)
  let all = try source.library(drawing: 2, seed: 7)
  let one = try source.library(drawing: 2, seed: 7, compound: "CsPbBr3")
  #expect(one.compounds["CsPbBr3"] == all.compounds["CsPbBr3"])
  #expect(one.compounds["MAPbBr3"] == source.nominal.compounds["MAPbBr3"])
  #expect(one.solvents == all.solvents && one.layers == all.layers)
}

@Test func drawsScatterAsTheirUncertaintySays() throws {
  let source = try LibrarySource(contentsOf: Files.data)
  var gaps: [Double] = []
  var logs: [Double] = []
  for member in 1...400 {
    let compound = try source.library(drawing: member, seed: 7, compound: "MAPbBr3").material("MAPbBr3")
    gaps.append(compound.electronicStructure.bandGap.si / Constants.elementaryCharge)
    logs.append(log(compound.defects.trappingVelocity.si / 100e-9) / log(3))
    #expect(compound.elasticity.c44.si > 0)
    #expect((0...1).contains(compound.electronicStructure.interfaceParameter.si))
    #expect(compound.solutions["DMF"]?.dissolutionEnthalpy.si ?? 1 < 0)
    #expect(compound.growthKinetics.independentIons.si >= 1)
  }
  for (draws, mean, deviation) in [(gaps, 2.28, 0.06), (logs, 0.0, 1.0)] {
    let average = draws.reduce(0, +) / 400
    let spread = (draws.reduce(0) { $0 + ($1 - average) * ($1 - average) } / 399).squareRoot()
    // Four standard errors.
    #expect(abs(average - mean) < 4 * deviation / 20)
    #expect(abs(spread / deviation - 1) < 4 / 28.3)
  }
}

@Test func aNumberAddedToDataShiftsNoOtherDraw() throws {
  let before = try LibrarySource(contentsOf: Files.data).library(drawing: 3, seed: 7)
  try changed("layers/ITO.yaml", "workFunction:", "workFunction:") { folder in
    let extra = try Files.text(Files.data + "/layers/ITO.yaml").replacing("name: ITO", with: "name: AZO")
    try Data(extra.utf8).write(to: URL(fileURLWithPath: folder + "/layers/AZO.yaml"))
    let after = try LibrarySource(contentsOf: folder).library(drawing: 3, seed: 7)
    #expect(after.compounds == before.compounds)
    #expect(after.layers["ITO"] == before.layers["ITO"])
    #expect(after.layers["AZO"]?.youngModulus != after.layers["ITO"]?.youngModulus)
  }
}
