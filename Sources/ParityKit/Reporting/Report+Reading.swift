internal import Formats

extension Report {
  /// Reads a report that `json` wrote. `file` names it in errors. The full output of the programs is not part of it.
  public init(json text: String, file: String = "report.json") throws(InputError) {
    let whole = Field(try JSON(reading: text, file: file), "the report", file)
    let version = try whole["version"].number
    guard version == Self.formatVersion else {
      throw InputError(
        file: file, line: nil, what: "the report has version \(version)", allowed: [String(Self.formatVersion)])
    }
    left = try whole.program("left")
    right = try whole.program("right")
    channels = try whole["channels"].all { field throws(InputError) in try field.choice(Channel.self) }
    results = try whole["scenarios"].all(ScenarioResult.init)
    stale = try whole["stale"].all(MaskRule.init)
    time = .milliseconds(try whole["milliseconds"].number)
    fuzzed = try whole.optional("fuzz").map(FuzzSummary.init)
    notes = try whole.optional("notes")?.texts ?? []
  }

  /// A field of a report, with its name for errors.
  struct Field {
    private let value: JSON
    private let name: String
    let file: String

    init(_ value: JSON, _ name: String, _ file: String) { (self.value, self.name, self.file) = (value, name, file) }

    func refused(_ what: String, allowed: [String] = []) -> InputError {
      InputError(file: file, line: nil, what: "\(name) \(what)", allowed: allowed)
    }

    /// Nil if the field is null or missing.
    func optional(_ key: String) -> Field? {
      guard case .object(let fields) = value, let field = fields.first(where: { $0.0 == key }) else { return nil }
      if case .null = field.1 { return nil }
      return Field(field.1, key, file)
    }

    /// The program of a side.
    func program(_ side: String) throws(InputError) -> Program {
      let entries = try optional("\(side)Environment")?.texts ?? []
      let words = try self[side].texts
      do throws(Program.Malformed) {
        return Program(words: words, environment: try Program.environment(entries))
      } catch {
        throw refused(error.description)
      }
    }

    subscript(_ key: String) -> Field {
      get throws(InputError) {
        guard let field = optional(key) else { throw refused("has no \"\(key)\"") }
        return field
      }
    }

    /// A list whose entries are converted by the closure.
    func all<Value>(_ convert: (Field) throws(InputError) -> Value) throws(InputError) -> [Value] {
      guard case .list(let values) = value else { throw refused("is not a list") }
      var all: [Value] = []
      for value in values { all.append(try convert(Field(value, "an entry of \(name)", file))) }
      return all
    }

    var texts: [String] {
      get throws(InputError) { try all { field throws(InputError) in try field.text } }
    }

    var text: String {
      get throws(InputError) {
        guard case .text(let text) = value else { throw refused("is not a string") }
        return text
      }
    }

    var number: Int {
      get throws(InputError) {
        guard case .number(let number) = value else { throw refused("is not a number") }
        return number
      }
    }

    var flag: Bool {
      get throws(InputError) {
        guard case .flag(let flag) = value else { throw refused("is neither true nor false") }
        return flag
      }
    }

    func choice<Value: RawRepresentable & CaseIterable>(_: Value.Type) throws(InputError) -> Value
    where Value.RawValue == String {
      let text = try text
      guard let value = Value(rawValue: text) else {
        throw refused("can't be \"\(text)\"", allowed: Value.allCases.map(\.rawValue))
      }
      return value
    }

    func unknown(allowed: [String]) throws(InputError) -> InputError {
      refused("can't be \"\(try text)\"", allowed: allowed)
    }
  }
}
