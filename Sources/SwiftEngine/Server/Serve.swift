// Serving with one loop, or with several workers.
public import IPC
internal import SystemPackage

extension SwiftEngine {
  public static func serve(
    _ server: borrowing Server, _ service: Service, _ options: ServeOptions, observer: Observer?
  ) throws(Failure) {
    let listeners = Listener.all(of: server)
    guard listeners.count <= Limit.listeners else {
      throw Failure(.listen, .system(.invalidArgument), at: server.endpoint)
    }
    if listeners.count > 1, let connected = listeners.first(where: \.isConnected) {
      throw Failure(.listen, .system(.socketIsConnected), at: connected.endpoint)
    }
    var options = options
    options.limits = options.limits.withoutZeros
    let output = Output.open(service.isMessage ? options.output : nil)
    defer { output.close() }
    if options.workers > 1, !server.isConnected {
      return try Workers.serve(listeners, service, options, observer, output)
    }
    var counters = Counters()
    try Loop.serve(listeners, service, options, observer, output, &counters)
  }
}

extension ClientLimits {
  /// In the engine, nil alone says that there is no limit.
  fileprivate var withoutZeros: ClientLimits {
    ClientLimits(
      clients: clients == 0 ? nil : clients, clientsPerAddress: clientsPerAddress == 0 ? nil : clientsPerAddress,
      idle: idle == .zero ? nil : idle, time: time == .zero ? nil : time, bytes: bytes == 0 ? nil : bytes)
  }
}
