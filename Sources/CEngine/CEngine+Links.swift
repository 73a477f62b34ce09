internal import CIPC
public import IPC
public import SystemPackage

extension CEngine {
  public static func listen(at endpoint: Endpoint, _ sizes: LinkSizes, observer: Observer?) throws(Failure)
    -> Link
  {
    let sizes = ipc_link_sizes(
      message: UInt32(clamping: sizes.message), depth: UInt32(clamping: sizes.depth),
      ring: UInt32(clamping: sizes.ring))
    var (link, failure) = (CLink?.none, ipc_failure())
    try check(ipc_link_listen(endpoint.c, sizes, observer, &link, &failure), failure)
    return Link(link!, at: endpoint, number: link!.descriptor)
  }

  public static func accept(
    _ link: borrowing Link, extra: FileDescriptor?, timeout: Duration?
  ) throws(Failure) {
    try check(.accept, ipc_link_accept(link.c, extra?.rawValue ?? -1, timeout?.milliseconds ?? -1))
  }

  public static func connect(
    to endpoint: Endpoint, waits: Bool, timeout: Duration?, observer: Observer?
  ) throws(Failure) -> Link {
    let (busy, timeout) = (waits ? ipc_link_busy.IPC_LINK_BUSY_WAIT : .IPC_LINK_BUSY_FAIL, timeout?.milliseconds ?? -1)
    var (link, failure) = (CLink?.none, ipc_failure())
    try check(ipc_link_connect(endpoint.c, busy, timeout, observer, &link, &failure), failure)
    return Link(link!, at: endpoint, number: link!.descriptor)
  }

  public static func receive(
    _ link: borrowing Link, into buffer: inout MutableSpan<UInt8>
  ) throws(Failure) -> Int? {
    try ready(.receive, ipc_link_receive(link.c, &buffer))
  }

  public static func send(_ link: borrowing Link, _ bytes: Span<UInt8>) throws(Failure) -> Int? {
    try ready(.send, ipc_link_send(link.c, bytes))
  }

  public static func wait(
    _ link: borrowing Link, for events: Readiness, extra: FileDescriptor?, timeout: Duration?
  ) throws(Failure) -> Readiness {
    let (extra, timeout) = (extra?.rawValue ?? -1, timeout?.milliseconds ?? -1)
    return Readiness(rawValue: try check(.wait, ipc_link_wait(link.c, events.rawValue, extra, timeout)))
  }

  public static func halfClose(_ link: borrowing Link) throws(Failure) -> Bool {
    try ready(.halfClose, ipc_link_half_close(link.c)) != nil
  }

  public static func disconnect(_ link: borrowing Link) throws(Failure) {
    try check(.close, ipc_link_disconnect(link.c))
  }

  public static func reset(_ link: borrowing Link) throws(Failure) {
    try check(.close, ipc_link_reset(link.c))
  }

  public static func serve(
    _ link: borrowing Link, _ service: Service, _ options: ServeOptions, observer: Observer?
  ) throws(Failure) {
    var failure = ipc_failure()
    try check(ipc_link_serve(link.c, service, options.c, observer, &failure), failure)
  }

  public static func relay(
    _ link: borrowing Link, input: FileDescriptor, output: FileDescriptor, options: RelayOptions, observer: Observer?
  ) throws(Failure) {
    var failure = ipc_failure()
    try check(ipc_link_relay(link.c, input.rawValue, output.rawValue, options.c, observer, &failure), failure)
  }

  public static func close(_ link: consuming Link) throws(Failure) {
    try check(.close, ipc_link_close(link.c))
  }
}
