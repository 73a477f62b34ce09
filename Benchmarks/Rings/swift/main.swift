// rings-swift ring JOB [options]: runs a job over a ring in rounds, and prints a line of JSON for each, like rings-c.
// JOB is trips, messages or bulk.
import Glibc
import IPC
import SwiftEngine

struct Options {
  var job = Job.trips
  var count = 20_000
  var rounds = 5
  var capacity = Limit.defaultRing
  var spins = Int(Limit.ringSpins)
  var memory: CInt = -1  // set for the side that answers

  init(_ arguments: [String]) {
    guard arguments.count >= 3, arguments[1] == "ring", let job = Job(rawValue: arguments[2]) else {
      Processes.fail("usage: rings-swift ring trips|messages|bulk [-n COUNT] [-r ROUNDS] [-c CAPACITY] [-s SPINS]")
    }
    self.job = job
    for index in stride(from: 3, to: arguments.count - 1, by: 2) {
      guard let number = Int(arguments[index + 1]) else { Processes.fail("no number: \(arguments[index + 1])") }
      switch arguments[index] {
      case "-n": count = number
      case "-r": rounds = number
      case "-c": capacity = number
      case "-s": spins = number
      case "-m": memory = CInt(number)
      default: Processes.fail("no such option: \(arguments[index])")
      }
    }
  }

  func open(_ memory: SharedMemory, as side: Ring.Side) throws -> Link {
    var ring = try SwiftEngine.openRing(memory, as: side)
    ring.spins = UInt32(spins)
    return Link(ring: ring)
  }
}

let options = Options(CommandLine.arguments)
let size = try SwiftEngine.ringSize(capacity: options.capacity)

if options.memory >= 0 {
  Processes.pin(1)
  var link = try options.open(Processes.map(options.memory, size), as: .second)
  try options.job.answer(&link, options.count)
  exit(0)
}

Processes.pin(0)
var samples = [Double](repeating: 0, count: options.count)
for _ in 0..<options.rounds {
  let descriptor = Processes.makeMemory(size)
  let memory = Processes.map(descriptor, size)
  try SwiftEngine.prepareRing(memory, capacity: options.capacity)
  let child = Processes.start(CommandLine.arguments + ["-m", "\(descriptor)"])
  var link = try options.open(memory, as: .first)
  let nanoseconds = try options.job.measure(&link, options.count, &samples)
  Processes.end(child)
  close(descriptor)
  var line = "{\"engine\": \"swift\", \"job\": \"\(options.job)\", \"count\": \(options.count), "
  if options.job == .trips {
    samples.sort()
    line += "\"p50\": \(samples[options.count / 2]), \"p99\": \(samples[options.count * 99 / 100]), "
  }
  if options.job == .bulk { line += "\"bytes_per_second\": \(Double(options.count * Job.chunk) / nanoseconds * 1e9), " }
  print(line + "\"nanoseconds\": \(nanoseconds / Double(options.count))}")
}
