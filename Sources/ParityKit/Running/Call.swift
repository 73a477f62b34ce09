/// A system call as strace(1) prints it.
struct Call: Hashable {
  /// A descriptor with what it stands for, such as `socket:[12345]`: the same in all processes that share it.
  struct Descriptor: Hashable {
    let number: Int
    let target: String
  }

  /// Who made it, by the kernel's number of the thread.
  let thread: Int
  let name: String
  let arguments: [String]
  /// What it returned; nil of one that failed, or never returned.
  let result: Int?
  /// `EAGAIN` and kin.
  let error: String?
  /// What it returned, where that is a descriptor.
  let opened: Descriptor?

  /// Its end is not known: the thread was killed in it, or it begins anew after a signal.
  var isOpen: Bool { result == nil && (error == nil || error?.hasPrefix("ERESTART") == true) }

  /// Of the text from the name to the end of the line; nil where that is no call that has returned.
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

  /// Of an argument such as `3<socket:[12345]>`.
  static func descriptor(_ text: String) -> Descriptor? {
    guard text.hasSuffix(">"), let open = text.firstIndex(of: "<"), let number = Int(text[..<open]) else { return nil }
    return Descriptor(number: number, target: String(text[open...].dropFirst().dropLast()))
  }

  /// The descriptor that an argument names.
  func descriptor(_ index: Int) -> Descriptor? {
    arguments.indices.contains(index) ? Self.descriptor(arguments[index]) : nil
  }

  /// An argument without the brackets that strace puts around what a pointer shows; empty where there is none.
  func argument(_ index: Int) -> String {
    guard arguments.indices.contains(index) else { return "" }
    let text = arguments[index]
    return text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
  }
}
