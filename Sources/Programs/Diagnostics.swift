internal import IPC
internal import Logging
internal import SystemPackage

/// The error messages of the original programs, by the step that failed.
struct Sentences: Sendable {
  let resolve: String

  static let server = Sentences(resolve: "Could not bind on Given IP")
  static let client = Sentences(resolve: "Connect Failed")

  subscript(step: Step) -> String {
    switch step {
    case .resolve: resolve
    case .create: "Could not create socket"
    case .bind: "Could not bind on Given IP"
    case .listen: "Could not listen"
    case .accept: "Could not accept"
    case .connect: "Connect Failed"
    case .receive, .input, .wait: "Read error"
    case .send, .halfClose: "Write error"
    case .output: "fputs error"
    case .close, .stop, .statusRequest: "Could not close"
    case .timeLimit: "Time limit reached"
    }
  }
}

/// What a program prints on standard error: plain lines, or log records with `--log`.
struct Diagnostics<E: Engine>: Sendable {
  let options: VerbosityOptions
  let sentences: Sentences
  /// Whether to print the failures of clients. A server that serves one client throws its failure instead.
  var reportsClients = false
  private let sink: LogSink<E>
  private let clients: ClientLines<E>
  private let stopped = Locked(StopCount())

  /// - Parameter waitsForReader: See `LogWriter`.
  init(options: VerbosityOptions, sentences: Sentences, reportsClients: Bool = false, waitsForReader: Bool = false) {
    self.options = options
    self.sentences = sentences
    self.reportsClients = reportsClients
    sink = LogSink(options, waitsForReader: waitsForReader)
    clients = ClientLines(sink)
  }

  /// To be called before the program ends.
  func finish(stop: FileDescriptor? = nil) {
    let count = stopped.withLock { $0 }
    if !count.isEmpty { sink.write(.warning, "Warning : stop: \(count)", "stop", count.fields) }
    clients.finish()
    sink.writer.finish(stop: stop)
  }

  /// Receives the failures and stops, and the other steps only if they are printed.
  /// - Parameter others: Where a server listens besides its first endpoint, with which a stop is reported.
  func observer(stopping others: [Endpoint] = [], _ also: @escaping @Sendable (Event) -> Void = { _ in }) -> Observer {
    let steps: [Step] =
      switch options.level {
      case .trace: Step.allCases
      case .debug: [.close, .stop]
      default: [.stop]
      }
    return Observer(of: steps) {
      report($0)
      if $0.step == .stop { for endpoint in others { announceStop(endpoint) } }
      also($0)
    }
  }

  /// Prints that the server is listening or stopping.
  func announce(_ state: String, _ endpoint: Endpoint) {
    sink.write(.info, "\(state) \(text(endpoint))", state, ["endpoint": "\(text(endpoint))"])
  }

  private func announceStop(_ endpoint: Endpoint) { if sink.hasRecords { announce("stopping", endpoint) } }

  /// - Parameter detail: What of the endpoint failed.
  func report(_ failure: Failure, about detail: String? = nil) {
    let subject = subject(failure) + (detail.map { ", \($0)" } ?? "")
    reportError(sentence(failure), of: subject, reason(failure) + (failure.holder.map { " by process \($0)" } ?? ""))
  }

  private func sentence(_ failure: Failure) -> String {
    // A link has no address to bind: it creates its names and listens in one step.
    let isLink = failure.endpoint?.isLocal ?? false
    let step = failure.step == .bind && isLink ? Step.listen : failure.step
    if step == .bind, failure.endpoint?.isUnix ?? false { return "Could not bind" }
    return failure.limit?.sentence ?? sentences[step]
  }

  private func reason(_ failure: Failure) -> String {
    failure.cause == .system(.canceled)
      ? "stopped" : failure.limit.map { "\($0.option) exceeded" } ?? E.text(of: failure.cause)
  }

  /// Prints why no address of a name accepted: each address with its own reason.
  func report(_ failures: [Failure], of name: Endpoint, untried: Int) {
    var reasons = failures.map { "\(subject($0)): \(E.text(of: $0.cause))" }
    if untried > 0 {
      reasons.append("no time was left for \(untried == 1 ? "1 other address" : "\(untried) other addresses")")
    }
    reportError(sentences[.connect], of: text(name), reasons.joined(separator: "; "))
  }

  func reportError(_ sentence: String, of subject: String, _ cause: Cause) {
    reportError(sentence, of: subject, E.text(of: cause))
  }

  func reportError(_ sentence: String, of subject: String, _ reason: String) {
    sink.write(
      .error, "Error : \(sentence): \(subject): \(reason)", sentence, ["subject": "\(subject)", "reason": "\(reason)"])
  }

  func warn(_ subject: String, _ sentence: String, _ cause: Cause) {
    let reason = E.text(of: cause)
    sink.write(
      .warning, "Warning : \(subject): \(sentence): \(reason)", sentence,
      ["subject": "\(subject)", "reason": "\(reason)"])
  }

