/// One thing whose time is taken.
struct TimedTask {
  var name: String
  /// Calls that are timed together, so that short tasks outlast the clock's grain.
  var calls: Int
  var body: () async throws -> Void

  init(_ name: String, calls: Int = 1, _ body: @escaping () async throws -> Void) {
    self.name = name
    self.calls = calls
    self.body = body
  }
}

/// Takes the times of several tasks in turn, so that what slows the machine slows all of them.
struct Stopwatch {
  /// Times of one call in s, sorted, in the order of the tasks.
  private(set) var times: [[Double]]
  let tasks: [TimedTask]

  /// - Parameter rounds: how often each task is timed, after one round that is not.
  init(_ tasks: [TimedTask], rounds: Int) async throws {
    self.tasks = tasks
    times = tasks.map { _ in [] }
    for round in 0...rounds {
      for (index, task) in tasks.enumerated() {
        let start = ContinuousClock.now
        for _ in 0..<task.calls { try await task.body() }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        if round > 0 { times[index].append(seconds / Double(task.calls)) }
      }
    }
    for index in times.indices { times[index].sort() }
  }

  /// Median time of the task of that name, s; nil if there is none.
  func median(of name: String) -> Double? { tasks.firstIndex { $0.name == name }.map(median) }

  func median(_ index: Int) -> Double {
    let sorted = times[index]
    return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
  }
}
