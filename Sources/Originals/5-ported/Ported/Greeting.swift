// The greeting: the server sends it, the client prints it.
public import Program

extension Ported {
  public static func greet(_ listener: borrowing Socket, greeting: [UInt8]) throws(Failure) {
    let client = try accept(listener)
    try sendAll(client, greeting.span)
  }

  public static func copy(_ socket: borrowing Socket, to output: CInt) throws(Failure) -> Int {
    var buffer = [UInt8](repeating: 0, count: 1024)
    var total = 0
    while true {
      var room = buffer.mutableSpan
      let count = try receive(socket.descriptor, into: &room)
      if count == 0 { return total }
      try writeAll(output, buffer.span.extracting(first: count))
      total += count
    }
  }
}
