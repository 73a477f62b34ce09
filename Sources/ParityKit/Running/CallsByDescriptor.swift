/// The calls of a run, grouped by socket or stream. Descriptor numbers and the order of concurrent processes differ
/// from run to run; the order in which one socket is used does not.
struct CallsByDescriptor {
  /// A socket or a standard stream, whatever its number in each process.
  private struct Subject {
    enum Role { case other, standard(Int), listener, accepted, connected, failed }

    var role = Role.other
    var isStream = true
    /// The peer's address, if the program asked for it.
    var port: Int?
    var entries: [NormalizedCall] = []
  }

  private let log: StraceLog
  private let setting: CallSetting
  private var subjects: [Subject] = []
  /// The index of each subject, by strace's name for it.
  private var indices: [String: Int] = [:]

  init(_ log: StraceLog, _ setting: CallSetting) {
    (self.log, self.setting) = (log, setting)
    for number in 0...2 { subjects.append(Subject(role: .standard(number))) }
    for call in log.calls where !NormalizedCall.isTimingDependent(call) { note(call) }
  }

  // MARK: Subjects

  private mutating func note(_ call: Call) {
    if call.name == "socket" {
      guard let opened = call.opened else { return }
      let subject = subjectIndex(of: opened.target)
      subjects[subject].isStream = !call.argument(1).hasPrefix("SOCK_DGRAM") && !call.argument(1).hasPrefix("SOCK_RAW")
      subjects[subject].entries.append(NormalizedCall(call, setting))
      return
    }
    if call.name == "splice", let index = subject(call.descriptor(2)) { add(call, to: index) }
    guard let index = subject(call.descriptor(0)) else { return }
    add(call, to: index)
  }

  private mutating func add(_ call: Call, to index: Int) {
    if case .standard = subjects[index].role, NormalizedCall.isQuery(call) { return }
    subjects[index].entries.append(NormalizedCall(call, setting))
    switch call.name {
    case "bind" where setting.isEndpoint(call.argument(1)): subjects[index].role = .listener
    case "listen": subjects[index].role = .listener
    case "accept", "accept4":
      subjects[index].role = .listener
      guard let opened = call.opened else { return }
      let new = subjectIndex(of: opened.target)
      subjects[new].role = .accepted
      subjects[new].port = setting.port(call.argument(1))
    case "getpeername": subjects[index].port = subjects[index].port ?? setting.port(call.argument(1))
    case "connect" where setting.isEndpoint(call.argument(1)):
      subjects[index].role = call.error == nil || call.error == "EINPROGRESS" ? .connected : .failed
    case "getsockopt" where call.argument(2) == "SO_ERROR" && call.argument(3) != "0":
      if case .connected = subjects[index].role { subjects[index].role = .failed }
    default: break
    }
  }

  private mutating func subjectIndex(of target: String) -> Int {
    if let index = indices[target] { return index }
    indices[target] = subjects.count
    subjects.append(Subject())
    return subjects.count - 1
  }

  private mutating func subject(_ descriptor: Call.Descriptor?) -> Int? {
    guard let descriptor else { return nil }
    for standards in setting.standards {
      // Another process may open a file of that name, but not that pipe.
      let isOwn = descriptor.target.hasPrefix("pipe:")
      let number = standards.firstIndex(of: descriptor.target)
      if let number, isOwn || number == descriptor.number { return number }
    }
    return descriptor.target.hasPrefix("socket:") ? subjectIndex(of: descriptor.target) : nil
  }

  // MARK: Traces

  /// The calls of serving sockets and standard streams. Calls that resolvers, loggers and runtimes make for themselves
  /// are omitted.
  var observations: [Observation] {
    let names = names
    return (Array(3..<subjects.count) + [0, 1, 2]).flatMap { index -> [Observation] in
      guard let name = names[index] else { return [] }
      let entries = subjects[index].entries
      // Which of several processes closes it first depends on timing.
      let isShared = Set(entries.map { log.table(of: $0.thread) }).count > 1
      let closes = isShared ? entries.filter { $0.text == "close" } : []
      let others = isShared ? entries.filter { $0.text != "close" } : entries
      let observation = Observation(name: name, fragments: fragments(others, names))
      if closes.isEmpty { return [observation] }
      return [
        observation, Observation(name: "\(name), closed by each process", fragments: closes.map { .mark($0.text) }),
      ]
    }
  }

  private var names: [Int: String] {
    var (names, counts, unnamed) = ([Int: String](), [String: Int](), 0)
    func numbered(_ name: String) -> String {
      counts[name, default: 0] += 1
      return counts[name] == 1 ? name : "\(name) #\(counts[name, default: 0])"
    }
    for (index, subject) in subjects.enumerated() where subject.isStream {
      switch subject.role {
      case .other: break
      case .standard(let number): names[index] = ["standard input", "standard output", "standard error"][number]
      case .listener: names[index] = numbered("listener")
      case .failed: names[index] = numbered("attempt to connect")
      case .accepted, .connected:
        let label = subject.port.flatMap { setting.labels[$0] }
        let ordered = setting.connections.indices.contains(unnamed) ? setting.connections[unnamed] : nil
        unnamed += 1
        names[index] = numbered("connection" + ((label ?? ordered).map { " \($0)" } ?? ""))
      }
    }
    return names
  }

  /// For bulk data, the sizes of single calls, their order and the position of an end or error depend on the kernel and
  /// on timing.
  private func fragments(_ entries: [NormalizedCall], _ names: [Int: String]) -> [Observation.Fragment] {
    func total(_ isRead: Bool) -> Int { entries.reduce(0) { $0 + ($1.isRead == isRead ? $1.count ?? 0 : 0) } }
    let isBulk = [true: total(true) > Limits.bulk, false: total(false) > Limits.bulk]
    var fragments: [Observation.Fragment] = []
    var reported: Set<String> = []
    for entry in entries {
      if entry.moves, isBulk.values.contains(true) {
        let isNew = isBulk[entry.isRead] == true && entry.count != nil && reported.insert(entry.text).inserted
        if isNew { fragments.append(.mark("\(entry.text), in bulk")) }
      } else if let count = entry.count {
        fragments += [.mark(entry.text), .bytes(Array(String(count).utf8))]
      } else {
        let opened = entry.accepted.flatMap { indices[$0] }.flatMap { names[$0] }
        fragments.append(.mark(entry.text + (opened.map { " = \($0)" } ?? "")))
      }
    }
    return fragments
  }
}
