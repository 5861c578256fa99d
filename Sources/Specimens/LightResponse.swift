/// How an optical synapse answered a train of light pulses.
public struct LightResponse: Hashable, Sendable {
  /// One point of the record.
  public struct Point: Hashable, Sendable {
    /// Seconds since the train began.
    public var time: Double
    /// Transmitted over incident power of the read beam.
    public var transmission: Double
    /// Share of the phase that light makes.
    public var share: Double
    /// Mean rise of the temperature along the read beam, K.
    public var rise: Double

    public init(time: Double, transmission: Double, share: Double, rise: Double) {
      self.time = time
      self.transmission = transmission
      self.share = share
      self.rise = rise
    }
  }

  /// Before the first pulse, and then at the ends of equal parts of pulses and intervals.
  public var points: [Point]
  /// Transmission in the dark before the first pulse.
  public var baseline: Double
  /// Change of the transmission at the end of each pulse and of the interval after it.
  public var peaks: [Double]
  public var troughs: [Double]

  public init(points: [Point], baseline: Double, peaks: [Double], troughs: [Double]) {
    self.points = points
    self.baseline = baseline
    self.peaks = peaks
    self.troughs = troughs
  }

  /// Changes over the size of the last peak, so that this one is 1, or −1 where light takes from the signal; nil without a
  /// last peak.
  private func weights(_ changes: [Double]) -> [Double]? {
    guard let last = peaks.last, last != 0 else { return nil }
    return changes.map { $0 / abs(last) }
  }

  public var peakWeights: [Double]? { weights(peaks) }
  public var troughWeights: [Double]? { weights(troughs) }

  /// A₂/A₁ − 1 of the first two pulses, A above the baseline before both; nil without two or without a first answer.
  public var facilitation: Double? {
    guard peaks.count > 1, peaks[0] != 0 else { return nil }
    return peaks[1] / peaks[0] - 1
  }

  /// Whether light adds to the signal; nil where the first pulse changed nothing.
  public var isExcitatory: Bool? { peaks.first.flatMap { $0 == 0 ? nil : $0 > 0 } }
}
