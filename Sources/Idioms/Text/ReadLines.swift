import Glibc

/// Calls a function for each line of a file, without its newline. Returns
/// how many lines there are, or a negative errno: -ENOMEM for a line that is
/// too long, -EINTR if a signal handler without SA_RESTART ran meanwhile.
func readLines(_ path: String, each: ([UInt8]) -> Void) -> CInt {
  guard let file = unsafe fopen(path, "re") else { return -errno }
  defer { unsafe fclose(file) }
  var line: UnsafeMutablePointer<CChar>?
  var size = 0
  var count: CInt = 0
  defer { unsafe free(line) }
  while true {
    // getline(3) makes the buffer, and replaces it by a larger one.
    let length = unsafe getline(&line, &size, file)
    let error = errno
    let isEnd = unsafe feof(file) != 0
    // Without the flag this is an error: not even ferror(3) tells ENOMEM.
    if length < 0 { return isEnd ? count : -error }
    let bytes = unsafe UnsafeRawBufferPointer(start: line, count: length)
    let ended = unsafe bytes.last == UInt8(ascii: "\n")
    // A part of a line: read(2) failed behind it.
    if !ended && !isEnd { return -error }
    unsafe each(Array(bytes.dropLast(ended ? 1 : 0)))
    count += 1
  }
}
