// The bridge to C: only the files whose names start with Bridge contain unsafe code. They convert the values of the
// contract, and repeat each C function that takes a pointer, under its own name and with Swift types. The unsafe code
// is sound for one reason: C uses a pointer only during the call, and only for the count that is passed with it.
internal import CIPC
internal import IPC

extension Span<UInt8> {
  /// C requires a pointer even if there are no bytes, but does not dereference it then.
  @safe func withPointer<R>(_ body: (UnsafePointer<CChar>, Int) -> R) -> R {
    unsafe withUnsafeBytes { bytes in
      let pointer = unsafe bytes.baseAddress ?? UnsafeRawPointer(bitPattern: 1)!
      return unsafe body(pointer.assumingMemoryBound(to: CChar.self), bytes.count)
    }
  }
}

extension MutableSpan<UInt8> {
  @safe mutating func withPointer<R>(_ body: (UnsafeMutableRawPointer, Int) -> R) -> R {
    unsafe withUnsafeMutableBytes { bytes in
      unsafe body(bytes.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 1)!, bytes.count)
    }
  }
}

extension Array<UInt8> {
  /// Makes an array of the bytes that C writes into room for `capacity`; it returns how many.
  @safe init(capacity: Int, written: (UnsafeMutablePointer<CChar>, Int) -> Int) {
    self = unsafe Array(unsafeUninitializedCapacity: capacity) { buffer, count in
      let text = unsafe UnsafeMutableRawPointer(buffer.baseAddress!).assumingMemoryBound(to: CChar.self)
      count = unsafe Swift.max(0, written(text, capacity))
    }
  }
}

/// The text is static.
func ipc_error_text(_ error: CInt) -> String { unsafe String(cString: CIPC.ipc_error_text(error)) }
