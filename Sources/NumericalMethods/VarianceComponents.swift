/// The spread of a number split into a part between devices and a part between cycles of one device.
///
/// One-way random effects by analysis of variance (method of moments), any number of cycles per device; equations of
/// Searle, Casella and McCulloch, *Variance Components* (Wiley 1992), section 3.6.
public struct VarianceComponents: Hashable, Sendable {
  /// A 90 % range, or whatever confidence was asked for, of each component's variance.
  public struct Interval: Hashable, Sendable {
    public let deviceToDevice: ClosedRange<Double>
    public let cycleToCycle: ClosedRange<Double>
  }

  /// Devices with at least one cycle.
  public let deviceCount: Int
  /// Cycles of all devices.
  public let cycleCount: Int
  /// The mean over all cycles of all devices.
  public let mean: Double
  /// The variance between devices before clipping: it can come out negative when the true one is small.
  public let deviceToDeviceUnclipped: Double
  /// The variance between the cycles of one device.
  public let cycleToCycle: Double
  /// The standard error of `deviceToDevice`, for normal effects.
  public let deviceToDeviceError: Double
  /// The standard error of `cycleToCycle`, for normal effects.
  public let cycleToCycleError: Double

  private let devices: [Device]

  /// What the analysis needs to know of one device.
  private struct Device: Hashable, Sendable {
    var count: Double
    var mean: Double
    var squares: Double
  }

  /// The variance between devices, 0 where the moment estimate is negative.
  public var deviceToDevice: Double { max(0, deviceToDeviceUnclipped) }
  /// Whether the moment estimate of the variance between devices was negative and is reported as 0.
  public var isClipped: Bool { deviceToDeviceUnclipped < 0 }
  /// The share of the variance that lies between devices, 0 without any variance.
  public var deviceShare: Double {
    let total = deviceToDevice + cycleToCycle
    return total > 0 ? deviceToDevice / total : 0
  }

  /// Splits the spread of `cycles[device][cycle]`; devices without a cycle are left out.
  ///
  /// - Throws: `SampleError.tooFew` below two devices, or if no device has a second cycle; `.notFinite`, `.overflow`.
  public init(cycles: [[Double]]) throws(SampleError) {
    var devices: [Device] = []
    for values in cycles where !values.isEmpty {
      let summary = try SampleSummary(values)
      let sd = summary.sd ?? 0
      devices.append(
        Device(count: Double(values.count), mean: summary.mean, squares: sd * sd * Double(values.count - 1)))
    }
    guard devices.count > 1 else { throw .tooFew(what: "devices with a cycle", found: devices.count, needed: 2) }
    let moments = Self.moments(devices)
    guard moments.total > Double(devices.count) else {
      throw .tooFew(what: "cycles of \(devices.count) devices", found: devices.count, needed: devices.count + 1)
    }
    self.devices = devices
    deviceCount = devices.count
    cycleCount = Int(moments.total)
    mean = moments.mean
    deviceToDeviceUnclipped = moments.between
    cycleToCycle = moments.within

    let a = Double(devices.count)
    let total = moments.total
    var s2 = 0.0
    var s3 = 0.0
    for device in devices {
      s2 += device.count * device.count
      s3 += device.count * device.count * device.count
    }
    let between = max(0, moments.between)
    let within = moments.within
    let span = total * total - s2
    let cycleTerm = total * (total - 1) * (a - 1) / ((total - a) * span) * within * within
    let deviceTerm = (total * total * s2 + s2 * s2 - 2 * total * s3) / (total * span) * between * between
    deviceToDeviceError = (2 * total / span * (cycleTerm + 2 * within * between + deviceTerm)).squareRoot()
    cycleToCycleError = (2 / (total - a)).squareRoot() * within
    guard deviceToDeviceError.isFinite else { throw .overflow(what: "the cycles") }
  }

  /// The percentile interval of both variances by resampling whole devices.
  ///
  /// It needs no normal law, but some tens of devices: with few of them it is too narrow.
  ///
  /// - Throws: `SampleError.notAProbability` for a confidence outside (0, 1), `.tooFew` below 20 replications.
  public func bootstrapInterval(
    confidence: Double = 0.9, replications: Int = 1000, source: RandomSource
  ) throws(SampleError) -> Interval {
    try SampleError.requireProbability(confidence)
    guard replications >= 20 else { throw .tooFew(what: "replications", found: replications, needed: 20) }
    var source = source
    var resample = devices
    var between: [Double] = []
    var within: [Double] = []
    between.reserveCapacity(replications)
    within.reserveCapacity(replications)
    while between.count < replications {
      var total = 0.0
      for index in resample.indices {
        let drawn = min(devices.count - 1, Int(source.uniform() * Double(devices.count)))
        resample[index] = devices[drawn]
        total += devices[drawn].count
      }
      // A resample of nothing but single cycles says nothing about cycles; it is drawn again.
      guard total > Double(devices.count) else { continue }
      let moments = Self.moments(resample)
      between.append(max(0, moments.between))
      within.append(moments.within)
    }
    between.sort()
    within.sort()
    let tail = (1 - confidence) / 2
    return Interval(
      deviceToDevice: SampleSummary.quantile(
        tail, ofSorted: between)...SampleSummary.quantile(
          1 - tail, ofSorted: between),
      cycleToCycle: SampleSummary.quantile(tail, ofSorted: within)...SampleSummary.quantile(1 - tail, ofSorted: within)
    )
  }

  private static func moments(
    _ devices: [Device]
  ) -> (total: Double, mean: Double, between: Double, within: Double) {
    var total = 0.0
    var weighted = 0.0
    var squaredCounts = 0.0
    var squares = 0.0
    for device in devices {
      total += device.count
      squaredCounts += device.count * device.count
      weighted += device.count * (device.mean - devices[0].mean)
      squares += device.squares
    }
    // Means are taken from the first device's, so that a large common level costs no digits.
    let center = devices[0].mean + weighted / total
    var betweenSquares = 0.0
    for device in devices { betweenSquares += device.count * (device.mean - center) * (device.mean - center) }
    let a = Double(devices.count)
    let within = squares / (total - a)
    let perDevice = (total - squaredCounts / total) / (a - 1)
    return (total, center, (betweenSquares / (a - 1) - within) / perDevice, within)
  }
}
