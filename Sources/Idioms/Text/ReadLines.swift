import Glibc

/// Calls a function for each line of a file, without its newline. Returns
/// how many lines there are, or a negative errno.
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
    if length < 0 {
      let error = errno
      return unsafe ferror(file) != 0 ? -error : count
    }
    let bytes = unsafe UnsafeRawBufferPointer(start: line, count: length)
    let ended = unsafe bytes.last == UInt8(ascii: "\n")
    unsafe each(Array(bytes.dropLast(ended ? 1 : 0)))
    count += 1
  }
}
