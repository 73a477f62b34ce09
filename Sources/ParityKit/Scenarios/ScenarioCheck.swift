/// Finds the steps that can't do anything, such as those of a peer that no step connects. A typo makes such a step, and
/// the scenario would be the same for any two programs.
struct ScenarioCheck {
  /// What is wrong with a step, and what is allowed.
  struct Problem: Error, Hashable {
    let what: String
    let allowed: [String]
  }

  private let role: Role
  private var peers: [String] = []
  private var listens = false
  private var captured: [String] = []

  init(_ role: Role) { self.role = role }

  /// Checks the next step. The steps of a repetition come before the repetition itself.
  mutating func note(_ step: Step) throws(Problem) {
    let name = String(step.flow.prefix { $0 != ":" })
    if Self.foreign(to: role).contains(name) {
      throw Problem(
        what: "\(name) does nothing in a scenario for a \(role.rawValue)",
        allowed: Step.keys.filter { !Self.foreign(to: role).contains($0) })
    }
    try noteValues(step)
    switch step {
    case .listen: listens = true
    case .accept where !listens: throw Problem(what: "no step before accept listens", allowed: ["listen"])
    case .connect(let peer, _), .accept(let peer, _): if !peers.contains(peer) { peers.append(peer) }
    case .receive(_, .pattern(""), _, _): throw Problem(what: "the pattern must not be empty", allowed: [])
    default:
      guard let peer = step.peer, !peers.contains(peer) else { return }
      throw Problem(
        what: "no step before \(name) connects \"\(peer)\"", allowed: peers.isEmpty ? ["connect", "accept"] : peers)
    }
  }

  /// Checks the expressions of a step, and the captured values that its payload names.
  private mutating func noteValues(_ step: Step) throws(Problem) {
    switch step {
    case .receive(_, let expectation, _, let captures):
      if case .regex(let regex) = expectation, let what = BytePattern.problem(regex, isCapture: false) {
        throw Problem(what: what, allowed: [])
      }
      for capture in captures {
        if let what = capture.problem { throw Problem(what: what, allowed: []) }
        if !captured.contains(capture.name) { captured.append(capture.name) }
      }
    case .send(_, let payload, _), .input(let payload):
      guard case .template(let text) = payload.source else { return }
      guard let template = Template(text) else {
        throw Problem(what: "\"${\" begins no name", allowed: ["${NAME}", "$${ for ${"])
      }
      guard let unknown = template.names.first(where: { !captured.contains($0) }) else { return }
      throw Problem(
        what: "no step before it captures \"\(unknown)\"", allowed: captured.isEmpty ? ["capture"] : captured)
    default: break
    }
  }

  /// The steps that do nothing in a role: peers of a server don't listen, and a filter has no peers.
  private static func foreign(to role: Role) -> [String] {
    switch role {
    case .server: ["listen", "accept"]
    case .client, .proxy: []
    case .filter:
      ["occupy", "connect", "listen", "accept", "send", "half-close", "close", "reset", "receive"]
    }
  }
}

extension Scenario {
  /// The first step that can't do anything; nil if every step can.
  var problem: String? {
    var check = ScenarioCheck(role)
    for (number, step) in zip(1..., steps) {
      do throws(ScenarioCheck.Problem) {
        for step in step.flat + [step] { try check.note(step) }
      } catch {
        let allowed = error.allowed.isEmpty ? "" : "; allowed: \(error.allowed.joined(separator: ", "))"
        return "step \(number): \(error.what)\(allowed)"
      }
    }
    return nil
  }
}

extension Step {
  var peer: String? {
    switch self {
    case .connect(let peer, _), .accept(let peer, _), .send(let peer, _, _), .halfClose(let peer), .close(let peer),
      .reset(let peer), .receive(let peer, _, _, _):
      peer
    case .start, .occupy, .listen, .input, .endInput, .signal, .waitForExit, .settle, .repeated: nil
    }
  }

  /// The steps of a repetition, once; of another step, itself.
  var flat: [Step] { if case .repeated(_, let inner) = self { inner.flatMap(\.flat) } else { [self] } }
}
