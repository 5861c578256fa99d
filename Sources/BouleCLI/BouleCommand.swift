import ArgumentParser

@main
struct BouleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "boule", abstract: "From a growth recipe to a device forecast.")
}
