// The server with FlyingSocks: a task a client. flying PORT greeting|echo
import FlyingSocks
import Foundation

let arguments = CommandLine.arguments
let greets = arguments[2] == "greeting"
let pool = SocketPool.make()
try await pool.prepare()
let polling = Task { try await pool.run() }
let socket = try Socket(domain: AF_INET)
try socket.setValue(true, for: .localAddressReuse)
try socket.bind(to: .inet(ip4: "127.0.0.1", port: UInt16(arguments[1])!))
try socket.listen(maxPendingConnection: 4096)
let listener = try AsyncSocket(socket: socket, pool: pool)
for try await client in listener.sockets {
  Task {
    defer { try? client.close() }
    if greets {
      try await client.write(Data("Server Message".utf8))
    } else {
      while true { try await client.write(Data(client.read(atMost: 65536))) }
    }
  }
}
