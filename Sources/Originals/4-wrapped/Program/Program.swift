import Glibc

/// The four programs: greeting-server [PORT], greeting-client [PORT], message-server PORT, message-client HOST PORT.
public enum Program {
  static let fixedPort = "5000"

  /// Runs the program that the arguments name. Returns the exit status.
  public static func run<Functions: Original>(_ functions: Functions.Type) -> CInt {
    let arguments = CommandLine.arguments
    let port = arguments.count > 2 ? arguments[2] : fixedPort
    switch (arguments.dropFirst().first, arguments.count) {
    case ("greeting-server", 2...3):
      return serve(functions, at: port) { listener throws(Failure) in
        try Functions.greet(listener, greeting: Array("Server Message".utf8))
      }
    case ("greeting-client", 2...3):
      return ask(functions, "127.0.0.1", port) { socket throws(Failure) in
        _ = try Functions.copy(socket, to: STDOUT_FILENO)
      }
    case ("message-server", 3):
      return serve(functions, at: port) { listener throws(Failure) in
        _ = try Functions.serveMessage(listener, output: STDOUT_FILENO)
      }
    case ("message-client", 4):
      return ask(functions, arguments[2], arguments[3]) { socket throws(Failure) in
        _ = try Functions.sendMessage(socket, input: STDIN_FILENO, output: STDOUT_FILENO)
      }
    default:
      complain(
        "usage: greeting-server [PORT] | greeting-client [PORT] | message-server PORT | message-client HOST PORT")
      return 64
    }
  }

  private static func serve<Functions: Original>(
    _: Functions.Type, at port: String, _ body: (borrowing Socket) throws(Failure) -> Void
  ) -> CInt {
    var step = "listen"
    do throws(Failure) {
      let listener = try Functions.listen(at: "127.0.0.1", port: port)
      step = "serve"
      try body(listener)
      return 0
    } catch {
      complain("\(step): \(Functions.text(of: error))")
      return 1
    }
  }

  private static func ask<Functions: Original>(
    _: Functions.Type, _ host: String, _ port: String, _ body: (borrowing Socket) throws(Failure) -> Void
  ) -> CInt {
    var step = "connect"
    do throws(Failure) {
      let socket = try Functions.connect(to: host, port: port)
      step = "receive"
      try body(socket)
      return 0
    } catch {
      complain("\(step): \(Functions.text(of: error))")
      return 1
    }
  }

  private static func complain(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // Sound: the kernel reads only within the array, during the call.
    _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
  }
}
