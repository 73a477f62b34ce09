import CIdioms
import Glibc
import Testing

@testable import Idioms

/// Addresses as text, and the kinds of addresses: C and Swift give the same values.
struct AddressesTextTests {
  @Test(
    "An address is parsed and printed, and a scope is a name",
    arguments: [
      ("127.0.0.1", 80, "127.0.0.1:80"), ("255.255.255.255", 65535, "255.255.255.255:65535"),
      ("::1", 443, "[::1]:443"), ("2001:DB8:0:0::0:1", 0, "[2001:db8::1]:0"),
      ("::ffff:192.0.2.1", 1, "[::ffff:192.0.2.1]:1"),
    ]) func printsAddresses(text: String, port: UInt16, printed: String) throws
  {
    var c = sockaddr_storage()
    let length = unsafe parse_address(text, port, &c)
    let swift = try #require(parseAddress(text, port: port))
    #expect(length == (text.contains(":") ? 28 : 16))
    #expect(TestSockets.bytes(c) == TestSockets.bytes(swift))
    #expect(Self.printC(c) == printed)
    #expect(printAddress(swift) == printed)
  }

  @Test("A link-local address is printed with its interface, and an address without a port is refused")
  func scope() {
    var local = sockaddr_in6()
    local.sin6_family = sa_family_t(AF_INET6)
    local.sin6_port = UInt16(22).bigEndian
    setBytes(&local.sin6_addr, [0xfe, 0x80] + [UInt8](repeating: 0, count: 13) + [1])
    local.sin6_scope_id = unsafe if_nametoindex("lo")
    var storage = sockaddr_storage()
    setBytes(&storage, TestSockets.bytes(local))
    #expect(Self.printC(storage) == "[fe80::1%lo]:22")
    #expect(printAddress(storage) == "[fe80::1%lo]:22")
    var small = [CChar](repeating: 0, count: 15)
    #expect(unsafe print_address(&storage, &small, small.count) == -ENOSPC)

    storage.ss_family = sa_family_t(AF_UNIX)
    #expect(Self.printC(storage) == nil)
    #expect(printAddress(storage) == nil)
  }

  @Test(
    "Text that is no address is refused",
    arguments: [
      "", "1", "127.1", "0x7f.0.0.1", "010.0.0.1", "1.2.3.256", "1.2.3.4.5", " 127.0.0.1", "127.0.0.1 ", "fe80::1%lo",
      "[::1]", "localhost",
    ]) func refusesText(text: String)
  {
    var c = sockaddr_storage()
    #expect(unsafe parse_address(text, 80, &c) == -EINVAL)
    #expect(parseAddress(text, port: 80) == nil)
  }

  @Test("A string of Swift with a NUL is no address, although C sees only the text before it") func embeddedNUL() {
    var address = in_addr()
    #expect(unsafe inet_pton(AF_INET, "127.0.0.1\0.example", &address) == 1)
    #expect(parseAddress("127.0.0.1\0.example", port: 80) == nil)
  }

  @Test("inet_addr() takes octal and short forms, and its error is the broadcast address") func inetAddr() {
    #expect(unsafe inet_addr("010.0.0.1") == UInt32(0x0800_0001).bigEndian)
    #expect(unsafe inet_addr("1") == UInt32(1).bigEndian)
    #expect(unsafe inet_addr("255.255.255.255") == INADDR_NONE)
    #expect(unsafe inet_addr("no address") == INADDR_NONE)
  }

  @Test("The port of an address is read by its family, and an address of another family has none")
  func storageFamilies() throws {
    for text in ["192.0.2.1", "2001:db8::1"] {
      var storage = try #require(parseAddress(text, port: 0x1234))
      #expect(unsafe storage_port(&storage) == 0x1234)
      #expect(SocketAddress(storage).port == 0x1234)
    }
    var other = sockaddr_storage()
    other.ss_family = sa_family_t(AF_UNIX)
    #expect(unsafe storage_port(&other) == -EAFNOSUPPORT)
    #expect(SocketAddress(other).port == nil)
  }

  @Test(
    "Only a mapped address is an IPv4 address",
    arguments: [
      ("::ffff:192.0.2.1", "192.0.2.1:7"), ("::ffff:0.0.0.0", "0.0.0.0:7"), ("::192.0.2.1", nil), ("::1", nil),
      ("64:ff9b::192.0.2.1", nil), ("::fffe:192.0.2.1", nil), ("1::ffff:192.0.2.1", nil),
    ] as [(String, String?)]) func mappedAddresses(text: String, expected: String?) throws
  {
    guard case .v6(var from) = SocketAddress(try #require(parseAddress(text, port: 7))) else {
      Issue.record("\(text) is no IPv6 address")
      return
    }
    var c = sockaddr_in()
    let result = unsafe unmap_address(&from, &c)
    let swift = unmapAddress(from)
    #expect(result == (expected == nil ? 0 : 1))
    #expect(swift.map(TestSockets.bytes) == (expected == nil ? nil : TestSockets.bytes(c)))
    var storage = sockaddr_storage()
    if let swift { setBytes(&storage, TestSockets.bytes(swift)) }
    #expect(printAddress(storage) == expected)
  }

  @Test("An IPv6 socket gives the mapped address of an IPv4 client") func dualStack() throws {
    // A listener of in6addr_any gives the same, but is reachable from other machines.
    var own = in6_addr()
    setBytes(&own, [UInt8](repeating: 0, count: 10) + [0xff, 0xff, 127, 0, 0, 1])
    let (listener, port) = try TestSockets.listener6(own)
    defer { close(listener) }
    let client = try TestSockets.connected(to: TestSockets.loopback(port))
    let (server, peer) = acceptPeer(listener)
    defer { for fd in [client, server] { close(fd) } }
    guard case .v6(let mapped) = SocketAddress(peer) else {
      Issue.record("the client has no IPv6 address")
      return
    }
    let expected = TestSockets.loopback(try TestSockets.port(of: client))
    #expect(unmapAddress(mapped).map(TestSockets.bytes) == TestSockets.bytes(expected))
  }

  @Test("127.0.0.1 is an address of the loopback interface, and an address of no interface is not available")
  func interfaces() {
    let loopback = in_addr(s_addr: INADDR_LOOPBACK.bigEndian)
    let index = unsafe CInt(if_nametoindex("lo"))
    #expect(index > 0)
    #expect(interface_of(loopback) == index)
    #expect(interfaceOf(loopback) == index)
    let foreign = in_addr(s_addr: UInt32(0xc000_0201).bigEndian)
    #expect(interface_of(foreign) == -EADDRNOTAVAIL)
    #expect(interfaceOf(foreign) == -EADDRNOTAVAIL)
  }

  @Test("Casts between structures of addresses end the process") func casts() async {
    await #expect(processExitsWith: .failure) {
      let storage: Any = sockaddr_storage()
      _ = storage as! sockaddr_in6
    }
    await #expect(processExitsWith: .failure) {
      _ = unsafe unsafeBitCast(sockaddr_storage(), to: sockaddr_in6.self)
    }
  }

  private static func printC(_ storage: sockaddr_storage) -> String? {
    var (storage, text) = (storage, [CChar](repeating: 0, count: 100))
    let count = unsafe print_address(&storage, &text, text.count)
    return count < 0 ? nil : String(decoding: text[..<Int(count)].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private func setBytes<Value>(_ value: inout Value, _ bytes: [UInt8]) {
    unsafe withUnsafeMutableBytes(of: &value) { unsafe $0.copyBytes(from: bytes) }
  }
}
