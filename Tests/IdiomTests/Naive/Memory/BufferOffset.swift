import Glibc

struct Input {
  var bytes = [CChar](repeating: 0, count: 256)
  var count = 0
}

func inputFill(_ input: inout Input, _ fd: CInt) -> Int {
  if input.count == input.bytes.count { return Int(-ENOBUFS) }
  let room = input.bytes.count - input.count
  let n = read(fd, &input.bytes[input.count], room)
  if n < 0 { return Int(-errno) }
  input.count += n
  return n
}

func inputDrop(_ input: inout Input, _ length: Int) {
  input.count -= length
  memmove(&input.bytes, &input.bytes[length], input.count)
}
