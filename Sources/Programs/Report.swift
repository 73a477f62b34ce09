internal import IPC
internal import SystemPackage

/// The originals' sentences: what a program says of a step that failed.
struct Sentences {
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
    case .send, .finish: "Write error"
    case .output: "fputs error"
    case .close: "Could not close"
    }
  }
}

/// What a program says on standard error, a line at a time, in one write each.
struct Report<E: Engine> {
  let options: TalkOptions
  let sentences: Sentences
  /// A client's failure ends a server that serves one, and is thrown; else it is told here.
  var showsFailedClients = false

  func announce(_ what: String, _ endpoint: Endpoint) {
    if !options.quiet { write("\(what) \(text(endpoint))") }
  }

  func error(_ failure: Failure) {
    write("Error : \(sentences[failure.step]): \(subject(failure)): \(E.text(of: failure.cause))")
  }

  func error(_ sentence: String, of subject: String, _ cause: Cause) {
    write("Error : \(sentence): \(subject): \(E.text(of: cause))")
  }

  func event(_ event: Event) {
    if event.step == .receive, event.failure?.cause == .system(.messageTooLong) {
      let peer = event.endpoint.map(text) ?? "?"
      if !options.quiet { write("Warning : \(peer): message cut: no newline within \(Limit.line) bytes") }
    } else if event.step == .close, let failure = event.failure, showsFailedClients {
      error(failure)
    }
    if options.verbose { write(line(event)) }
  }

  private func line(_ event: Event) -> String {
    var line = "\(event.step)"
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

  private func subject(_ failure: Failure) -> String {
    switch failure.step {
    case .input: "standard input"
    case .output: "standard output"
    default: failure.endpoint.map(text) ?? "\(failure.step)"
    }
  }

  private func text(_ endpoint: Endpoint) -> String { String(decoding: E.format(endpoint), as: UTF8.self) }

  /// A peer chooses its abstract name, and so what stands in a line: control characters reach no terminal raw.
  private func write(_ line: String) {
    let shown = E.vis(Array(line.utf8).span).map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
    // Nowhere is left to tell of an error of standard error.
    try? E.write(.standardError, (shown + [UInt8(ascii: "\n")]).span)
  }
}
