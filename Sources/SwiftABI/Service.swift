// Services: `include/ipc/service.h`.
internal import IPC
public import IPCContract
internal import SwiftEngine

extension Service {
  /// Copies the greeting, since the engine's service owns its bytes.
  init(_ c: UnsafePointer<ipc_service>) {
    switch unsafe c.pointee.kind {
    case .IPC_GREETING: self = unsafe .greeting(c.pointee.bytes(0..<c.pointee.length))
    case .IPC_MESSAGE: self = .message
    case .IPC_ECHO: self = .echo
    case .IPC_DISCARD: self = .discard
    case .IPC_CHARGEN: self = .chargen
    }
  }
}

extension ipc_service {
  fileprivate func bytes(_ range: Range<Int>) -> [UInt8] {
    guard let greeting = unsafe greeting, !range.isEmpty else { return [] }
    return unsafe Array(UnsafeRawBufferPointer(start: greeting + range.lowerBound, count: range.count))
  }

  /// The greeting from a position on, as much of it as a step can use: one byte more than its room, so that the step
  /// knows whether it is the last one.
  fileprivate func part(from position: UInt64, _ capacity: Int) -> Service {
    let start = unsafe Int(min(position, UInt64(length)))
    return unsafe .greeting(bytes(start..<min(length, start + capacity + 1)))
  }
}

extension ipc_service_result {
  fileprivate init(_ result: ServiceResult) {
    self.init(
      consumed: result.consumed, produced: result.produced, echoes: result.echoes, prints: result.prints,
      cut: result.cut, next: ipc_service_next(rawValue: UInt32(result.next.rawValue))!)
  }
}

@c @implementation
public func ipc_service_step(
  _ service: UnsafePointer<ipc_service>, _ position: UInt64, _ input: UnsafeRawPointer, _ length: Int, _ ended: Bool,
  _ output: UnsafeMutableRawPointer, _ capacity: Int, _ result: UnsafeMutablePointer<ipc_service_result>
) {
  let isGreeting = unsafe service.pointee.kind == .IPC_GREETING
  let part = unsafe isGreeting ? service.pointee.part(from: position, capacity) : Service(service)
  let position = isGreeting ? 0 : position
  let step = unsafe withSpan(input, length) { input in
    unsafe withRoom(output, capacity) { output in
      SwiftEngine.step(part, position: position, input: input, ended: ended, output: &output)
    }
  }
  unsafe result.pointee = ipc_service_result(step)
}
