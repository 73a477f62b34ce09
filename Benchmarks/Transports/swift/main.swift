// transports-swift ENDPOINT JOB COUNT: measures with two processes, each on its own core, and prints a line of JSON like
// transports-c. JOB is trips (64 bytes in both directions), messages (100 bytes a call, one way) or bulk (64 KiB a call).
import Glibc
import IPC
import SwiftEngine
import SystemPackage

func serve(_ endpoint: Endpoint, _ job: Job) throws {
  let transport = try Transport.serve(endpoint) { place in
    try SwiftEngine.write(.standardOutput, (SwiftEngine.format(place) + [UInt8(ascii: "\n")]).span)
  }
  Processes.pin(1)  // only now: an end that may run on one core only does not spin
  try job.answer(transport)
  try transport.close()
}

func ask(_ arguments: [String], _ job: Job) throws {
  let (child, output) = Processes.start(arguments + ["answer"])
  let transport = try Transport.connect(to: try SwiftEngine.parse(Processes.line(from: output)))
  Processes.pin(0)
  let figures = try job.measure(transport)
  print("{\"engine\": \"swift\", \"transport\": \"\(arguments[1])\", \(figures)}")
  try transport.close()
  Processes.end(child)
}

let arguments = CommandLine.arguments
guard arguments.count >= 4, let kind = Job.Kind(rawValue: arguments[2]), let count = Int(arguments[3]) else {
  Processes.fail("usage: transports-swift ENDPOINT trips|messages|bulk COUNT")
}
let job = Job(kind: kind, count: count)
if arguments.count > 4 {
  try serve(try SwiftEngine.parse(Array(arguments[1].utf8)), job)
} else {
  try ask(arguments, job)
}
