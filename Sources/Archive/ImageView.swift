import CHDF5
import Fields

/// The volumes of one device as VTK, ParaView, xarray and NeXus readers want them: views of the meshes, no copies.
struct ImageView {
  let device: Int
  let grid: Grid
  let meshes: [MeshRecord]

  /// The volumes that share the grid of the device's first one; nil if it has none.
  init?(_ fields: DeviceFields) {
    guard let first = fields.meshes.first(where: \.isVolume) else { return nil }
    device = fields.device
    grid = first.grid
    meshes = fields.meshes.filter { $0.isVolume && $0.grid == first.grid }
  }

  private static let creator = "Archive"

  func write(into file: HDF5Handle, time: Double) throws(ArchiveError) {
    let scales = try writeScales(into: file, time: time)
    let image = try file.group("VTKHDF")
    let half = grid.origin + 0.5 * grid.spacing
    let nanometers = { (v: SIMD3<Double>) in [v.x, v.y, v.z].map { $0 / Nanometers.inMeters } }
    let extents = [0, grid.nx - 1, 0, grid.ny - 1, 0, grid.nz - 1].map(Int64.init)
    try image.attribute("Version", .integers([1, 0]))
    try image.attribute("Type", .text("ImageData"))
    try image.attribute("WholeExtent", .integers(extents))
    try image.attribute("Origin", .reals(nanometers(half)))
    try image.attribute("Spacing", .reals(nanometers(grid.spacing)))
    try image.attribute("Direction", .reals([1, 0, 0, 0, 1, 0, 0, 0, 1]))
    let points = try image.group("PointData")
    for mesh in meshes {
      let sources = mesh.paths.map { "/data/\(device)/meshes/\($0)" }
      let view = try points.view(mesh.name, of: sources, shape: mesh.shape, mesh.label)
      var axes = ["z", "y", "x"]
      if !mesh.isScalar { axes.append("component\(mesh.components.count)") }
      // Scales stand on all axes or on none, or xarray loses its way.
      let attached = axes.compactMap { name in scales.first { $0.name == name } }
      guard attached.count == axes.count else { continue }
      for (axis, scale) in attached.enumerated() {
        let status = H5DSattach_scale(view.id, scale.array.id, UInt32(axis))
        try HDF5Handle.checked(status, "the scale \(scale.name) of \(mesh.name)")
      }
    }
    try writePlot(into: file)
  }

  /// Coordinates of the voxels' centers, and the names of components.
  ///
  /// A list, not a dictionary: HDF5 places chunks in the order in which arrays are closed.
  private func writeScales(
    into file: HDF5Handle, time: Double
  ) throws(ArchiveError) -> [(name: String, array: HDF5Handle)] {
    func centers(_ count: Int, _ origin: Double, _ spacing: Double) -> ArrayContent {
      .real((0..<count).map { (origin + (Double($0) + 0.5) * spacing) / Nanometers.inMeters })
    }
    let contents: [(String, ArrayContent, String, String)] = [
      ("x", centers(grid.nx, grid.origin.x, grid.spacing.x), "nm", "Centers of the voxels along x"),
      ("y", centers(grid.ny, grid.origin.y, grid.spacing.y), "nm", "Centers of the voxels along y"),
      ("z", centers(grid.nz, grid.origin.z, grid.spacing.z), "nm", "Centers of the voxels along z, up"),
      ("time", .real([time]), "s", "Time of the snapshot"),
      ("component3", .text(["x", "y", "z"]), "text", "Components of a vector"),
      ("component6", .text(SymmetricTensorField.componentNames), "text", "Components of a symmetric tensor"),
    ]
    var scales: [(name: String, array: HDF5Handle)] = []
    for (name, content, units, description) in contents {
      let label = ArrayLabel(units: units, longName: name, description: description, creator: Self.creator)
      let scale = try file.array(name, content, shape: [content.count], label)
      try HDF5Handle.checked(H5DSset_scale(scale.id, name), "the scale \(name)")
      scales.append((name, scale))
    }
    return scales
  }

  /// The first scalar volume as the file's default plot (NeXus NXdata), by hard links.
  private func writePlot(into file: HDF5Handle) throws(ArchiveError) {
    guard let main = meshes.first(where: \.isScalar) else { return }
    try file.attribute("default", .text("entry"))
    let entry = try file.group("entry")
    try entry.attribute("NX_class", .text("NXentry"))
    try entry.attribute("default", .text("plot"))
    let plot = try entry.group("plot")
    try plot.attribute("NX_class", .text("NXdata"))
    try plot.attribute("signal", .text(main.name))
    try plot.attribute("axes", .texts(["z", "y", "x"]))
    try plot.link(main.name, to: "/data/\(device)/meshes/\(main.name)")
    for axis in ["x", "y", "z"] { try plot.link(axis, to: "/\(axis)") }
  }
}
