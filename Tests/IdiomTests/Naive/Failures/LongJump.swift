import Glibc

struct Parser {
  var at: UnsafePointer<CChar>
  var depth = 0
  var failed: jmp_buf
}

func parseList(_ parser: inout Parser) {
  if parser.at.pointee != 40 { longjmp(&parser.failed, EBADMSG) }
  parser.at += 1
  parser.depth += 1
  while parser.at.pointee == 40 { parseList(&parser) }
}

func listDepth(_ text: UnsafePointer<CChar>) -> CInt {
  var parser = Parser(at: text, failed: jmp_buf())
  let error = setjmp(&parser.failed)
  if error != 0 { return -error }
  parseList(&parser)
  return CInt(parser.depth)
}
