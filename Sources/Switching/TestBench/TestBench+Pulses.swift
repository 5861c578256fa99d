import Foundation
import NumericalMethods
import Quantities
import Specimens

/// Pulses: how a device is driven by piecewise linear voltages, and the protocols that do it.
extension TestBench {
  /// What came of one piece of a waveform.
  struct Piece {
    var record = StepRecord()
    /// Largest current, A, without its sign.
    var peak = 0.0
    /// s.
    var duration = 0.0

    mutating func add(_ next: Piece) {
      record.add(next.record, after: duration)
      peak = max(peak, next.peak)
      duration += next.duration
    }
  }

  /// Steps of a piece; the first are the shortest, since what a jump of the voltage starts is fast at first.
  private static var stepsPerPiece: Int { 24 }

  /// Drives the voltage from one value to another in a time; it jumps to the first one.
  func drive(
    from start: Double, to end: Double, during time: Double, compliance: Double, _ run: inout Run
  ) throws -> Piece {
    var piece = Piece()
    guard time > 0 else { return piece }
    piece.peak = abs(try device.operate(start, compliance: compliance, state: run.state).current)
    let slope = (end - start) / time
    var before = start
    for index in 1...Self.stepsPerPiece {
      let share = Double(index) / Double(Self.stepsPerPiece)
      let isLast = index == Self.stepsPerPiece
      let until = isLast ? time : time * share * share * share
      let applied = isLast ? end : start + slope * until
      let step = try device.advance(
        &run.state, from: before, to: applied, during: until - piece.duration, compliance: compliance,
        random: &run.random)
      piece.record.add(step, after: piece.duration)
      piece.peak = max(piece.peak, abs(step.end.current))
      piece.duration = until
      before = applied
    }
    run.time += time
    run.isAveraged = run.isAveraged || piece.record.isAveraged
    run.outcome.energy += piece.record.energy
    return piece
  }

  /// A rectangular pulse, then a time without a voltage.
  @discardableResult
  func pulse(
    _ amplitude: Double, width: Double, then interval: Double = 0, compliance: Double, _ run: inout Run
  ) throws -> Piece {
    let piece = try drive(from: amplitude, to: amplitude, during: width, compliance: compliance, &run)
    _ = try drive(from: 0, to: 0, during: interval, compliance: compliance, &run)
    return piece
  }

  func conductance(_ run: Run, at voltage: Voltage) throws -> Double {
    1 / (try resistance(run.state, at: voltage.si))
  }

  func pulses(_ test: TestProtocol.PulseTrain, _ run: inout Run) throws {
    begin(&run)
    var train = SwitchingTrace.PulseTrain(
      amplitude: test.amplitude.si, width: test.width.si,
      startConductance: try conductance(run, at: test.readVoltage),
      isIdle: device.isOn(run.state, at: test.readVoltage.si))
    train.conductances.reserveCapacity(test.count)
    train.energies.reserveCapacity(test.count)
    for number in 0..<test.count {
      let piece = try pulse(
        test.amplitude.si, width: test.width.si, then: test.interval.si, compliance: test.compliance.si, &run)
      if train.setTime == nil, !train.isIdle, let delay = piece.record.delay {
        train.setTime = Double(number) * test.width.si + delay
      }
      train.energies.append(piece.record.energy)
      train.conductances.append(try conductance(run, at: test.readVoltage))
    }
    run.outcome.trace.pulseTrains.append(train)
    run.cycle += 1
  }

  func potentiate(_ test: TestProtocol.Potentiation, _ run: inout Run) throws {
    begin(&run)
    var result = SwitchingTrace.Potentiation(
      startConductance: try conductance(run, at: test.readVoltage), potentiated: [], depressed: [])
    let down = test.reverse?.si ?? -test.amplitude.si
    let downCompliance = (test.reverseCompliance ?? test.compliance).si
    for _ in 0..<test.count {
      try pulse(test.amplitude.si, width: test.width.si, then: test.interval.si, compliance: test.compliance.si, &run)
      result.potentiated.append(try conductance(run, at: test.readVoltage))
    }
    for _ in 0..<test.count {
      try pulse(down, width: test.width.si, then: test.interval.si, compliance: downCompliance, &run)
      result.depressed.append(try conductance(run, at: test.readVoltage))
    }
    run.outcome.trace.potentiations.append(result)
    run.cycle += 1
  }

