// ways-swift ENDPOINT JOB COUNT: two processes, a core each; a line of JSON, as ways-c. JOB is trips (64 bytes there and
// back), messages (100 bytes a call, one way) or bulk (64 KiB a call).
import Glibc
import IPC
import SwiftEngine
import SystemPackage

func serve(_ endpoint: Endpoint, _ job: Job) throws {
  let way = try Way.serve(endpoint) { place in
    try SwiftEngine.write(.standardOutput, (SwiftEngine.format(place) + [UInt8(ascii: "\n")]).span)
  }
  Processes.pin(1)  // not before: who may run on one core only does not spin
  try job.answer(way)
  try way.close()
}

func ask(_ arguments: [String], _ job: Job) throws {
  let (child, output) = Processes.start(arguments + ["answer"])
  let way = try Way.connect(to: try SwiftEngine.parse(Processes.line(from: output)))
  Processes.pin(0)
  let figures = try job.measure(way)
  print("{\"engine\": \"swift\", \"way\": \"\(arguments[1])\", \(figures)}")
  try way.close()
  Processes.end(child)
}

let arguments = CommandLine.arguments
guard arguments.count >= 4, let kind = Job.Kind(rawValue: arguments[2]), let count = Int(arguments[3]) else {
  Processes.fail("usage: ways-swift ENDPOINT trips|messages|bulk COUNT")
}
let job = Job(kind: kind, count: count)
if arguments.count > 4 {
  try serve(try SwiftEngine.parse(Array(arguments[1].utf8)), job)
} else {
  try ask(arguments, job)
}
