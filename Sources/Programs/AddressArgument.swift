internal import ArgumentParser
internal import IPC

/// The address on the command line: nothing, a port, a host and a port, or an endpoint.
enum AddressArgument {
  static let help = ArgumentHelp(
    "PORT, HOST PORT, or an endpoint such as tcp:HOST:PORT; see ADDRESSES. (default: 127.0.0.1 5000)",
    valueName: "address")

  /// The section of the help about addresses. Lines have at most 70 characters, so that a man page does not wrap them.
  static func section(ports: String, hosts: String, more: [String] = []) -> String {
    """
    ADDRESSES
      PORT           TCP on 127.0.0.1\(ports)
      HOST PORT      TCP; \(hosts)
      tcp:HOST:PORT  the same; IPv6 addresses need brackets: tcp:[::1]:80\(more.map { "\n  \($0)" }.joined())
      unix:PATH      a Unix socket with a file
      unix:@NAME     a Unix socket with an abstract name
      pipe:PATH      two FIFOs, PATH.in and PATH.out
      queue:/NAME    two POSIX message queues
      memory:/NAME   shared memory
    """
  }

  static func endpoint<E: Engine>(of arguments: [String], engine: E.Type) throws -> Endpoint {
    switch arguments.count {
    case 0:
      return .original
    case 1:
      let text = arguments[0]
      return try naming(text) { () throws(Failure) in
        text.utf8.contains { $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }
          ? try E.parse(Array(text.utf8)) : try E.tcp(host: Array("127.0.0.1".utf8), port: Array(text.utf8))
      }
    case 2:
      let host = Array(arguments[0].utf8)
      _ = try naming(arguments[0]) { () throws(Failure) in try E.tcp(host: host, port: [UInt8(ascii: "0")]) }
      return try naming(arguments[1]) { () throws(Failure) in try E.tcp(host: host, port: Array(arguments[1].utf8)) }
    default:
      let all = arguments.joined(separator: " ")
      throw ValidationError("'\(all)': too many addresses; give none, PORT, HOST PORT, or one endpoint")
    }

    func naming(_ text: String, _ body: () throws(Failure) -> Endpoint) throws -> Endpoint {
      do {
        return try body()
      } catch {
        throw ValidationError("'\(text)': \(E.text(of: error.cause))")
      }
    }
  }
}
