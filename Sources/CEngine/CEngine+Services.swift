internal import CIPC
public import IPC

extension CEngine {
  public static func step(
    _ service: Service, position: UInt64, input: Span<UInt8>, ended: Bool, output: inout MutableSpan<UInt8>
  ) -> ServiceResult {
    var c = ipc_service_result()
    ipc_service_step(service, position, input, ended, &output, &c)
    return ServiceResult(c)
  }

  public static func vis(_ bytes: Span<UInt8>) -> [UInt8] { ipc_vis(bytes) }

  public static func messageText(_ message: Span<UInt8>) -> [UInt8] { ipc_message_text(message) }
}

extension ServiceResult {
  fileprivate init(_ c: ipc_service_result) {
    self.init(consumed: c.consumed, next: ServiceResult.Next(rawValue: Int32(c.next.rawValue))!)
    produced = c.produced
    (echoes, prints, cut) = (c.echoes, c.prints, c.cut)
  }
}
