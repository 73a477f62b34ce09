// Part of the bridge to C; Bridge.swift explains why it is sound.
internal import CIPC
internal import IPC

/// The greeting is valid while the body runs.
@safe func withService<R>(_ service: Service, _ body: (inout ipc_service) -> R) -> R {
  var c = unsafe ipc_service()
  switch service {
  case .greeting(let bytes):
    return bytes.span.withPointer { pointer, count in
      unsafe c = unsafe ipc_service(kind: .IPC_GREETING, length: count, greeting: pointer)
      return unsafe body(&c)
    }
  case .message: unsafe c.kind = .IPC_MESSAGE
  case .echo: unsafe c.kind = .IPC_ECHO
  case .discard: unsafe c.kind = .IPC_DISCARD
  case .chargen: unsafe c.kind = .IPC_CHARGEN
  }
  return unsafe body(&c)
}

func ipc_service_step(
  _ service: Service, _ position: UInt64, _ input: Span<UInt8>, _ ended: Bool, _ output: inout MutableSpan<UInt8>,
  _ result: inout ipc_service_result
) {
  output.withPointer { output, capacity in
    input.withPointer { input, count in
      withService(service) { service in
        unsafe CIPC.ipc_service_step(&service, position, input, count, ended, output, capacity, &result)
      }
    }
  }
}

func ipc_vis(_ bytes: Span<UInt8>) -> [UInt8] {
  let growth = Int(IPC_VIS_GROWTH)
  return bytes.withPointer { bytes, count in
    Array(capacity: max(1, growth * count)) { unsafe CIPC.ipc_vis(bytes, count, $0, $1) }
  }
}

func ipc_message_text(_ message: Span<UInt8>) -> [UInt8] {
  let label = 64
  let growth = Int(IPC_VIS_GROWTH)
  return message.withPointer { message, count in
    Array(capacity: label + growth * count) { unsafe CIPC.ipc_message_text(message, count, $0, $1) }
  }
}
