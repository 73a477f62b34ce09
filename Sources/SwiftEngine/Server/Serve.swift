// Serving: what a loop needs, for as long as it runs.
internal import CLinux
public import IPC
internal import SystemPackage

extension SwiftEngine {
  public static func serve(
    _ server: borrowing Server, _ service: Service, _ serving: ServeOptions, observer: Observer?
  ) throws(Failure) {
    var serving = serving
    serving.limits = serving.limits.withoutZeros
    if serving.workers > 1 { return try serveByCrew(server, service, serving, observer: observer) }
    var counters = Counters()
    let listener = server.descriptor.number
    try serve(
      listener, at: server.endpoint, isLent: server.isLent, service, serving, observer: observer, &counters)
  }

  /// With one loop; what it has done.
  static func serve(
    _ listener: CInt, at endpoint: Endpoint, isLent: Bool, _ service: Service, _ serving: ServeOptions,
    observer: Observer?, _ counters: inout Counters
  ) throws(Failure) {
    let epoll = Descriptor(owning: CInt(try check(.wait, System.createEpoll(), at: endpoint)))
    var loop = try Loop(listener, at: endpoint, isLent: isLent, service, serving, observer, epoll: epoll)
    defer { counters = loop.counters }
    try loop.run()
  }
}

extension ClientLimits {
  /// nil for what is zero.
  fileprivate var withoutZeros: ClientLimits {
    ClientLimits(
      clients: clients == 0 ? nil : clients, clientsPerAddress: clientsPerAddress == 0 ? nil : clientsPerAddress,
      idle: idle == .zero ? nil : idle, bytes: bytes == 0 ? nil : bytes)
  }
}
