// The functions of originals.h for a C program, in Swift. The compiler compares each one with its declaration in the
// header.
import Contract
import Glibc
import Ported
import Program

@c @implementation
public func original_listen(_ address: UnsafePointer<CChar>, _ port: UnsafePointer<CChar>) -> CInt {
  let (address, port) = unsafe (String(cString: address), String(cString: port))
  return opened { () throws(Failure) in try Ported.listen(at: address, port: port) }
}

@c @implementation
public func original_connect(_ host: UnsafePointer<CChar>, _ port: UnsafePointer<CChar>) -> CInt {
  let (host, port) = unsafe (String(cString: host), String(cString: port))
  return opened { () throws(Failure) in try Ported.connect(to: host, port: port) }
}

@c @implementation
public func original_greet(_ listener: CInt, _ greeting: UnsafeRawPointer, _ length: Int) -> CInt {
  let greeting = unsafe Array(UnsafeRawBufferPointer(start: greeting, count: length))
  return CInt(
    lent(listener) { listener throws(Failure) in
      try Ported.greet(listener, greeting: greeting)
      return 0
    })
}

@c @implementation
public func original_copy(_ socket: CInt, _ output: CInt) -> Int {
  lent(socket) { socket throws(Failure) in try Ported.copy(socket, to: output) }
}

@c @implementation
public func original_serve_message(_ listener: CInt, _ output: CInt) -> Int {
  lent(listener) { listener throws(Failure) in try Ported.serveMessage(listener, output: output) }
}

@c @implementation
public func original_send_message(_ socket: CInt, _ input: CInt, _ output: CInt) -> Int {
  lent(socket) { socket throws(Failure) in try Ported.sendMessage(socket, input: input, output: output) }
}

/// The C library keeps the text, for each thread until its next call.
@c @implementation
public func original_error_text(_ error: CInt) -> UnsafePointer<CChar> {
  if error != -ENOENT { return unsafe UnsafePointer(strerror(-error)) }
  return noSuchHost.withUTF8Buffer { unsafe UnsafeRawPointer($0.baseAddress!).assumingMemoryBound(to: CChar.self) }
}

private let noSuchHost: StaticString = "No such host"

/// A new descriptor, which the caller owns, or a negated errno.
private func opened(_ body: () throws(Failure) -> Socket) -> CInt {
  do {
    return try body().release()
  } catch {
    return -error.code
  }
}

/// Calls a function with a descriptor that the caller keeps. Returns its result, or a negated errno.
private func lent(_ descriptor: CInt, _ body: (borrowing Socket) throws(Failure) -> Int) -> Int {
  let socket = Socket(owning: descriptor)
  let result: Int
  do {
    result = try body(socket)
  } catch {
    result = -Int(error.code)
  }
  _ = socket.release()
  return result
}
