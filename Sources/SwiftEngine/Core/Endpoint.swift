// Endpoints as text: tcp:127.0.0.1:5000, tcp:[::1]:5000, tcp:localhost:5000, unix:/run/hello.sock, unix:@name,
// pipe:/run/hello, queue:/hello, memory:/hello.
public import IPC

extension SwiftEngine {
  public static func parse(_ text: [UInt8]) throws(Failure) -> Endpoint {
    if text.starts(with: "tcp:".utf8) { return try parseTCP(text.dropFirst(4)) }
    if text.starts(with: "unix:".utf8) { return try parsePath(text.dropFirst(5)) }
    if text.starts(with: "pipe:".utf8) { return .pipe(path: try parseFIFO(text.dropFirst(5))) }
    if text.starts(with: "queue:".utf8) { return .queue(name: try parseObject(text.dropFirst(6))) }
    if text.starts(with: "memory:".utf8) { return .memory(name: try parseObject(text.dropFirst(7))) }
    throw Failure(.resolve, .syntax(.scheme))
  }

  public static func tcp(host: [UInt8], port: [UInt8]) throws(Failure) -> Endpoint {
    let bracketed =
      host.count > 2 && host.first == UInt8(ascii: "[") && host.last == UInt8(ascii: "]")
      && host.contains(UInt8(ascii: ":"))
    let host = try parseHost(bracketed ? host.dropFirst().dropLast() : host[...])
    return .tcp(host: host, port: try parsePort(port[...]))
  }

  public static func format(_ endpoint: Endpoint) -> [UInt8] {
    switch endpoint {
    case .tcp(let host, let port):
      Array((host.utf8.contains(UInt8(ascii: ":")) ? "tcp:[\(host)]:\(port)" : "tcp:\(host):\(port)").utf8)
    case .unix(let path): "unix:".utf8 + path
    case .abstract(let name): "unix:@".utf8 + name
    case .pipe(let path): "pipe:".utf8 + path
    case .queue(let name): "queue:".utf8 + name
    case .memory(let name): "memory:".utf8 + name
    }
  }

  private static func parseTCP(_ text: ArraySlice<UInt8>) throws(Failure) -> Endpoint {
    // What stands in brackets is an IPv6 address.
    if text.first == UInt8(ascii: "["), let bracket = text.firstIndex(of: UInt8(ascii: "]")) {
      let inside = text[..<bracket].dropFirst()
      guard inside.contains(UInt8(ascii: ":")) else { throw Failure(.resolve, .syntax(.host)) }
      let host = try parseHost(inside)
      let after = text[bracket...].dropFirst()
      guard after.first == UInt8(ascii: ":") else { throw Failure(.resolve, .syntax(.port)) }
      return .tcp(host: host, port: try parsePort(after.dropFirst()))
    }
    let colon = text.lastIndex(of: UInt8(ascii: ":"))
    let name = text[..<(colon ?? text.endIndex)]
    // An IPv6 address without brackets: which colon is the port's?
    guard !name.contains(UInt8(ascii: ":")) else { throw Failure(.resolve, .syntax(.host)) }
    let host = try parseHost(name)
    guard let colon else { throw Failure(.resolve, .syntax(.port)) }
    return .tcp(host: host, port: try parsePort(text[colon...].dropFirst()))
  }

  private static func parseHost(_ text: ArraySlice<UInt8>) throws(Failure) -> String {
    guard text.count <= Limit.host, text.allSatisfy({ $0 != 0 && $0 < 0x80 }) else {
      throw Failure(.resolve, .syntax(.host))
    }
    let host = String(decoding: text, as: UTF8.self)
    guard IPAddress(host) != nil || isName(text) else { throw Failure(.resolve, .syntax(.host)) }
    return host
  }

  private static func parsePort(_ text: ArraySlice<UInt8>) throws(Failure) -> UInt16 {
    guard (1...5).contains(text.count), text.allSatisfy(\.isDigit),
      let port = UInt16(String(decoding: text, as: UTF8.self))
    else { throw Failure(.resolve, .syntax(.port)) }
    return port
  }

  private static func parsePath(_ text: ArraySlice<UInt8>) throws(Failure) -> Endpoint {
    let isAbstract = text.first == UInt8(ascii: "@")
    let name = isAbstract ? text.dropFirst() : text
    guard (1...Limit.path).contains(name.count), isAbstract || !name.contains(0) else {
      throw Failure(.resolve, .syntax(.path))
    }
    return isAbstract ? .abstract(name: Array(name)) : .unix(path: Array(name))
  }

  /// What is wrong with a local name that no text could give; 0 is nothing.
  static func checkName(of endpoint: Endpoint) -> Int {
    do throws(Failure) {
      switch endpoint {
      case .pipe(let path): _ = try parseFIFO(path[...])
      case .queue(let name), .memory(let name): _ = try parseObject(name[...])
      case .tcp, .unix, .abstract: break
      }
      return 0
    } catch {
      return -Int(error.cause.code)
    }
  }

  private static func parseFIFO(_ path: ArraySlice<UInt8>) throws(Failure) -> [UInt8] {
    guard (1...Limit.pipePath).contains(path.count), !path.contains(0) else { throw Failure(.resolve, .syntax(.fifo)) }
    return Array(path)
  }

  private static func parseObject(_ name: ArraySlice<UInt8>) throws(Failure) -> [UInt8] {
    let slash = UInt8(ascii: "/")
    guard (2...1 + Limit.objectName).contains(name.count), name.first == slash, !name.dropFirst().contains(slash),
      !name.contains(0)
    else { throw Failure(.resolve, .syntax(.object)) }
    return Array(name)
  }

  /// A host name of labels with dots between, perhaps one at the end. One that ends in a number would be an address to
  /// inet_aton(3), which takes 127.1 and 0x7f000001: refused, so that an address is either plain or an error.
  private static func isName(_ text: ArraySlice<UInt8>) -> Bool {
    let labels = (text.last == UInt8(ascii: ".") ? text.dropLast() : text).split(
      separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    return labels.allSatisfy { (1...63).contains($0.count) && $0.allSatisfy(\.isNameCharacter) }
      && !isNumber(labels[labels.endIndex - 1])
  }

  private static func isNumber(_ label: ArraySlice<UInt8>) -> Bool {
    let isHex = label.count > 2 && (label.starts(with: "0x".utf8) || label.starts(with: "0X".utf8))
    return isHex ? label.dropFirst(2).allSatisfy(\.isHexDigit) : label.allSatisfy(\.isDigit)
  }
}

extension UInt8 {
  var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

  fileprivate var isLetter: Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self)
  }

  fileprivate var isHexDigit: Bool {
    isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self)
      || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(self)
  }

  /// What a host name's label may hold.
  var isNameCharacter: Bool { isDigit || isLetter || self == UInt8(ascii: "-") || self == UInt8(ascii: "_") }
}
