// The bridge to C, continued: links. What is said in Bridge.swift holds here.
internal import CIPC
internal import IPC

/// A link's struct, where it stays as long as the link lives.
@safe final class CLink {
  private var isOpen = false
  private let link = UnsafeMutablePointer<ipc_link>.allocate(capacity: 1)

  init() { unsafe link.initialize(to: ipc_link()) }

  var lobby: CInt { unsafe link.pointee.lobby }

  /// What was opened is closed, by whoever opened it or at last here.
  deinit {
    if isOpen { _ = unsafe CIPC.ipc_link_close(link) }
    unsafe link.deallocate()
  }

  @safe fileprivate func open(_ body: (UnsafeMutablePointer<ipc_link>) -> CInt) -> CInt {
    let result = unsafe body(link)
    isOpen = result >= 0
    return result
  }

  fileprivate func close() -> CInt {
    isOpen = false
    return unsafe CIPC.ipc_link_close(link)
  }

  @safe fileprivate func with<R>(_ body: (UnsafeMutablePointer<ipc_link>) -> R) -> R { unsafe body(link) }
}

extension Link {
  /// An end that the other engine made is a mistake, and traps.
  var c: CLink { state(as: CLink.self) }
}

func ipc_link_listen(
  _ endpoint: ipc_endpoint, _ sizes: ipc_link_sizes, _ observer: Observer?, _ link: CLink, _ failure: inout ipc_failure
) -> CInt {
  var (endpoint, sizes) = (endpoint, sizes)
  return withObserver(observer) { observer in
    link.open { link in unsafe CIPC.ipc_link_listen(&endpoint, &sizes, observer, link, &failure) }
  }
}

func ipc_link_accept(_ link: CLink, _ extra: CInt, _ timeout: CInt) -> CInt {
  link.with { unsafe CIPC.ipc_link_accept($0, extra, timeout) }
}

func ipc_link_connect(
  _ endpoint: ipc_endpoint, _ waits: Bool, _ timeout: CInt, _ observer: Observer?, _ link: CLink,
  _ failure: inout ipc_failure
) -> CInt {
  var endpoint = endpoint
  return withObserver(observer) { observer in
    link.open { link in unsafe CIPC.ipc_link_connect(&endpoint, waits, timeout, observer, link, &failure) }
  }
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

func ipc_link_serve(
  _ link: CLink, _ service: Service, _ serving: ipc_serve_options, _ observer: Observer?, _ failure: inout ipc_failure
) -> CInt {
  var serving = serving
  return withObserver(observer) { observer in
    withService(service) { service in
      link.with { unsafe CIPC.ipc_link_serve($0, &service, &serving, observer, &failure) }
    }
  }
}

func ipc_link_relay(
  _ link: CLink, _ input: CInt, _ output: CInt, _ observer: Observer?, _ failure: inout ipc_failure
) -> CInt {
  withObserver(observer) { observer in
    link.with { unsafe CIPC.ipc_link_relay($0, input, output, observer, &failure) }
  }
}

func ipc_link_close(_ link: CLink) -> CInt { link.close() }
