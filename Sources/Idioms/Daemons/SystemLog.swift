import Glibc

/// Opens the system's log. A literal lives as long as the program, and libc
/// keeps the pointer.
func logStart(_ name: StaticString, options: CInt) {
  unsafe openlog(
    UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self),
    options, LOG_DAEMON)
}

/// Logs a line.
func logSystem(_ priority: CInt, _ text: String) {
  unsafe text.withCString { text in
    // The text is an argument, not the format: it may contain "%".
    unsafe withVaList([text]) { unsafe vsyslog(priority, "%s", $0) }
  }
}

/// Logs how many bytes a client sent.
func logClient(_ peer: String, bytes: Int) {
  logSystem(LOG_INFO, "\(peer): \(bytes) bytes")
}
