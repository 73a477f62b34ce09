// The supervisor that started the server.
internal import Glibc
public import IPC

extension SwiftEngine {
  public static func notify(_ path: [UInt8], _ state: [UInt8]) throws(Failure) {
    let isAbstract = path.first == UInt8(ascii: "@")
    let endpoint = isAbstract ? Endpoint.abstract(name: Array(path.dropFirst())) : .unix(path: path)
    let address = try Address.encode(endpoint, for: .send)
    let type = CInt(SOCK_DGRAM.rawValue) | SocketFlags.closeOnExec
    let socket = Descriptor(owning: CInt(try check(.send, System.socket(AF_UNIX, type))))
    let flags = SocketFlags.noSignal | SocketFlags.dontWait  // a server does not wait for its supervisor
    try check(.send, System.send(socket.number, state.span, flags, to: address))
  }
}
