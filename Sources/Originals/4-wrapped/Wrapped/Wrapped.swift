import COriginals
public import Program

/// The functions in C. Each one is a call and a check; no unsafe pointer leaves a line.
public enum Wrapped: Original {
  public static func listen(at address: String, port: String) throws(Failure) -> Socket {
    Socket(owning: try check(unsafe original_listen(address, port)))
  }

  public static func connect(to host: String, port: String) throws(Failure) -> Socket {
    Socket(owning: try check(unsafe original_connect(host, port)))
  }

  public static func greet(_ listener: borrowing Socket, greeting: [UInt8]) throws(Failure) {
    try check(unsafe original_greet(listener.descriptor, greeting, greeting.count))
  }

  public static func copy(_ socket: borrowing Socket, to output: CInt) throws(Failure) -> Int {
    try check(original_copy(socket.descriptor, output))
  }

  public static func serveMessage(_ listener: borrowing Socket, output: CInt) throws(Failure) -> Int {
    try check(original_serve_message(listener.descriptor, output))
  }

  public static func sendMessage(_ socket: borrowing Socket, input: CInt, output: CInt) throws(Failure) -> Int {
    try check(original_send_message(socket.descriptor, input, output))
  }

  public static func text(of failure: Failure) -> String {
    unsafe String(cString: original_error_text(-failure.code))
  }

  /// Throws the error of a negative result. C returns `int` and `ssize_t`, so it is generic.
  @discardableResult
  private static func check<Result: SignedInteger>(_ result: Result) throws(Failure) -> Result {
    if result < 0 { throw Failure(code: CInt(-result)) }
    return result
  }
}
