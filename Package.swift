// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

// Debian keeps the serial HDF5 in a folder of its own, beside the parallel one.
#if os(macOS)
  let hdf5 = "hdf5"
#else
  let hdf5 = "hdf5-serial"
#endif

/// A library target that sees just the targets named here.
func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one library target.
func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

let matter: [Target.Dependency] = ["Quantities", "NumericalMethods", "Fields", "Materials", "Specimens"]
let stages: [Target.Dependency] = ["Growth", "Microstructure", "Switching"]
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "boule",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Boule", targets: ["Boule"]),
    .executable(name: "boule", targets: ["BouleCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // ground
    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"]), .brew(["fftw"])]),
    .systemLibrary(name: "CHDF5", pkgConfig: hdf5, providers: [.apt(["libhdf5-dev"]), .brew(["hdf5"])]),
    // Vector loops in C, for every generation of processors.
    .target(name: "CKernels"),
    room("Quantities"),
    room("NumericalMethods"),
    room("Fields", ["Quantities", "CFFTW"]),
    // matter
    room("Materials", ["Quantities"]),
    // hand-over
    room("Specimens", ["Quantities", "Fields", "Materials"]),
    // theory
    room("Defects", ["Quantities", "NumericalMethods", "Materials", "Specimens"]),
    // stages: siblings, none imports another
    room("Growth", matter + ["Defects"]),
    room("Microstructure", matter + ["Defects", "CKernels"]),
    room("Switching", matter),
    // edges
    room("Recipes", matter + ["Defects"] + stages + [yams]),
    room("Archive", ["Quantities", "Fields", "Specimens", "CHDF5"]),
    room("Reporting", matter),
    // experiment and tool
    room("Boule", matter + ["Defects"] + stages + ["Recipes", "Archive", "Reporting"]),
    // What Boule exports is named here too: else a value that changes its layout leaves the tool's old object code behind.
    .executableTarget(
      name: "BouleCLI",
      dependencies: matter + ["Defects"] + stages + ["Recipes", "Archive", "Reporting", "Boule", arguments],
      swiftSettings: strict),
    // tests: one target per library
    tests("QuantitiesTests", ["Quantities", "NumericalMethods"]),
    tests("NumericalMethodsTests", ["NumericalMethods"]),
    tests("FieldsTests", ["Fields", "NumericalMethods", "Quantities"]),
    tests("DefectsTests", matter + ["Defects", "Recipes"]),
    tests("GrowthTests", matter + ["Defects", "Growth", "Recipes"]),
    tests("MicrostructureTests", matter + ["Defects", "Microstructure", "CKernels"]),
    tests("SwitchingTests", matter + ["Switching", "Recipes"]),
    .testTarget(
      name: "RecipesTests", dependencies: matter + stages + ["Recipes", yams], exclude: ["Wrong"], swiftSettings: strict
    ),
    tests("ReportingTests", matter + ["Reporting", "Browsing"]),
    tests("ArchiveTests", ["Archive", "Fields", "NumericalMethods", "Quantities", "Specimens", "Programs"]),
    tests("BouleTests", matter + stages + ["Recipes", "Archive", "Reporting", "Browsing", "Boule"]),
    tests("RecipeTests", ["Recipes", "Boule"]),
    tests("ValidationTests", matter + ["Defects"] + stages + ["Recipes", "Boule"]),
    tests("BouleCLITests", ["BouleCLI", "NumericalMethods", "Programs"]),
    // what tests run others with
    .target(name: "Programs", path: "Tests/Programs", swiftSettings: strict),
    .target(name: "Browsing", dependencies: ["Programs"], path: "Tests/Browsing", swiftSettings: strict),
    // what `make emulator` runs
    .executableTarget(
      name: "Calibration", dependencies: matter + stages + ["Recipes"], path: "Tests/Calibration",
      swiftSettings: strict),
    .executableTarget(
      name: "Benchmarks", dependencies: matter + ["Defects"] + stages + ["Recipes", "Boule", "Programs"],
      path: "Tests/Benchmarks", exclude: ["mugrid_sphere.py", "requirements.txt"], swiftSettings: strict),
  ]
)
