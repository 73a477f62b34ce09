/// What a server does for a client, `struct ipc_service`.
public enum Service: Hashable, Sendable {
  /// Sends the greeting, at most `Limit.greeting` bytes, then ends, like RFC 865.
  case greeting([UInt8])
  /// Receives up to a newline, the end or `Limit.line` bytes, prints them, answers, ends.
  case message
  /// Sends back what it receives, until the client's stream ends (RFC 862).
  case echo
  /// Receives and ignores, until the client's stream ends (RFC 863).
  case discard
  /// Sends rotating lines of 72 characters, until the client disconnects (RFC 864).
  case chargen
}