  func report(_ event: Event) {
    if event.step == .receive, event.failure?.cause == .system(.messageTooLong) {
      clients.write(.cutMessage, of: event.endpoint.map(text) ?? "?")
    } else if event.failure?.cause == .system(.canceled) {
      stopped.withLock { $0.add(event) }
    } else if let failure = event.failure, (reportsClients && event.step == .close) || failure.isTemporary {
      let line = failure.disconnect.map { ClientLine.disconnect($0) }
      clients.write(line ?? .failure(sentence(failure), reason: reason(failure)), of: subject(failure))
    }
    if let traffic = event.traffic, sink.hasRecords { logClient(event, traffic) }
    if let counters = event.counters { report(counters) }
    if event.step == .stop { sink.writer.takeStop() }
    if event.step == .stop, let endpoint = event.endpoint { announceStop(endpoint) }
    sink.write(.trace, line(event), event.step.printedName, fields(event))
  }

  private func logClient(_ event: Event, _ traffic: Event.Traffic) {
    let (seconds, attoseconds) = traffic.duration.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    let end = event.failure.map(reason) ?? "end"
    sink.write(
      .debug, "", "client",
      [
        "peer": "\(event.endpoint.map(text) ?? "?")", "received": .stringConvertible(traffic.received),
        "sent": .stringConvertible(traffic.sent), "end": "\(end)", "milliseconds": .stringConvertible(milliseconds),
      ])
  }

  private func report(_ counters: Counters) {
    let all = [
      ("accepted", counters.accepted), ("refused", counters.refused), ("active", counters.active),
      ("failed", counters.failed), ("received", counters.received), ("sent", counters.sent),
    ]
    sink.write(
      .notice, "counters: " + all.map { "\($0) \($1)" }.joined(separator: ", "), "counters",
      Dictionary(uniqueKeysWithValues: all.map { ($0, .stringConvertible($1)) }))
  }

  private func line(_ event: Event) -> String {
    var line = event.step.printedName
    if event.descriptor >= 0 { line += ": descriptor \(event.descriptor)" }
    if let endpoint = event.endpoint { line += ", \(text(endpoint))" }
    if let failure = event.failure { return line + ": \(reason(failure))" }
    switch event.step {
    case .listen: line += ", backlog \(event.count)"
    case .receive, .send, .input, .output: line += event.count == 1 ? ", 1 byte" : ", \(event.count) bytes"
    default: break
    }
    return line
  }

  private func fields(_ event: Event) -> Logger.Metadata {
    var fields: Logger.Metadata = ["descriptor": .stringConvertible(event.descriptor)]
    fields["endpoint"] = event.endpoint.map { "\(text($0))" }
    fields["reason"] = event.failure.map { "\(reason($0))" }
    if event.count > 0 { fields["count"] = .stringConvertible(event.count) }
    return fields
  }

  private func subject(_ failure: Failure) -> String {
    switch failure.step {
    case .input: "standard input"
    case .output: "standard output"
    default: failure.endpoint.map(text) ?? failure.step.printedName
    }
  }

  private func text(_ endpoint: Endpoint) -> String {
    endpoint == .unix(path: []) ? "unix:(unnamed)" : String(decoding: E.format(endpoint), as: UTF8.self)
  }
}

extension Endpoint {
  fileprivate var isUnix: Bool {
    switch self {
    case .unix, .abstract: true
    case .tcp, .pipe, .queue, .memory: false
    }
  }
}

extension Failure {
  /// The option whose limit was exceeded, and the sentence about it. No other wait reports its timeout under its own
  /// step.
  fileprivate var limit: (option: String, sentence: String)? {
    switch (step, cause) {
    case (.wait, .system(.timedOut)): ("--idle-timeout", "Idle timeout reached")
    case (.timeLimit, _): ("--max-time", "Time limit reached")
    case (.receive, .system(.fileTooLarge)): ("--max-bytes", "Byte limit reached")
    default: nil
    }
  }

  /// What a client did that left before its service ended; nil if this is another failure.
  fileprivate var disconnect: String? {
    guard [.receive, .send, .halfClose].contains(step) else { return nil }
    return switch cause {
    case .system(.connectionReset): "reset the connection"
    case .system(.brokenPipe): "closed the connection early"
    default: nil
    }
  }

  /// Whether a server continues although it could not accept a client over a socket: the listener is good.
  fileprivate var isTemporary: Bool {
    guard step == .accept, endpoint?.isLocal == false, case .system(let errno) = cause else { return false }
    return ![.badFileDescriptor, .badAddress, .invalidArgument, .notSocket].contains(errno)
  }
}

extension Step {
  /// The word that the programs print for a step.
  fileprivate var printedName: String {
    switch self {
    case .halfClose: "finish"
    case .statusRequest: "notice"
    default: "\(self)"
    }
  }
}
