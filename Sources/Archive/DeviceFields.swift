import Fields
import Quantities
import Specimens

/// The fields of one device: one openPMD iteration, numbered by the device.
public struct DeviceFields: Hashable, Sendable {
  /// The device's number in the ensemble, which is the iteration's number in the file.
  public var device: Int
  /// Time of the snapshot, s; 0 for the pristine device.
  public var time: Double
  public var meshes: [MeshRecord]

  public init(device: Int, time: Double = 0, meshes: [MeshRecord]) {
    self.device = device
    self.time = time
    self.meshes = meshes
  }

  /// The pristine device: its window at the switching contact, the step map, and the crystal it was made from.
  public init(device: Int, fields: CrystalFields, bands: BandFields? = nil, crystal: GrownCrystal) {
    let density = DimensionExponents(length: -3)
    let energy = DimensionExponents(length: 2, mass: 1, time: -2)
    let strain = zip(SymmetricTensorField.componentNames, fields.strain.components).map { name, field in
      MeshRecord.Component(name: name, field: field)
    }
    self.init(
      device: device,
      meshes: [
        MeshRecord(
          name: "vacancyDensity", field: fields.vacancyDensity, units: "1/m^3", dimension: density,
          longName: "mobile halide vacancy density",
          description: "Expected number of mobile halide vacancies per volume",
          creator: "Microstructure"),
        MeshRecord(
          name: "vacancyCount", field: fields.vacancyCount, units: "1", dimension: .none,
          longName: "mobile halide vacancies per voxel",
          description: "Vacancies counted in each voxel, Poisson about vacancyDensity times the voxel's volume",
          creator: "Microstructure"),
        MeshRecord(
          name: "trapDensity", field: fields.trapDensity, units: "1/m^3", dimension: density,
          longName: "deep trap density",
          description:
            "Deep traps per volume: of the bulk, and of faces, grain boundaries and torn edges in their places",
          creator: "Microstructure"),
        MeshRecord(
          name: "strain", components: strain, units: "1", dimension: .none, longName: "elastic strain",
          description: "Elastic strain in the order xx, yy, zz, xy, yz, xz; shear components are tensor components",
          creator: "Microstructure"),
        MeshRecord(
          name: "migrationBarrier", field: fields.migrationBarrier, units: "J",
          dimension: energy, longName: "barrier of a halide hop along z",
          description: "Energy barrier of a halide vacancy's hop along z under the local strain",
          creator: "Microstructure"),
        MeshRecord(
          name: "vacancyEnergy", field: fields.vacancyEnergy, units: "J", dimension: energy,
          longName: "shift of a halide vacancy's formation energy",
          description:
            "Energy of a halide vacancy under the local strain less that in the unstrained crystal; in proportion to the "
            + "relaxation volume, whose very sign is uncertain",
          creator: "Microstructure"),
        MeshRecord(
          name: "stepMap", field: fields.stepMap, units: "1", dimension: .none,
          longName: "relative vacancy density over the electrode",
          description:
            "Vacancy density of each cell of the electrode over that of the crystal; 1 in the mean of many devices",
          creator: "Microstructure"),
        MeshRecord(
          name: "thicknessMap", field: crystal.thicknessMap, units: "m", dimension: DimensionExponents(length: 1),
          longName: "crystal thickness over the plate",
          description:
            "Thickness of the crystal over its plan on the plate, 0 outside the crystal; of a spun film a piece of some "
            + "grains",
          creator: "Growth"),
      ]
        + (fields.grains.map { grains in
          [
            MeshRecord(
              name: "grain", field: grains, units: "1", dimension: .none, longName: "grain of the film",
              description: "Number of the grain that stands in each column of the window, from 1",
              creator: "Microstructure")
          ]
        } ?? [])
        + (bands.map(Self.meshes) ?? []))
  }

  /// Meshes of the bands.
  private static func meshes(of bands: BandFields) -> [MeshRecord] {
    [
      MeshRecord(
        name: "potential", field: bands.potential, units: "V",
        dimension: DimensionExponents(length: 2, mass: 1, time: -3, current: -1),
        longName: "electrostatic potential without a voltage",
        description: "Potential without a voltage, 0 in the neutral bulk; the band edges lie lower by q times it",
        creator: "Microstructure"),
      MeshRecord(
        name: "fermiLevel", field: bands.fermiLevel, units: "J",
        dimension: DimensionExponents(length: 2, mass: 1, time: -2),
        longName: "Fermi level above the valence band",
        description: "Fermi level less the valence band's edge without a voltage", creator: "Microstructure"),
      MeshRecord(
        name: "vacancyEquilibrium", field: bands.vacancyDensity, units: "1/m^3",
        dimension: DimensionExponents(length: -3),
        longName: "mobile halide vacancy density in equilibrium with the contacts",
        description:
          "Mobile halide vacancies after they have followed the potential of the contacts; a window that does not reach the "
          + "lower contact exchanges them with the bulk below",
        creator: "Microstructure"),
    ]
  }

  /// - Throws: `ArchiveError.invalidContent` for a bad mesh or two of one name.
  func check() throws(ArchiveError) {
    let place = "the fields of device \(device)"
    guard device >= 0 else { throw .invalidContent(place: place, reason: "device numbers begin at 0") }
    guard time.isFinite else { throw .invalidContent(place: place, reason: "time is \(time)") }
    var names: Set<String> = []
    for mesh in meshes {
      try mesh.check(at: "mesh \(mesh.name) of device \(device)")
      guard names.insert(mesh.name).inserted else {
        throw .invalidContent(place: place, reason: "two meshes are called \(mesh.name)")
      }
    }
  }

  func write(into iterations: HDF5Handle) throws(ArchiveError) {
    let iteration = try iterations.group(String(device))
    try iteration.attribute("time", .real(time))
    try iteration.attribute("dt", .real(0))
    try iteration.attribute("timeUnitSI", .real(1))
    let group = try iteration.group("meshes")
    for mesh in meshes { try mesh.write(into: group) }
  }
}
