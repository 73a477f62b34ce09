// Part of the bridge to C; Bridge.swift explains why it is sound.
internal import CIPC
internal import IPC

/// The owner of a C link.
@safe final class CLink {
  private let link: OpaquePointer
  private var isOpen = true

  fileprivate init(_ link: OpaquePointer) { unsafe self.link = link }

  /// Closes the link unless `close` has done so.
  deinit {
    if isOpen { _ = unsafe CIPC.ipc_link_close(link) }
  }

  var descriptor: CInt { unsafe CIPC.ipc_link_descriptor(link) }

  fileprivate func close() -> CInt {
    isOpen = false
    return unsafe CIPC.ipc_link_close(link)
  }

  @safe fileprivate func with<R>(_ body: (OpaquePointer) -> R) -> R { unsafe body(link) }
}

extension Link {
  /// The C link. A link of the other engine traps.
  var c: CLink { state(as: CLink.self) }
}

func ipc_link_listen(
  _ endpoint: ipc_endpoint, _ sizes: ipc_link_sizes, _ observer: Observer?, _ link: inout CLink?,
  _ failure: inout ipc_failure
) -> CInt {
  var (endpoint, sizes) = (endpoint, sizes)
  var opened: OpaquePointer? = nil
  let result = withObserver(observer) { observer in
    unsafe CIPC.ipc_link_listen(&endpoint, &sizes, observer, &opened, &failure)
  }
  link = unsafe opened.map { unsafe CLink($0) }
  return result
}

func ipc_link_accept(_ link: CLink, _ extra: CInt, _ timeout: CInt) -> CInt {
  link.with { unsafe CIPC.ipc_link_accept($0, extra, timeout) }
}

func ipc_link_connect(
  _ endpoint: ipc_endpoint, _ busy: ipc_link_busy, _ timeout: CInt, _ observer: Observer?, _ link: inout CLink?,
  _ failure: inout ipc_failure
) -> CInt {
  var endpoint = endpoint
  var opened: OpaquePointer? = nil
  let result = withObserver(observer) { observer in
    unsafe CIPC.ipc_link_connect(&endpoint, busy, timeout, observer, &opened, &failure)
  }
  link = unsafe opened.map { unsafe CLink($0) }
  return result
}

func ipc_link_receive(_ link: CLink, _ buffer: inout MutableSpan<UInt8>) -> Int {
  buffer.withPointer { buffer, size in link.with { unsafe CIPC.ipc_link_receive($0, buffer, size) } }
}

func ipc_link_send(_ link: CLink, _ bytes: Span<UInt8>) -> Int {
  bytes.withPointer { bytes, length in link.with { unsafe CIPC.ipc_link_send($0, bytes, length) } }
}

func ipc_link_wait(_ link: CLink, _ events: CInt, _ extra: CInt, _ timeout: CInt) -> CInt {
  link.with { unsafe CIPC.ipc_link_wait($0, events, extra, timeout) }
}

func ipc_link_half_close(_ link: CLink) -> CInt { link.with { unsafe CIPC.ipc_link_half_close($0) } }

func ipc_link_disconnect(_ link: CLink) -> CInt { link.with { unsafe CIPC.ipc_link_disconnect($0) } }

func ipc_link_reset(_ link: CLink) -> CInt { link.with { unsafe CIPC.ipc_link_reset($0) } }

func ipc_link_serve(
  _ link: CLink, _ service: Service, _ options: ipc_serve_options, _ observer: Observer?, _ failure: inout ipc_failure
) -> CInt {
  var options = options
  return withObserver(observer) { observer in
    withService(service) { service in
      link.with { unsafe CIPC.ipc_link_serve($0, &service, &options, observer, &failure) }
    }
  }
}

func ipc_link_relay(
  _ link: CLink, _ input: CInt, _ output: CInt, _ options: ipc_relay_options, _ observer: Observer?,
  _ failure: inout ipc_failure
) -> CInt {
  var options = options
  return withObserver(observer) { observer in
    link.with { unsafe CIPC.ipc_link_relay($0, input, output, &options, observer, &failure) }
  }
}

func ipc_link_close(_ link: CLink) -> CInt { link.close() }
