// Bytes and errors as text.
public import IPC
internal import SystemPackage

extension SwiftEngine {
  public static func text(of cause: Cause) -> String {
    switch cause {
    case .system(let errno): errno.rawValue > 0 ? System.errnoText(errno.rawValue) ?? "Unknown error" : "Unknown error"
    case .name(let code): System.resolverText(code)
    case .syntax(let fault): text(of: fault)
    case .local(let fault): text(of: fault)
    }
  }

  private static func text(of fault: SyntaxError) -> String {
    switch fault {
    case .scheme:
      "an endpoint is tcp:HOST:PORT, unix:PATH, unix:@NAME, pipe:PATH, queue:/NAME or memory:/NAME"
    case .host:
      "a host is a name (letters, digits, - and _, with dots between; at most 253), an IPv4 address of four "
        + "numbers, or an IPv6 address (in an endpoint in brackets)"
    case .port:
      "a port is a number from 0 to 65535"
    case .path:
      "a Unix socket's path or name is 1 to 107 bytes, a path without NUL"
    case .fifo:
      "a pipe's path is 1 to 248 bytes without NUL"
    case .object:
      "the name of a queue or of shared memory is a slash and 1 to 251 bytes behind it, without NUL or a second slash"
    }
  }

  private static func text(of fault: LocalError) -> String {
    switch fault {
    case .owner:
      "what stands there belongs to somebody else"
    case .mode:
      "what stands there is not private: its mode must be 0600"
    case .kind:
      "what stands there is of another kind or layout"
    case .depth:
      "a queue of that many messages is above /proc/sys/fs/mqueue/msg_max: raise that (sysctl fs.mqueue.msg_max), "
        + "or ask for fewer"
    case .message:
      "messages of that size are above /proc/sys/fs/mqueue/msgsize_max: raise that (sysctl fs.mqueue.msgsize_max), "
        + "or ask for smaller ones"
    case .queues:
      "the system has as many queues as /proc/sys/fs/mqueue/queues_max allows: raise that (sysctl "
        + "fs.mqueue.queues_max), or remove some"
    case .bytes:
      "the user's queues are above RLIMIT_MSGQUEUE: raise that (ulimit -q), or ask for fewer or smaller messages"
    }
  }

  public static func vis(_ bytes: Span<UInt8>) -> [UInt8] {
    var shown: [UInt8] = []
    var i = 0
    while i < bytes.count {
      let length = utf8Length(bytes.extracting(droppingFirst: i))
      if length == 0 {
        appendVis(bytes[i], to: &shown)
      } else {
        for byte in i..<i + length { shown.append(bytes[byte]) }
      }
      i += max(1, length)
    }
    return shown
  }

  public static func messageText(_ message: Span<UInt8>) -> [UInt8] {
    "Here is the message: ".utf8 + vis(message) + [UInt8(ascii: "\n")]
  }

  /// vis(3) without flags: `\^C`, `\M-c`, `\M^C`, and octal for NUL, a backslash and 0xA0.
  private static func appendVis(_ byte: UInt8, to shown: inout [UInt8]) {
    let (backslash, caret) = (UInt8(ascii: "\\"), UInt8(ascii: "^"))
    switch byte {
    case UInt8(ascii: "\t"), UInt8(ascii: "\n"):
      shown.append(byte)
    case 0, 0xA0, backslash:
      shown += [backslash] + [6, 3, 0].map { UInt8(ascii: "0") + (byte >> $0 & 7) }
    case 0x20..<0x7F:
      shown.append(byte)
    case 0..<0x20, 0x7F:
      shown += [backslash, caret, byte ^ 0x40]
    default:
      let low = byte & 0x7F
      let isControl = low < 0x20 || low == 0x7F
      shown += [backslash, UInt8(ascii: "M"), isControl ? caret : UInt8(ascii: "-"), isControl ? low ^ 0x40 : low]
    }
  }

  /// Bytes of the character that starts here, if it is well-formed UTF-8 (Unicode, table 3-7) beyond ASCII and no control
  /// character (U+0080 to U+009F); else 0.
  private static func utf8Length(_ bytes: Span<UInt8>) -> Int {
    let first = bytes[0]
    let second: ClosedRange<UInt8>
    let length: Int
    switch first {
    case 0xC2: (length, second) = (2, 0xA0...0xBF)  // U+0080 to U+009F are controls
    case 0xC3...0xDF: (length, second) = (2, 0x80...0xBF)
    case 0xE0: (length, second) = (3, 0xA0...0xBF)
    case 0xED: (length, second) = (3, 0x80...0x9F)  // no surrogates
    case 0xE1...0xEF: (length, second) = (3, 0x80...0xBF)
    case 0xF0: (length, second) = (4, 0x90...0xBF)
    case 0xF1...0xF3: (length, second) = (4, 0x80...0xBF)
    case 0xF4: (length, second) = (4, 0x80...0x8F)  // no more than U+10FFFF
    default: return 0
    }
    guard bytes.count >= length, second.contains(bytes[1]) else { return 0 }
    return (2..<length).allSatisfy { bytes[$0] & 0xC0 == 0x80 } ? length : 0
  }
}
