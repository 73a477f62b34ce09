internal import Formats

/// What one run showed, as a bundle keeps it: the observations of each channel, without those that need strace, and
/// without times and costs, which another machine changes.
struct KeptRun: Hashable, Sendable {
  private(set) var observations: [Channel: [Observation]] = [:]
  /// The names in the output that replaced ports, with the numbers.
  private(set) var ports: [String: String] = [:]
  /// The step at which the program hung.
  private(set) var hang: String?

  static let channels = Channel.allCases.filter { ![.calls, .time, .cost].contains($0) }

  init(_ transcript: Transcript, _ channels: [Channel]) {
    (ports, hang) = (transcript.ports, transcript.hang)
    var rest = Limits.bundledRun
    for channel in channels where Self.channels.contains(channel) {
      for var observation in channel.observations(of: transcript) {
        observation.fragments = observation.fragments.flatMap { Self.cut($0, &rest) }
        observations[channel, default: []].append(observation)
      }
    }
  }

  /// A text that is too long is cut, and a mark says where.
  private static func cut(_ fragment: Observation.Fragment, _ rest: inout Int) -> [Observation.Fragment] {
    guard case .bytes(let bytes) = fragment else { return [fragment] }
    let kept = min(bytes.count, Limits.bundledText, rest)
    rest -= kept
    if kept == bytes.count { return [fragment] }
    return [.bytes(Array(bytes.prefix(kept))), .mark("cut at byte \(kept) of \(bytes.count)")]
  }

  /// Whether another run showed the same, whatever its ports were.
  func showed(_ other: KeptRun) -> Bool { observations == other.observations && hang == other.hang }

  // MARK: JSON

  /// Reads a transcript that `json` wrote. `file` names it in errors.
  init(json text: String, file: String) throws(InputError) {
    let field = Report.Field(try JSON(reading: text, file: file), "the transcript", file)
    for entry in try field["observations"].all({ entry throws(InputError) in entry }) {
      let channel = try entry["channel"].choice(Channel.self)
      let fragments = try entry["fragments"].all(Observation.Fragment.init)
      observations[channel, default: []].append(Observation(name: try entry["name"].text, fragments: fragments))
    }
    for entry in try field["ports"].all({ entry throws(InputError) in entry }) {
      ports[try entry["name"].text] = try entry["port"].text
    }
    hang = try field.optional("hang")?.text
  }

  func json(_ scenario: String, _ side: String, _ number: Int) -> String {
    let entries = Channel.allCases.flatMap { channel in
      (observations[channel] ?? []).map { observation in
        JSON.object([
          ("channel", .text(channel.rawValue)), ("name", .text(observation.name)),
          ("fragments", .list(observation.fragments.map(\.json))),
        ])
      }
    }
    let ports = ports.sorted { $0.key < $1.key }.map {
      JSON.object([("name", .text($0.key)), ("port", .text($0.value))])
    }
    return JSON.object([
      ("scenario", .text(scenario)), ("side", .text(side)), ("run", .number(number)),
      ("hang", hang.map(JSON.text) ?? .null), ("ports", .list(ports)), ("observations", .list(entries)),
    ]).printed() + "\n"
  }
}

extension Observation.Fragment {
  /// Bytes are text if they are UTF-8, and otherwise pairs of hexadecimal digits, so that none is lost.
  fileprivate var json: JSON {
    switch self {
    case .bytes(let bytes):
      guard let text = String(validating: bytes, as: UTF8.self) else {
        return .object([("hex", .text(bytes.map(hex).joined()))])
      }
      return .object([("text", .text(text))])
    case .mark(let text, let isLate):
      return .object([("event", .text(text))] + (isLate ? [("late", .flag(true))] : []))
    }
  }

  fileprivate init(_ field: Report.Field) throws(InputError) {
    if let text = field.optional("text") {
      self = .bytes(Array(try text.text.utf8))
    } else if let digits = field.optional("hex") {
      self = .bytes(try digits.bytes)
    } else {
      self = .mark(try field["event"].text, isLate: try field.optional("late")?.flag ?? false)
    }
  }
}

extension Report.Field {
  /// The bytes of pairs of hexadecimal digits.
  fileprivate var bytes: [UInt8] {
    get throws(InputError) {
      let digits = try text.utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
      guard digits.count.isMultiple(of: 2), !digits.contains(nil) else {
        throw refused("is not pairs of hexadecimal digits")
      }
      return stride(from: 0, to: digits.count, by: 2).map { UInt8((digits[$0] ?? 0) << 4 | (digits[$0 + 1] ?? 0)) }
    }
  }
}
