import CIdioms
import Glibc
import Testing

@testable import Idioms

/// Memory and its layout: C and Swift give the same values.
struct MemoryTests {
  @Test("A header is parsed at each offset at which it is complete", arguments: [0, 1, 3, 8, 9, 16, 17, 40])
  func wireHeader(offset: Int) {
    let bytes = (0..<16).map { UInt8(0xF0 + $0) }
    var c = wire_header()
    let result = unsafe wire_header_parse(bytes, bytes.count, offset, &c)
    let swift = WireHeader(bytes.span, at: offset)
    #expect((result == 0) == (offset <= 8) && (swift != nil) == (offset <= 8))
    guard let swift else { return #expect(result == -EAGAIN) }
    #expect(swift == WireHeader(length: c.length, kind: c.kind, flags: c.flags))
    #expect(swift.length >> 24 == 0xF0 + UInt32(offset) && swift.flags & 0xFF == 0xF7 + UInt16(offset))
  }

  @Test("A cast of bytes to a structure traps, and so does a load that is not aligned") func wireHeaderNaive() async {
    await #expect(processExitsWith: .failure) {
      let bytes: UnsafePointer<UInt8> = unsafe UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 16))
      let any: Any = unsafe bytes
      _ = unsafe any as! UnsafePointer<WireHeader>
    }
    await #expect(processExitsWith: .failure) {
      let bytes = UnsafeMutableRawPointer.allocate(byteCount: 16, alignment: 8)
      unsafe bytes.initializeMemory(as: UInt8.self, repeating: 0, count: 16)
      _ = unsafe bytes.load(fromByteOffset: 1, as: UInt32.self)
    }
  }

  @Test(
    "The parts of an IPv4 header are found, and other packets are refused",
    arguments: [(0x45, 0x20, 0x01), (0x4F, 0x1F, 0xFF), (0x46, 0x40, 0x00), (0x65, 0, 0), (0x44, 0, 0), (0, 0, 0)])
  func bitField(first: UInt8, high: UInt8, low: UInt8) {
    var bytes = [UInt8](repeating: 0, count: 20)
    (bytes[0], bytes[6], bytes[7]) = (first, high, low)
    var c = packet()
    var swift = PacketParts()
    let result = unsafe packet_parse(bytes, bytes.count, &c)
    #expect(swift.parse(bytes.span) == result)
    #expect(result == (first >> 4 == 4 && first & 15 >= 5 ? 0 : -EBADMSG))
    #expect(swift.headerSize == c.header_size && swift.offset == c.offset && swift.more == (c.more != 0))
    #expect(unsafe packet_parse(bytes, 19, &c) == -EAGAIN && swift.parse(bytes.span.extracting(..<19)) == -EAGAIN)
    if first == 0x4F { #expect(swift == PacketParts(headerSize: 60, offset: 8191 * 8, more: false)) }
    if first == 0x45 { #expect(swift == PacketParts(headerSize: 20, offset: 8, more: true)) }
  }

  @Test("A setting of each kind has the same bytes") func unionValue() {
    for number in [0, 1, -1, Int32.min, 0x0102_0304] {
      var c = setting()
      c.kind = SETTING_NUMBER
      unsafe c.value.number = number
      #expect(Self.encoded(c) == Setting.number(number).encoded())
    }
    for ratio in [0, -0.0, 1.5, Float.infinity, Float.nan, Float.leastNonzeroMagnitude] {
      var c = setting()
      c.kind = SETTING_RATIO
      unsafe c.value.ratio = ratio
      #expect(Self.encoded(c) == Setting.ratio(ratio).encoded())
    }
    var c = setting()
    c.kind = SETTING_NAME
    unsafe c.value.name = (0x61, 0x62, 0, 0, 0, 0, 0, -1)
    #expect(Self.encoded(c) == Setting.name([0x61, 0x62, 0, 0, 0, 0, 0, 0xFF]).encoded())
    #expect(Setting.ratio(1.5).encoded() == [1, 0, 0, 0xC0, 0x3F])
  }

  private static func encoded(_ c: setting) -> [UInt8] {
    var (c, bytes) = (c, [UInt8](repeating: 0xAA, count: 9))
    let count = unsafe setting_encode(&c, &bytes)
    return Array(bytes.prefix(Int(count)))
  }

  /// The bytes of an event of inotify(7).
  static func event(_ name: [UInt8]) -> [UInt8] {
    var event = inotify_event()
    (event.wd, event.mask, event.len) = (1, 2, UInt32(name.count))
    return unsafe withUnsafeBytes(of: event) { unsafe Array($0) } + name
  }

  @Test("The name of each event is found, and an event that is not complete is refused") func flexibleArray() {
    let name = Array("name".utf8)
    let whole = Self.event(name + [0, 0, 0, 0]) + Self.event([]) + Self.event([0xFF, 0])
    for (bytes, expected, result) in [
      ([], [], 0), (whole, [name, [], [0xFF]], 3), (Self.event(name), [], -EBADMSG),
      (Array(whole.dropLast()), [name, []], -EBADMSG), (Array(whole.prefix(15)), [], -EBADMSG),
    ] as [([UInt8], [[UInt8]], CInt)] {
      var (c, swift): ([[UInt8]], [[UInt8]]) = ([], [])
      let count = unsafe withUnsafeMutablePointer(to: &c) { context in
        let each: @convention(c) (UnsafePointer<CChar>, UnsafeMutableRawPointer?) -> Void = { name, context in
          let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: name, count: strlen(name)))
          unsafe context!.assumingMemoryBound(to: [[UInt8]].self).pointee.append(bytes)
        }
        return unsafe event_names(bytes, bytes.count, each, context)
      }
      #expect(count == result && eventNames(bytes.span) { swift.append($0) } == result)
      #expect(c == expected && swift == expected)
    }
  }

  @Test("A peer has the bytes of the C structure, and its padding is zero", arguments: [0, 11, 12, 20])
  func copyStruct(size: Int) {
    #expect(MemoryLayout<peer>.size == StoredPeer.size)
    var c = peer(address: 0x0102_0304, port: 80, family: 2, requests: .max - 1)
    let swift = StoredPeer(address: 0x0102_0304, port: 80, family: 2, requests: .max - 1)
    var (bytes, others) = ([UInt8](repeating: 0xAA, count: size), [UInt8](repeating: 0xAA, count: size))
    let result = unsafe peer_store(&c, &bytes, size)
    var span = others.mutableSpan
    #expect(swift.store(in: &span) == result && result == (size >= 12 ? 12 : -ENOBUFS))
    #expect(bytes == others)
    var requests: UInt32 = 0
    let loaded = unsafe peer_requests(bytes, size, &requests)
    #expect(StoredPeer.requests(of: bytes.span) == (loaded == 0 ? requests : nil))
    #expect(loaded == (size >= 12 ? 0 : -EBADMSG))
    if size >= 12 { #expect(bytes[7] == 0 && requests == .max - 1) }
  }

  @Test("The size of a Swift structure lacks the padding at its end, which its stride and sizeof have") func sizes() {
    struct Short {
      var a: UInt32 = 0
      var b: UInt8 = 0
    }
    #expect(MemoryLayout<Short>.size == 5 && MemoryLayout<Short>.stride == 8)
    #expect(MemoryLayout<Short>.offset(of: \.b) == 4)
    // A structure that C declares has the size that sizeof gives.
    #expect(unsafe MemoryLayout<client>.size == 16)
  }

  static func difference(_ a: UInt32, _ b: UInt32) -> UInt32 { a - b }
  static func product(_ a: UInt32, _ b: UInt32) -> UInt32 { a * b }

  @Test(
    "Positions, hashes and counts wrap or clamp as in C",
    arguments: [0, 1, 0x7FFF_FFFF, 0x8000_0000, 0x8000_0001, 0xFFFF_FFFF] as [UInt32])
  func wraparound(a: UInt32) {
    for b in [0, 1, 2, 0x8000_0000, 0xFFFF_FFFF] as [UInt32] {
      #expect(ringUsed(a, b) == ring_used(a, b))
      #expect(sequenceBefore(a, b) == sequence_before(a, b))
    }
    #expect(ringUsed(5, 0xFFFF_FFFF) == 6 && sequenceBefore(0xFFFF_FFFF, 5))
    #expect(countResult(UInt(a)) == count_result(Int(a)))
    #expect(countResult(.max) == CInt.max && count_result(-1) == CInt.max)
    let bytes = unsafe withUnsafeBytes(of: a) { unsafe Array($0) }
    #expect(unsafe bytesHash(bytes.span) == bytes_hash(bytes, bytes.count))
    #expect(bytesHash(Array("foobar".utf8).span) == 0xBF9C_F968)
    #expect(entryBit(a) == entry_bit(a) && entryBit(31) == 0x8000_0000)
  }

  @Test("A difference below zero and a product above the maximum trap") func wraparoundNaive() async {
    await #expect(processExitsWith: .failure) { print(MemoryTests.difference(1, 2)) }
    await #expect(processExitsWith: .failure) { print(MemoryTests.product(.max, 2)) }
    await #expect(processExitsWith: .failure) { print(Int32(MemoryTests.difference(.max, 1))) }
    await #expect(processExitsWith: .success) { print(MemoryTests.difference(2, 1)) }
  }
}
