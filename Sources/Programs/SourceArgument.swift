internal import ArgumentParser
internal import IPC

/// The client's own address on the command line: HOST:PORT, where the host is an IPv4 or IPv6 address.
enum SourceArgument {
  static func endpoint<E: Engine>(of argument: String?, engine: E.Type) throws -> Endpoint? {
    guard let argument else { return nil }
    do {
      let source = try E.parse(Array("tcp:\(argument)".utf8))
      if isAddress(source) { return source }
    } catch {
      throw ValidationError("--source '\(argument)': \(E.text(of: error.cause))")
    }
    throw ValidationError(
      "--source '\(argument)': it must be an IPv4 address or an IPv6 address in brackets, a colon and a port")
  }

  /// The parser allows no host name whose last label is a number.
  private static func isAddress(_ endpoint: Endpoint) -> Bool {
    guard case .tcp(let host, _) = endpoint else { return false }
    return isIPv6(endpoint) || host.split(separator: ".").last.flatMap { UInt8($0) } != nil
  }

  private static func isIPv6(_ endpoint: Endpoint) -> Bool {
    if case .tcp(let host, _) = endpoint { host.utf8.contains(UInt8(ascii: ":")) } else { false }
  }

  static func check(_ source: Endpoint, connectingTo endpoint: Endpoint) throws {
    guard case .tcp = endpoint else { throw ValidationError("--source applies to TCP only") }
    guard !isAddress(endpoint) || isIPv6(source) == isIPv6(endpoint) else {
      throw ValidationError("--source must be an address of the same IP version as the server's")
    }
  }

  /// The addresses of the source's IP version, or all if there are none, so that the client reports why each one fails.
  static func reachable(_ candidates: [Endpoint], from source: Endpoint?) -> [Endpoint] {
    guard let source else { return candidates }
    let same = candidates.filter { isIPv6($0) == isIPv6(source) }
    return same.isEmpty ? candidates : same
  }
}
