internal import IPC
internal import Logging
internal import SystemPackage

/// The originals' sentences: what a program says of a step that failed.
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
    }
  }
}

/// What a program says on standard error: a line at a time as the originals would, or a record at a time with `--log`.
struct Report<E: Engine>: Sendable {
  let options: TalkOptions
  let sentences: Sentences
  /// A client's failure ends a server that serves one, and is thrown; else it is told here.
  var showsFailedClients = false
  private let log: Logger?

  init(options: TalkOptions, sentences: Sentences, showsFailedClients: Bool = false) {
    self.options = options
    self.sentences = sentences
    self.showsFailedClients = showsFailedClients
    log = options.log.map { format in
      Logger(label: "") { _ in RecordHandler<E>(format: format, logLevel: options.level) }
    }
  }

  /// Steps that are done are told where they will be shown; what fails, and stops, are told always.
  func observer(_ also: @escaping @Sendable (Event) -> Void = { _ in }) -> Observer {
    let steps: [Step] = options.level == .trace ? Step.allCases : options.level == .debug ? [.close, .stop] : [.stop]
    return Observer(of: steps) {
      event($0)
      also($0)
    }
  }

  func announce(_ what: String, _ endpoint: Endpoint) {
    say(.info, "\(what) \(text(endpoint))", what, ["endpoint": "\(text(endpoint))"])
  }

  func error(_ failure: Failure) {
    // A link has no address to bind: it creates its names and listens in one step.
    let isOfLink = failure.endpoint?.isLocal ?? false
    let step = failure.step == .bind && isOfLink ? Step.listen : failure.step
    error(sentences[step], of: subject(failure), failure.cause, holder: failure.holder)
  }

  func error(_ sentence: String, of subject: String, _ cause: Cause, holder: CInt? = nil) {
    let reason = E.text(of: cause) + (holder.map { " by process \($0)" } ?? "")
    say(
      .error, "Error : \(sentence): \(subject): \(reason)", sentence, ["subject": "\(subject)", "reason": "\(reason)"])
  }

  func event(_ event: Event) {
    if event.step == .receive, event.failure?.cause == .system(.messageTooLong) {
      let (peer, what) = (event.endpoint.map(text) ?? "?", "message cut: no newline within \(Limit.line) bytes")
      say(.warning, "Warning : \(peer): \(what)", what, ["peer": "\(peer)"])
    } else if let failure = event.failure, showsFailedClients, event.step == .close || failure.isPassing {
      error(failure)
    }
    if let traffic = event.traffic, log != nil { tell(event, traffic) }
    if let counters = event.counters { tell(counters) }
    if event.step == .stop, let endpoint = event.endpoint, log != nil { announce("stopping", endpoint) }
    say(.trace, line(event), event.step.printedName, details(event))
  }

  private func tell(_ event: Event, _ traffic: Event.Traffic) {
    let (seconds, attoseconds) = traffic.duration.components
    let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
    let end = event.failure.map { E.text(of: $0.cause) } ?? "end"
    say(
      .debug, "", "client",
      [
        "peer": "\(event.endpoint.map(text) ?? "?")", "received": .stringConvertible(traffic.received),
        "sent": .stringConvertible(traffic.sent), "end": "\(end)", "milliseconds": .stringConvertible(milliseconds),
      ])
  }

  private func tell(_ counters: Counters) {
    let all = [
      ("accepted", counters.accepted), ("refused", counters.refused), ("active", counters.active),
      ("failed", counters.failed), ("received", counters.received), ("sent", counters.sent),
    ]
    say(
      .notice, "counters: " + all.map { "\($0) \($1)" }.joined(separator: ", "), "counters",
      Dictionary(uniqueKeysWithValues: all.map { ($0, .stringConvertible($1)) }))
  }

  private func line(_ event: Event) -> String {
    var line = event.step.printedName
    if event.descriptor >= 0 { line += ": descriptor \(event.descriptor)" }
    if let endpoint = event.endpoint { line += ", \(text(endpoint))" }
    if let failure = event.failure { return line + ": \(E.text(of: failure.cause))" }
    switch event.step {
    case .listen: line += ", backlog \(event.count)"
    case .receive, .send, .input, .output: line += event.count == 1 ? ", 1 byte" : ", \(event.count) bytes"
    default: break
    }
    return line
  }

  private func details(_ event: Event) -> Logger.Metadata {
    var details: Logger.Metadata = ["descriptor": .stringConvertible(event.descriptor)]
    details["endpoint"] = event.endpoint.map { "\(text($0))" }
    details["reason"] = event.failure.map { "\(E.text(of: $0.cause))" }
    if event.count > 0 { details["count"] = .stringConvertible(event.count) }
    return details
  }

  private func subject(_ failure: Failure) -> String {
    switch failure.step {
    case .input: "standard input"
    case .output: "standard output"
    default: failure.endpoint.map(text) ?? failure.step.printedName
    }
  }

  private func text(_ endpoint: Endpoint) -> String { String(decoding: E.format(endpoint), as: UTF8.self) }

  /// The line, or the record with its fields.
  private func say(
    _ level: Logger.Level, _ line: @autoclosure () -> String, _ message: String,
    _ fields: @autoclosure () -> Logger.Metadata
  ) {
    guard level >= options.level else { return }
    if let log { log.log(level: level, "\(message)", metadata: fields()) } else { write(line()) }
  }

  /// A peer chooses its abstract name, and so what stands in a line: control characters reach no terminal raw.
  private func write(_ line: String) {
    let shown = E.vis(Array(line.utf8).span).map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
    // Nowhere is left to tell of an error of standard error.
    try? E.write(.standardError, (shown + [UInt8(ascii: "\n")]).span)
  }
}

extension Failure {
  /// A client was not taken, but a server that stays goes on: it is over a limit, or descriptors or memory ran out.
  fileprivate var isPassing: Bool {
    guard step == .accept, case .system(let errno) = cause else { return false }
    return [.tooManyUsers, .tooManyOpenFiles, .tooManyOpenFilesInSystem, .noBufferSpace, .noMemory].contains(errno)
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
