import ParityKit
import Testing

extension Originals {
  /// A fault of the first step: what the judge shows in a scenario.
  struct Fault: Sendable, CustomTestStringConvertible {
    let fault: String
    let role: String
    let scenario: String
    let channel: Channel
    /// The one of several that differ; nil is the first.
    var observation: String?
    let printed: String
    let callable: String
    var testDescription: String { fault }
  }

  static let faults = [
    Fault(
      fault: "a message in two segments is cut", role: "message-server", scenario: "split-at-3", channel: .output,
      printed: "hel", callable: "hello\\n"),
    Fault(
      fault: "the server answers before the message is complete", role: "message-server", scenario: "stall",
      channel: .wire, printed: "I got your message⟨end⟩", callable: "⟨silence⟩"),
    Fault(
      fault: "printf stops at a NUL", role: "message-server", scenario: "bytes-0-to-255", channel: .output,
      printed: "", callable: "\\0\\x01\\x02\\x03\\x04\\x05\\x06\\x07\\x08\\t\\n"),
    Fault(
      fault: "a reset while data is missing is success", role: "message-server", scenario: "reset-amid-data",
      channel: .exit, printed: "⟨exited with status 0⟩", callable: "⟨exited with status 1⟩"),
    Fault(
      fault: "a server can't start again while connections of the last one end", role: "message-server",
      scenario: "restart", channel: .exit, observation: "exit 2", printed: "⟨exited with status 1⟩",
      callable: "⟨exited with status 0⟩"),
    Fault(
      fault: "a reset kills the server without a reason", role: "greeting-server", scenario: "reset-at-once",
      channel: .exit, printed: "⟨exited with status 0⟩", callable: "⟨exited with status 1⟩"),
    Fault(
      fault: "a failure is printed among the data", role: "greeting-server", scenario: "port-taken",
      channel: .output, printed: "Error: bind failed\\n", callable: ""),
    Fault(
      fault: "fputs stops at a NUL", role: "greeting-client", scenario: "bytes-0-to-255", channel: .output,
      printed: "", callable: "\\0\\x01\\x02"),
    Fault(
      fault: "a failed read is success", role: "greeting-client", scenario: "resets-amid-an-answer",
      channel: .exit, printed: "⟨exited with status 0⟩", callable: "⟨exited with status 1⟩"),
    Fault(
      fault: "an answer in two segments is cut", role: "message-client", scenario: "answer-split-at-3",
      channel: .output, printed: "hel", callable: "hello\\n"),
    Fault(
      fault: "a refused connection is success", role: "message-client", scenario: "refused", channel: .exit,
      printed: "⟨exited with status 0⟩", callable: "⟨exited with status 1⟩"),
  ]
}
