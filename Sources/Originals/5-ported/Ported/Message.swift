// The message: the client sends a line, the server prints it and answers.
public import Program

extension Ported {
  /// Bytes of a message at most, as in the original: a buffer of 256 less the final NUL.
  static let messageMax = 255

  public static func serveMessage(_ listener: borrowing Socket, output: CInt) throws(Failure) -> Int {
    let client = try accept(listener)
    let line = try receiveLine(client.descriptor)
    try printLine(output, "Here is the message: ", line)
    let answer = Array("I got your message".utf8)
    try sendAll(client, answer.span)
    return line.count
  }

  public static func sendMessage(_ socket: borrowing Socket, input: CInt, output: CInt) throws(Failure) -> Int {
    let prompt = Array("Please enter the message: ".utf8)
    try writeAll(output, prompt.span)
    let line = try receiveLine(input)
    try sendAll(socket, line.span)
    let answer = try receiveLine(socket.descriptor)
    try printLine(output, "", answer)
    return answer.count
  }

  /// Prints a text, bytes, and a newline.
  private static func printLine(_ output: CInt, _ text: String, _ bytes: [UInt8]) throws(Failure) {
    let (text, newline) = (Array(text.utf8), [UInt8(ascii: "\n")])
    try writeAll(output, text.span)
    try writeAll(output, bytes.span)
    try writeAll(output, newline.span)
  }
}
