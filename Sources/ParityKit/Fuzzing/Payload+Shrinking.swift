extension Payload {
  /// Shorter payloads: empty, then without a half, a quarter and so on, at either end.
  var shorter: [Payload] {
    if case .file = source { return [] }
    let count = count
    if times > 1 {
      let fewer = Self.steps(from: times).map { Payload(source, times: $0) }
      return [Payload(.text(""))] + fewer + (count <= Limits.context ? [Payload(plain: bytes)] : [])
    }
    let bytes = bytes
    let ends = Self.steps(from: count).flatMap { [bytes.prefix($0), bytes.suffix($0)] }
    let without = count <= Limits.context ? bytes.indices.map { bytes[..<$0] + bytes[($0 + 1)...] } : []
    return ((count > 0 ? [[]] : []) + ends + without).map { Payload(plain: Array($0)) }.distinct
  }

  /// Payloads of the same length made of the letter a: completely, a half, one byte.
  var plainer: [Payload] {
    if case .file = source { return [] }
    if times > 1 {
      let unit = Payload(source).bytes
      return Set(unit) == [97] ? [] : [Payload(.text("a"), times: times * unit.count)]
    }
    let bytes = bytes
    func plain(_ range: Range<Int>) -> Payload {
      var plain = bytes
      for index in range { plain[index] = 97 }
      return Payload(plain: plain)
    }
    let (half, singles) = (bytes.count / 2, bytes.count <= Limits.context ? Array(bytes.indices) : [])
    return [plain(bytes.indices), plain(0..<half), plain(half..<bytes.count)] + singles.map { plain($0..<($0 + 1)) }
  }

  /// As text if it is printable ASCII.
  private init(plain bytes: [UInt8]) {
    let isText = bytes.allSatisfy { (0x20...0x7E).contains($0) || $0 == 10 || $0 == 13 }
    self.init(isText ? .text(String(decoding: bytes, as: UTF8.self)) : .bytes(bytes))
  }

  /// Smaller numbers from 1 on, the most distant first.
  private static func steps(from count: Int) -> [Int] {
    var (steps, less) = ([Int](), count / 2)
    while less > 0 {
      steps.append(count - less)
      less /= 2
    }
    return steps
  }
}

extension [Payload] {
  fileprivate var distinct: [Payload] { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}

extension Pieces {
  var plainer: [Pieces] {
    var all = [Pieces()]
    if case .at(let offsets) = cut {
      all += offsets.indices.map { index in
        var rest = offsets
        rest.remove(at: index)
        return Pieces(rest.isEmpty ? .none : .at(rest), pause: pause, urgent: urgent)
      }
    }
    all.append(Pieces(cut, urgent: urgent))
    all.append(Pieces(cut, pause: pause))
    return all
  }
}

extension Manner {
  var plainer: [Manner] { [Manner(), Manner(window: window), Manner(reads: reads)] }
}
