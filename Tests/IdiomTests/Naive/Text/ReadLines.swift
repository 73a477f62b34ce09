import Glibc

func readLines(_ path: String, _ each: (String) -> Void) -> CInt {
  let file = fopen(path, "re")
  if file == nil { return -errno }
  var line = [CChar](repeating: 0, count: 256)
  var count: CInt = 0
  while fgets(&line, line.count, file) != nil {
    each(String(cString: line))
    count += 1
  }
  fclose(file)
  return count
}

func readInput(_ each: (String) -> Void) {
  var line = [CChar](repeating: 0, count: 256)
  while fgets(&line, 256, stdin) != nil { each(String(cString: line)) }
}
