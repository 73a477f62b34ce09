public import CostsCallers
public import Glibc
public import IPC

/// The jobs whose calls are in Swift, as callers.c has them in C. They can be inlined, so that the programs contain them
/// for their own engine and functions, and call these directly.
public enum Jobs<Callee: Engine, Called: Functions> {
  @inlinable public static func run(_ job: String, _ count: Int) -> Int64 {
    do {
      switch job {
      case "call": return call(count)
      case "structure": return copyStructure(count)
      case "text": return copyText(count)
      case "callback": return notify(count)
      case "echo": return echo(count)
      case "send": return try exchange(count)
      case "error": return failToSend(count)
      case "vis": return encode(count)
      case "parse": return try parse(count)
      default: fatalError("no such job: \(job)")
      }
    } catch {
      fatalError("\(job): \(error)")
    }
  }

  @inlinable static func call(_ count: Int) -> Int64 {
    var sum: Int64 = 0
    for index in 0..<count { sum = Called.add(sum, Int64(index)) }
    return sum
  }

  // Two values alternate, so that the compiler can't move the call out of the loop.

  @inlinable static func copyStructure(_ count: Int) -> Int64 {
    var sum: Int64 = 0
    let names = [Name(bytes: Array(COSTS_MESSAGE.utf8)), Name(bytes: Array(COSTS_MESSAGE.utf8))]
    for index in 0..<count { sum += Int64(Called.copy(names[index & 1]).bytes.count) }
    return sum
  }

  @inlinable static func copyText(_ count: Int) -> Int64 {
    var sum: Int64 = 0
    let texts = [COSTS_MESSAGE, String(COSTS_MESSAGE.reversed())]
    for index in 0..<count { sum += Int64(Called.copy(texts[index & 1]).utf8.count) }
    return sum
  }

  @inlinable static func notify(_ count: Int) -> Int64 {
    var sum: Int64 = 0
    for index in 0..<count { Called.notify({ sum += $0 }, Int64(index)) }
    return sum
  }

  @inlinable static func echo(_ count: Int) -> Int64 {
    var sum: Int64 = 0
    let input = Array(COSTS_MESSAGE.utf8)
    var output = [UInt8](repeating: 0, count: Limit.line)
    var room = output.mutableSpan
    for index in 0..<count {
      let step = Callee.step(.echo, position: UInt64(index), input: input.span, ended: false, output: &room)
      sum += Int64(step.produced)
    }
    return sum
  }

  @inlinable static func exchange(_ count: Int) throws -> Int64 {
    var sum: Int64 = 0
    var pair: [CInt] = [-1, -1]
    guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &pair) == 0 else { fatalError("no pair of sockets") }
    let sender = Descriptor(owning: pair[0])
    let receiver = Descriptor(owning: pair[1])
    let message = Array(COSTS_MESSAGE.utf8)
    var buffer = [UInt8](repeating: 0, count: message.count)
    var room = buffer.mutableSpan
    for _ in 0..<count {
      sum += Int64(try Callee.send(sender, message.span, more: false) ?? 0)
      sum += Int64(try Callee.receive(receiver, into: &room) ?? 0)
    }
    return sum
  }

  @inlinable static func failToSend(_ count: Int) -> Int64 {
    var sum: Int64 = 0
    let closed = Descriptor(owning: -1)
    let message = Array(COSTS_MESSAGE.utf8)
    for _ in 0..<count {
      do throws(Failure) {
        _ = try Callee.send(closed, message.span, more: false)
      } catch {
        sum += Int64(error.cause.code)
      }
    }
    return sum
  }

  @inlinable static func encode(_ count: Int) -> Int64 {
    var sum: Int64 = 0
    let message = Array(COSTS_MESSAGE.utf8)
    for _ in 0..<count { sum += Int64(Callee.vis(message.span).count) }
    return sum
  }

  @inlinable static func parse(_ count: Int) throws -> Int64 {
    var sum: Int64 = 0
    let text = Array("tcp:192.168.101.102:5000".utf8)
    for _ in 0..<count {
      if case .tcp(_, let port) = try Callee.parse(text) { sum += Int64(port) }
    }
    return sum
  }
}