  /// Calls a trial from the state that the device is in, each time with new random numbers, and returns to that state.
  private func trials<Answer>(
    _ count: Int, _ run: inout Run, _ trial: (inout Run) throws -> Answer
  ) throws -> [Answer] {
    let state = run.state
    var answers: [Answer] = []
    for _ in 0..<count {
      begin(&run)
      answers.append(try trial(&run))
      run.state = state
      run.cycle += 1
    }
    return answers
  }

  /// PPF = A₂/A₁ − 1, A the peak current less that before the first pulse (physics 8.3c), which is none without a voltage.
  func pairPulses(_ test: TestProtocol.PairedPulse, _ run: inout Run) throws {
    let (amplitude, width, compliance) = (test.amplitude.si, test.width.si, test.compliance.si)
    let pairs = try test.intervals.map { interval in
      let peaks = try trials(test.repeats, &run) { run in
        let first = try pulse(amplitude, width: width, then: interval.si, compliance: compliance, &run).peak
        return (first, try pulse(amplitude, width: width, compliance: compliance, &run).peak)
      }
      return SwitchingTrace.PairedPulse.Pair(
        interval: interval.si, first: peaks.map(\.0).median, second: peaks.map(\.1).median)
    }
    run.outcome.trace.pairedPulses.append(SwitchingTrace.PairedPulse(pairs: pairs))
  }

  func timeSpikes(_ test: TestProtocol.SpikeTiming, _ run: inout Run) throws {
    let compliance = test.compliance.si
    let points = try test.delays.map { delay in
      let waveform = test.waveform(delay: delay.si)
      let changes = try trials(test.repeats, &run) { run in
        let before = try resistance(run.state)
        for _ in 0..<test.pairs {
          for piece in waveform {
            _ = try drive(from: piece.start, to: piece.end, during: piece.duration, compliance: compliance, &run)
          }
          _ = try drive(from: 0, to: 0, during: test.interval.si, compliance: compliance, &run)
        }
        let change = before / (try resistance(run.state)) - 1
        // Rounding is no change.
        return abs(change) < 1e-12 ? 0 : change
      }
      return SwitchingTrace.SpikeTiming.Point(delay: delay.si, change: changes.median)
    }
    run.outcome.trace.spikeTimings.append(SwitchingTrace.SpikeTiming(points: points))
  }
}

extension TestProtocol.SpikeTiming {
  /// A linear piece of the voltage that the device sees.
  struct Piece: Hashable {
    var start: Double
    var end: Double
    var duration: Double
  }

  /// A spike at a time after it began, V; `isAfter` tells which side of a jump counts.
  func spike(at time: Double, isAfter: Bool) -> Double {
    let (width, tail) = (width.si, tailDuration.si)
    let sign: Double = amplitude.si < 0 ? -1 : 1
    guard isAfter ? time >= 0 : time > 0 else { return 0 }
    if isAfter ? time < width : time <= width { return amplitude.si }
    return time < width + tail ? -sign * tailAmplitude.si * (1 - (time - width) / tail) : 0
  }

  /// The spike behind the device less that before it.
  func waveform(delay: Double) -> [Piece] {
    let marks = [0, width.si, width.si + tailDuration.si]
    let times = Set(marks + marks.map { $0 + delay }).sorted()
    return zip(times, times.dropFirst()).map { begin, end in
      Piece(
        start: spike(at: begin - delay, isAfter: true) - spike(at: begin, isAfter: true),
        end: spike(at: end - delay, isAfter: false) - spike(at: end, isAfter: false), duration: end - begin)
    }
  }
}
