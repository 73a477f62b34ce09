// Endpoints as text: tcp:127.0.0.1:5000, tcp:[::1]:5000, tcp:localhost:5000, tcp:*:5000, unix:/run/hello.sock,
// unix:@name, pipe:/run/hello, queue:/hello, memory:/hello.
internal import Glibc
public import IPC

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  fileprivate var isLetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
  }

  fileprivate var isHexDigit: Bool {
    isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
      || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(self)
  }

  var isNameCharacter: Bool { isDigit || isLetter || self == UInt8(ascii: "-") || self == UInt8(ascii: "_") }
}

extension Endpoint {
  /// A server's endpoint for all IPv4 and IPv6 addresses of the machine.
  var isWildcard: Bool { if case .tcp(let host, _) = self { SwiftEngine.isWildcard(host) } else { false } }
}

extension SwiftEngine {
  private static func isNumber(_ label: ArraySlice<UInt8>) -> Bool {
    let isHex = label.count > 2 && (label.starts(with: "0x".utf8) || label.starts(with: "0X".utf8))
    return isHex ? label.dropFirst(2).allSatisfy(\.isHexDigit) : label.allSatisfy(\.isDigit)
  }

  /// A host name consists of labels with dots between them, and perhaps a dot at the end. inet_aton(3) takes a name
  /// whose last label is a number, such as 127.1 or 0x7f000001, for an address: such a name is refused.
  private static func isHostName(_ text: ArraySlice<UInt8>) -> Bool {
    let labels = (text.last == UInt8(ascii: ".") ? text.dropLast() : text).split(
      separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.allSatisfy { (1...63).contains($0.count) && $0.allSatisfy(\.isNameCharacter) }
      && !isNumber(labels[labels.endIndex - 1])
  }

  /// Linux allows any name of an interface without a slash, a colon and white space. Here it is UTF-8, like all text.
  static func isZone(_ zone: String) -> Bool {
    guard (1..<Int(IF_NAMESIZE)).contains(zone.utf8.count),
      !zone.utf8.contains(where: "/: \t\n\u{B}\u{C}\r".utf8.contains)
    else { return false }
    let bytes = Array(zone.utf8)
    var i = 0
    while i < bytes.count {
      let count = bytes[i] < 0x80 ? 1 : utf8Length(bytes.span.extracting(droppingFirst: i))
      if count == 0 { return false }
      i += count
    }
    return true
  }

  /// Returns whether a host is `*`, all IPv4 and IPv6 addresses of the machine.
  static func isWildcard(_ host: String) -> Bool { host == "*" }

  /// Returns whether a host is an IPv4 or IPv6 address, or `*`. Any other host is a name to resolve.
  static func isAddress(_ host: String) -> Bool { IPAddress(host) != nil }

  private static func parseHost(_ text: ArraySlice<UInt8>) throws(Failure) -> String {
    guard text.count <= Limit.host, !text.contains(0), let host = String(validating: text, as: UTF8.self),
      isAddress(host) || isHostName(text)
    else { throw Failure(.resolve, .syntax(.host)) }
    return host
  }

  private static func parsePort(_ text: ArraySlice<UInt8>) throws(Failure) -> UInt16 {
    guard (1...5).contains(text.count), text.allSatisfy(\.isDigit),
      let port = UInt16(String(decoding: text, as: UTF8.self))
    else { throw Failure(.resolve, .syntax(.port)) }
    return port
  }

  private static func parseHostAndPort(_ text: ArraySlice<UInt8>) throws(Failure) -> Endpoint {
    // Brackets enclose an IPv6 address, whose zone may contain brackets.
    if text.first == UInt8(ascii: "["), let bracket = text.lastIndex(of: UInt8(ascii: "]")) {
      let inside = text[..<bracket].dropFirst()
      guard inside.contains(UInt8(ascii: ":")) else { throw Failure(.resolve, .syntax(.host)) }
      let host = try parseHost(inside)
      let after = text[bracket...].dropFirst()
      guard after.first == UInt8(ascii: ":") else { throw Failure(.resolve, .syntax(.port)) }
      return .tcp(host: host, port: try parsePort(after.dropFirst()))
    }
    let colon = text.lastIndex(of: UInt8(ascii: ":"))
    let name = text[..<(colon ?? text.endIndex)]
    // An IPv6 address without brackets is ambiguous: which colon is the port's?
    guard !name.contains(UInt8(ascii: ":")) else { throw Failure(.resolve, .syntax(.host)) }
    let host = try parseHost(name)
    guard let colon else { throw Failure(.resolve, .syntax(.port)) }
    return .tcp(host: host, port: try parsePort(text[colon...].dropFirst()))
  }

  private static func parseSocketPath(_ text: ArraySlice<UInt8>) throws(Failure) -> Endpoint {
    let isAbstract = text.first == UInt8(ascii: "@")
    let name = isAbstract ? text.dropFirst() : text
    guard (1...Limit.path).contains(name.count), isAbstract || !name.contains(0) else {
      throw Failure(.resolve, .syntax(.path))
    }
    return isAbstract ? .abstract(name: Array(name)) : .unix(path: Array(name))
  }

  private static func parsePipePath(_ path: ArraySlice<UInt8>) throws(Failure) -> [UInt8] {
    guard (1...Limit.pipePath).contains(path.count), !path.contains(0) else { throw Failure(.resolve, .syntax(.fifo)) }
    return Array(path)
  }

  private static func parseObjectName(_ name: ArraySlice<UInt8>) throws(Failure) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    guard (2...1 + Limit.objectName).contains(name.count), name.first == slash, !name.dropFirst().contains(slash),
      !name.contains(0)
    else { throw Failure(.resolve, .syntax(.object)) }
    return Array(name)
  }

