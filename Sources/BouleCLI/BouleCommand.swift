import ArgumentParser
import Boule

@main
struct BouleCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "boule", abstract: "From a growth recipe to a forecast of memory devices.",
    version: Boule.version,
    subcommands: [
      Evaluate.self, Compare.self, Reproduce.self, Check.self, Fields.self, Explain.self, Schema.self, List.self,
    ])

  static func main() async {
    Signals.ignoreFileSizeLimit()
    do {
      var command = try parseAsRoot()
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch {
      ExitStatus.leave(with: error)
    }
  }
}
