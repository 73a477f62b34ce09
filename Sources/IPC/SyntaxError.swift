/// Why a text is not an endpoint, `enum ipc_syntax_error`.
public enum SyntaxError: Int32, CaseIterable, Sendable {
  /// The text does not start with the prefix of a transport.
  case scheme = 20_000
  /// The host is empty, too long, or neither a name nor an address.
  case host
  /// The port is missing, not a number, or out of range.
  case port
  /// A socket's path is empty, too long, or contains a NUL.
  case path
  /// A pipe's path is empty, too long, or contains a NUL.
  case fifo
  /// A queue's or object's name lacks its slash, has a second one, is empty or too long, or contains a NUL.
  case object
}