  /// Checks the name of a pipe, a queue or shared memory.
  static func check(_ endpoint: Endpoint) throws(Failure) {
    switch endpoint {
    case .pipe(let path): _ = try parsePipePath(path[...])
    case .queue(let name), .memory(let name): _ = try parseObjectName(name[...])
    case .tcp, .unix, .abstract: break
    }
  }

  private static func skipPrefix(_ prefix: String, of text: inout ArraySlice<UInt8>) -> Bool {
    guard text.starts(with: prefix.utf8) else { return false }
    text = text.dropFirst(prefix.utf8.count)
    return true
  }

  public static func parse(_ text: [UInt8]) throws(Failure) -> Endpoint {
    var rest = text[...]
    if skipPrefix("tcp:", of: &rest) { return try parseHostAndPort(rest) }
    if skipPrefix("unix:", of: &rest) { return try parseSocketPath(rest) }
    if skipPrefix("pipe:", of: &rest) { return .pipe(path: try parsePipePath(rest)) }
    if skipPrefix("queue:", of: &rest) { return .queue(name: try parseObjectName(rest)) }
    if skipPrefix("memory:", of: &rest) { return .memory(name: try parseObjectName(rest)) }
    throw Failure(.resolve, .syntax(.scheme))
  }

  public static func tcp(host: [UInt8], port: [UInt8]) throws(Failure) -> Endpoint {
    let bracketed =
      host.count > 2 && host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]")
      && host.contains(UInt8(ascii: ":"))
    let host = try parseHost(bracketed ? host.dropFirst().dropLast() : host[...])
    return .tcp(host: host, port: try parsePort(port[...]))
  }

  private static func prefix(_ endpoint: Endpoint) -> String {
    switch endpoint {
    case .tcp: "tcp:"
    case .unix: "unix:"
    case .abstract: "unix:@"
    case .pipe: "pipe:"
    case .queue: "queue:"
    case .memory: "memory:"
    }
  }

  public static func format(_ endpoint: Endpoint) -> [UInt8] {
    let start = prefix(endpoint)
    switch endpoint {
    case .tcp(let host, let port):
      let hasColon = host.utf8.contains(UInt8(ascii: ":"))
      return Array((hasColon ? "\(start)[\(host)]:\(port)" : "\(start)\(host):\(port)").utf8)
    case .unix(let name), .abstract(let name), .pipe(let name), .queue(let name), .memory(let name):
      return start.utf8 + name
    }
  }
}
