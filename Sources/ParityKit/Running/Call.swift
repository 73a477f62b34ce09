/// A system call, as strace(1) prints it.
struct Call: Hashable {
  /// A descriptor and its target, such as `socket:[12345]`, which is the same in all processes that share it.
  struct Descriptor: Hashable {
    let number: Int
    let target: String
  }

  /// The thread that made the call.
  let thread: Int
  let name: String
  let arguments: [String]
  /// The result; nil if the call failed or never returned.
  let result: Int?
  /// The name of the error, such as `EAGAIN`.
  let error: String?
  /// The returned descriptor, if the result is one.
  let opened: Descriptor?

  /// The call has no known end: the thread was killed in it, or the kernel restarted it after a signal.
  var isOpen: Bool { result == nil && (error == nil || error?.hasPrefix("ERESTART") == true) }

  /// Parses the text from the name to the end of the line; nil if that is not a finished call.
  init?(thread: Int, _ text: ArraySlice<UInt8>) {
    guard let open = text.firstIndex(of: UInt8(ascii: "(")) else { return nil }
    var (words, start, index) = ([String](), open + 1, open + 1)
    var depth = 0
    func take(to end: Int) {
      let word = text[start..<end].drop { $0 == UInt8(ascii: " ") }
      if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
      start = end + 1
    }
    scan: while true {
      guard index < text.endIndex else { return nil }
      switch text[index] {
      case UInt8(ascii: "\""): index = Self.end(ofQuote: index, in: text)
      case UInt8(ascii: "<") where text[index - 1] >= 0x30 && text[index - 1] <= 0x39:
        index = text[index...].firstIndex(of: UInt8(ascii: ">")) ?? text.endIndex
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: ")"):
        if depth == 0 { break scan }
        depth -= 1
      case UInt8(ascii: ",") where depth == 0: take(to: index)
      default: break
      }
      index += 1
    }
    take(to: index)
    let tail = String(decoding: text[(index + 1)...], as: UTF8.self).split(separator: " ")
    guard tail.first == "=", tail.count > 1 else { return nil }
    self.thread = thread
    name = String(decoding: text[..<open], as: UTF8.self)
    arguments = words
    opened = Self.descriptor(String(tail[1]))
    let value = Int(tail[1]) ?? opened?.number
    let hasFailed = tail.count > 2 && tail[2].first == "E" && (tail[1] == "-1" || tail[1] == "?")
    error = hasFailed ? String(tail[2]) : nil
    result = hasFailed ? nil : value
  }

  private static func end(ofQuote start: Int, in text: ArraySlice<UInt8>) -> Int {
    var index = start + 1
    while index < text.endIndex, text[index] != UInt8(ascii: "\"") {
      index += text[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return index
  }

  /// Parses an argument such as `3<socket:[12345]>`.
  static func descriptor(_ text: String) -> Descriptor? {
    guard text.hasSuffix(">"), let open = text.firstIndex(of: "<"), let number = Int(text[..<open]) else { return nil }
    return Descriptor(number: number, target: String(text[open...].dropFirst().dropLast()))
  }

  /// The descriptor of an argument.
  func descriptor(_ index: Int) -> Descriptor? {
    arguments.indices.contains(index) ? Self.descriptor(arguments[index]) : nil
  }

  /// An argument without the brackets that strace prints around pointed-to data; empty if there is no such argument.
  func argument(_ index: Int) -> String {
    guard arguments.indices.contains(index) else { return "" }
    let text = arguments[index]
    return text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
  }
}
