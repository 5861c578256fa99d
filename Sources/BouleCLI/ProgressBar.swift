import Synchronization

/// Progress on stderr: a bar with the time left on a terminal, a line for every tenth otherwise.
final class ProgressBar: Sendable {
  private struct State {
    var done = 0
    var lastTenth = 0
  }

  private let total: Int
  /// What is counted.
  private let unit: String
  private let isQuiet: Bool
  private let start = ContinuousClock.now
  private let state = Mutex(State())

  init(total: Int, unit: String, isQuiet: Bool) {
    self.total = total
    self.unit = unit
    self.isQuiet = isQuiet
  }

  /// Takes the number done; numbers may come out of order.
  func update(_ done: Int) {
    guard !isQuiet else { return }
    state.withLock { show(done, &$0) }
  }

  private func show(_ done: Int, _ state: inout State) {
    guard done > state.done else { return }
    state.done = done
    let share = Double(done) / Double(total)
    if Console.isTerminal {
      let elapsed = start.duration(to: .now)
      let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) * 1e-18
      let left = Int((seconds * (1 / share - 1)).rounded(.up))
      let width = 30
      let filled = Int(share * Double(width))
      let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
      let end = done == total ? "\n" : ""
      Console.progress("\r[\(bar)] \(done)/\(total) \(unit), \(left) s left   \(end)")
    } else if Int(share * 10) > state.lastTenth {
      state.lastTenth = Int(share * 10)
      Console.error("\(state.lastTenth * 10) % of \(total) \(unit)")
    }
  }
}
