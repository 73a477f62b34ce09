import Testing

@testable import ParityKit

@Suite struct ListeningSocketTests {
  @Test("sock_diag and /proc tell the same of a socket that listens", arguments: ["127.0.0.1", "0.0.0.0"])
  func sources(host: String) throws {
    let address = try #require(SocketAddress(host: host, port: 0))
    let socket = try System.socket(for: address)
    defer { System.close(socket) }
    try System.bind(socket, to: address, reuse: false)
    try System.listen(socket, backlog: 1)
    let port = System.port(of: socket)
    let asked = try ListeningSocket.asked(2).filter { $0.port == port }
    #expect(asked == ListeningSocket.read("/proc/net/tcp", isIPv6: false).filter { $0.port == port })
    #expect(asked.map(\.isOpen) == [host == "0.0.0.0"])
    let inode = try #require(System.target(ofLink: "/proc/self/fd/\(socket)"))
    #expect(asked.map { "socket:[\($0.inode)]" } == [inode])
  }
}
