internal import Yams

/// A value in a YAML file. An accessor returns it as the expected kind, or throws an error with its line.
struct YAMLValue {
  let node: Node
  let file: String

  /// The root value of a file with one document.
  init(parsing text: String, file: String) throws(InputError) {
    let documents = try Self.documents(of: text, file: file)
    guard documents.count == 1 else {
      throw InputError(file: file, line: nil, what: "the file has \(documents.count) documents", allowed: ["1"])
    }
    self = documents[0]
  }

  /// The root values of the documents of a file, which lines of three hyphens separate.
  static func documents(of text: String, file: String) throws(InputError) -> [YAMLValue] {
    do {
      let nodes = try compose_all(yaml: text)
      let documents = nodes.map { YAMLValue($0, file) }
      if let error = nodes.error { throw error }
      if documents.isEmpty { throw InputError(file: file, line: 1, what: "the file is empty", allowed: []) }
      return documents
    } catch let error as InputError {
      throw error
    } catch let error as YamlError {
      throw Self.error(error, file)
    } catch {
      throw InputError(file: file, line: nil, what: "\(error)", allowed: [])
    }
  }

  private init(_ node: Node, _ file: String) { (self.node, self.file) = (node, file) }

  private static func error(_ error: YamlError, _ file: String) -> InputError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      InputError(file: file, line: mark.line, what: problem, allowed: [])
    default: InputError(file: file, line: nil, what: "\(error)", allowed: [])
    }
  }

  func refused(_ what: String, allowed: [String] = []) -> InputError {
    InputError(file: file, line: node.mark?.line, what: what, allowed: allowed)
  }

  // MARK: Kinds

  func list(_ what: String) throws(InputError) -> [YAMLValue] {
    guard case .sequence(let sequence) = node else { throw refused("\(what) must be a list") }
    return sequence.map { YAMLValue($0, file) }
  }

  func text(_ what: String) throws(InputError) -> String {
    guard case .scalar(let scalar) = node else { throw refused("\(what) must be text") }
    return scalar.string
  }

  func number(_ what: String, _ range: ClosedRange<Int>) throws(InputError) -> Int {
    guard let number = Int(try text(what).filter { $0 != "_" }), range.contains(number) else {
      throw refused("\(what) must be a number", allowed: ["\(range.lowerBound) to \(range.upperBound)"])
    }
    return number
  }

  func flag(_ what: String) throws(InputError) -> Bool {
    switch try text(what) {
    case "true": return true
    case "false": return false
    case let other: throw refused("\(what) can't be \"\(other)\"", allowed: ["true", "false"])
    }
  }

  func choice<Value: RawRepresentable & CaseIterable>(
    _ what: String, _: Value.Type
  ) throws(InputError) -> Value where Value.RawValue == String {
    let text = try text(what)
    guard let value = Value(rawValue: text) else {
      throw refused("\(what) can't be \"\(text)\"", allowed: Value.allCases.map(\.rawValue))
    }
    return value
  }

  // MARK: Fields

  var isMapping: Bool {
    if case .mapping = node { true } else { false }
  }

  var isList: Bool {
    if case .sequence = node { true } else { false }
  }

  /// The values of a mapping by key. A key that is not allowed or occurs twice is an error at its line.
  func fields(_ what: String, _ allowed: [String]) throws(InputError) -> [String: YAMLValue] {
    guard case .mapping(let mapping) = node else { throw refused("\(what) must have keys", allowed: allowed) }
    var fields: [String: YAMLValue] = [:]
    for (key, value) in mapping {
      let name = try YAMLValue(key, file).text("a key")
      guard allowed.contains(name) else {
        throw YAMLValue(key, file).refused("\(what) has no \"\(name)\"", allowed: allowed)
      }
      fields[name] = YAMLValue(value, file)
    }
    return fields
  }

  /// The keys of a mapping in order, with their values.
  func pairs(_ what: String) throws(InputError) -> [(key: YAMLValue, value: YAMLValue)] {
    guard case .mapping(let mapping) = node else { throw refused("\(what) must have keys") }
    return mapping.map { (YAMLValue($0.key, file), YAMLValue($0.value, file)) }
  }

  /// The single key of a mapping and its value; the key must be one of those allowed.
  func single(_ what: String, _ allowed: [String]) throws(InputError) -> (key: String, value: YAMLValue) {
    let fields = try fields(what, allowed)
    guard let first = fields.first, fields.count == 1 else {
      throw refused("\(what) must have one key", allowed: allowed)
    }
    return (first.key, first.value)
  }
}
