internal import Glibc
internal import SystemPackage

/// A TCP socket of any process that listens.
struct ListeningSocket: Hashable {
  let isIPv6: Bool
  let port: Int
  /// Whether it listens at all addresses of the machine.
  let isOpen: Bool
  let inode: String

  /// All of them. The kernel answers by sock_diag(7), or else they stand first in /proc/net/tcp, which takes as long as
  /// the machine has connections.
  static func all() -> [ListeningSocket] {
    [AF_INET, AF_INET6].flatMap { family in
      (try? asked(family)) ?? read(family == AF_INET ? "/proc/net/tcp" : "/proc/net/tcp6", isIPv6: family == AF_INET6)
    }
  }

  // MARK: sock_diag(7)

  // <linux/netlink.h>, <linux/sock_diag.h>, <linux/inet_diag.h>, <net/tcp_states.h>
  private static let protocolNumber: CInt = 4
  private static let requestType: UInt16 = 20
  private static let requestFlags: UInt16 = 0x301
  private static let (errorType, doneType): (UInt16, UInt16) = (2, 3)
  private static let (headerSize, requestSize, answerSize) = (16, 72, 72)
  private static let listens: UInt32 = 1 << 10

  static func asked(_ family: CInt) throws(Errno) -> [ListeningSocket] {
    let kind = CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
    let descriptor = CInt(try System.call { Glibc.socket(AF_NETLINK, kind, protocolNumber) })
    defer { System.close(descriptor) }
    var request = bytes(UInt32(requestSize)) + bytes(requestType) + bytes(requestFlags)
    request += [UInt8](repeating: 0, count: headerSize - request.count)
    request += [UInt8(family), UInt8(IPPROTO_TCP), 0, 0] + bytes(listens)
    request += [UInt8](repeating: 0, count: requestSize - request.count)
    _ = try System.write(descriptor, request[...])
    var sockets: [ListeningSocket] = []
    while let answer = try System.read(descriptor, atMost: Limits.chunk), !answer.isEmpty {
      var rest = answer[...]
      while rest.count >= headerSize {
        let (length, type) = (Int(number(rest, 0, 4)), UInt16(number(rest, 4, 2)))
        if type == doneType { return sockets }
        guard type != errorType, length >= headerSize, length <= rest.count else { throw .invalidArgument }
        if length >= headerSize + answerSize { sockets.append(ListeningSocket(rest.dropFirst(headerSize), family)) }
        // Each message begins at a multiple of four bytes.
        rest = rest.dropFirst((length + 3) & ~3)
      }
    }
    return sockets
  }

  /// `answer` is an inet_diag_msg: the port is at byte 4, the address at 8, the inode at 68.
  private init(_ answer: ArraySlice<UInt8>, _ family: CInt) {
    let at = answer.startIndex
    isIPv6 = family == AF_INET6
    port = Int(answer[at + 4]) << 8 | Int(answer[at + 5])
    isOpen = answer[(at + 8)..<(at + 24)].allSatisfy { $0 == 0 }
    inode = String(Self.number(answer, 68, 4))
  }

  private static func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    let big = Number(bigEndian: 1) == 1
    let bytes = stride(from: 0, to: Number.bitWidth, by: 8).map { UInt8(truncatingIfNeeded: number >> Number($0)) }
    return big ? bytes.reversed() : bytes
  }

  /// A number in the machine's order.
  private static func number(_ bytes: ArraySlice<UInt8>, _ offset: Int, _ count: Int) -> UInt32 {
    let own = bytes.dropFirst(offset).prefix(count)
    let big = UInt32(bigEndian: 1) == 1
    return (big ? Array(own) : own.reversed()).reduce(0) { $0 << 8 | UInt32($1) }
  }

  // MARK: /proc

  static func read(_ table: String, isIPv6: Bool) -> [ListeningSocket] {
    var sockets: [ListeningSocket] = []
    System.readLines(of: table) { line in
      let fields = line.split(separator: " ")
      guard fields.count > 9, fields[0] != "sl" else { return true }
      // The rest, perhaps a hundred thousand closed connections, is not read.
      guard fields[3] == "0A" else { return false }
      sockets.append(ListeningSocket(fields, isIPv6: isIPv6))
      return true
    }
    return sockets
  }

  private init(_ fields: [Substring], isIPv6: Bool) {
    let address = fields[1].split(separator: ":")
    self.isIPv6 = isIPv6
    port = address.last.flatMap { Int($0, radix: 16) } ?? 0
    isOpen = address.first?.allSatisfy { $0 == "0" } ?? false
    inode = String(fields[9])
  }
}
