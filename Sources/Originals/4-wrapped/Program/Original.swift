/// The functions of `originals.h` with Swift's types and errors.
public protocol Original {
  /// Listens on an address and a port, both in digits.
  static func listen(at address: String, port: String) throws(Failure) -> Socket
  static func connect(to host: String, port: String) throws(Failure) -> Socket
  /// Accepts one client, and sends it all of the greeting.
  static func greet(_ listener: borrowing Socket, greeting: [UInt8]) throws(Failure)
  /// Copies all that the server sends to a descriptor. Returns the number of bytes.
  static func copy(_ socket: borrowing Socket, to output: CInt) throws(Failure) -> Int
  /// Accepts one client, prints its message, and answers. Returns the length of the message.
  static func serveMessage(_ listener: borrowing Socket, output: CInt) throws(Failure) -> Int
  /// Prompts, sends one line of the input, and prints the answer. Returns its length.
  static func sendMessage(_ socket: borrowing Socket, input: CInt, output: CInt) throws(Failure) -> Int
  static func text(of failure: Failure) -> String
}

/// The error of a function: an errno. ENOENT means that the host has no address.
public struct Failure: Error {
  public let code: CInt

  public init(code: CInt) { self.code = code }
}
