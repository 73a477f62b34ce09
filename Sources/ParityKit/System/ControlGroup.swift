internal import SystemPackage

/// A control group (cgroup version 2) for the processes of one run, where the judge may create one. No process leaves
/// it by a new session, a new parent or another environment. See cgroups(7).
final class ControlGroup {
  /// The folder of the group; nil if none can be created.
  private let folder: String?

  /// `name` is unique.
  init(_ name: String) {
    let folder = Self.parent.map { "\($0)/\(name)" }
    folder.map { folder in _ = try? System.ensureFolder(folder) }
    self.folder = folder.flatMap { System.kind(of: $0 + "/cgroup.procs") == nil ? nil : $0 }
  }

  /// The group of this process in the file system; nil without cgroup version 2. The variable is for tests.
  static let parent: String? = {
    if System.environment("PARITY_CONTROL_GROUPS") == "no" { return nil }
    let mounts = (System.text(of: "/proc/self/mounts") ?? "").split(separator: "\n").map { $0.split(separator: " ") }
    let own = (System.text(of: "/proc/self/cgroup") ?? "").split(separator: "\n").first { $0.hasPrefix("0::") }
    guard let mount = mounts.first(where: { $0.count > 2 && $0[2] == "cgroup2" })?[1], let own else { return nil }
    let path = "\(mount)\(own.dropFirst(3))"
    return path.hasSuffix("/") ? String(path.dropLast()) : path
  }()

  /// The words of a command that joins the group and then becomes the program; nil without a group. The program can't
  /// start a process before it has joined.
  func joining(_ words: [String]) -> [String]? {
    folder.map { ["sh", "-c", "echo 0 >\"$0/cgroup.procs\"; exec \"$@\"", $0] + words }
  }

  /// The living processes of the group.
  var members: [CInt] {
    guard let folder else { return [] }
    return (System.text(of: "\(folder)/cgroup.procs") ?? "").split(separator: "\n").compactMap { CInt($0) }
  }

  /// Kills all processes of the group at once.
  func kill() { write("1", to: "cgroup.kill") }

  private func write(_ text: String, to file: String) {
    if let folder { try? System.write(Array(text.utf8), to: "\(folder)/\(file)") }
  }

  deinit { if let folder { System.removeFolder(folder) } }
}
