extension Payload {
  static let keys = ["text", "template", "hex", "file", "times"]

  init(_ fields: [String: YAMLValue], of entry: YAMLValue) throws(InputError) {
    let sources = Self.keys.filter { $0 != "times" }
    guard sources.filter({ fields[$0] != nil }).count == 1 else {
      throw entry.refused("exactly one of these is required", allowed: sources)
    }
    let times = try fields["times"]?.number("times", 1...Limits.times) ?? 1
    if let text = fields["text"] {
      self.init(.text(try text.text("text")), times: times)
    } else if let template = fields["template"] {
      self.init(.template(try template.text("template")), times: times)
    } else if let hex = fields["hex"] {
      self.init(.bytes(try hex.bytes()), times: times)
    } else {
      let path = try fields["file"]?.text("file") ?? ""
      let folder = entry.file.lastIndex(of: "/").map { String(entry.file[...$0]) } ?? ""
      let fullPath = path.hasPrefix("/") ? path : folder + path
      guard System.contents(of: fullPath, atMost: 1) != nil else { throw entry.refused("\(fullPath) can't be read") }
      self.init(.file(fullPath), times: times)
    }
    guard bytes.count <= Limits.payload else {
      throw entry.refused("\(bytes.count) bytes are too many", allowed: ["\(Limits.payload) at most"])
    }
  }
}

extension YAMLValue {
  fileprivate func bytes() throws(InputError) -> [UInt8] {
    let digits = try text("hex").filter { $0 != " " && $0 != "\n" }.utf8.map { UInt8($0) }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: digits.count, by: 2) {
      let pair = String(decoding: digits[index..<min(index + 2, digits.count)], as: UTF8.self)
      guard pair.count == 2, let byte = UInt8(pair, radix: 16) else {
        throw refused("hex has \"\(pair)\"", allowed: ["pairs of 0 to 9 and a to f"])
      }
      bytes.append(byte)
    }
    return bytes
  }
}
