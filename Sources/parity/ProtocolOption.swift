import ArgumentParser
import ParityKit

/// The value of `--protocol`: a protocol, or `auto`.
enum ProtocolOption: Equatable {
  case named(WireProtocol)
  case auto

  static let allowed = (WireProtocol.allCases.map(\.rawValue) + ["auto"]).joined(separator: ", ")

  /// Parses the value; anything else is wrong usage.
  init(_ text: String) throws {
    if text == "auto" {
      self = .auto
    } else if let named = WireProtocol(rawValue: text) {
      self = .named(named)
    } else {
      throw ValidationError("allowed: \(Self.allowed)")
    }
  }

  var text: String {
    switch self {
    case .named(let named): named.rawValue
    case .auto: "auto"
    }
  }

  /// The protocol that was named. Until a probe has chosen it, `auto` has none.
  var named: WireProtocol? { if case .named(let named) = self { named } else { nil } }
}
