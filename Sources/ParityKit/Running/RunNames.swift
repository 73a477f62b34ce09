/// Replaces what differs from run to run by its name: `{dir}`, `{port}`, and the ports of the peers.
struct RunNames {
  private let folder: [UInt8]
  private var numbers: [[UInt8]: [UInt8]]

  init(_ sandbox: RunSandbox, _ peers: PeerTable) {
    folder = Array(sandbox.folder.utf8)
    numbers = [Array(String(sandbox.port).utf8): Array("{port}".utf8)]
    if let port = sandbox.upstreamPort { numbers[Array(String(port).utf8)] = Array("{upstream-port}".utf8) }
    for (port, peer) in peers.ports { numbers[Array(String(port).utf8)] = Array("{port of \(peer)}".utf8) }
  }

  /// The names of ports, with their numbers.
  var ports: [String: String] {
    numbers.reduce(into: [:]) {
      $0[String(decoding: $1.value, as: UTF8.self)] = String(decoding: $1.key, as: UTF8.self)
    }
  }

  func masked(_ text: String) -> String { String(decoding: masked(Array(text.utf8)), as: UTF8.self) }

  /// Masks the first `Limits.named` bytes: what follows is bulk, in which a number may mean anything.
  func masked(_ bytes: [UInt8]) -> [UInt8] {
    var (masked, index) = ([UInt8](), 0)
    masked.reserveCapacity(bytes.count)
    let limit = min(bytes.count, Limits.named)
    while index < limit {
      let byte = bytes[index]
      if byte == folder[0], bytes[index...].starts(with: folder) {
        masked += Array("{dir}".utf8)
        index += folder.count
      } else if isDigit(byte) {
        let digits = bytes[index...].prefix(while: isDigit)
        masked += numbers[Array(digits)] ?? Array(digits)
        index = digits.endIndex
      } else {
        masked.append(byte)
        index += 1
      }
    }
    return masked + bytes[index...]
  }

  private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
