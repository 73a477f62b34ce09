// The functions of costs.h over the Swift functions, which are in another module, as the engine of SwiftABI is.
public import CostsCallers
internal import CostsJobs

@c @implementation public func costs_add(_ one: Int64, _ other: Int64) -> Int64 { one &+ other }

@c @implementation
public func costs_copy_name(_ name: UnsafePointer<costs_name>, _ copy: UnsafeMutablePointer<costs_name>) {
  copy.pointee = SwiftFunctions.copy(Name(name.pointee)).c
}

@c @implementation
public func costs_copy_text(_ text: UnsafePointer<CChar>, _ copy: UnsafeMutablePointer<CChar>, _ size: Int) -> Int {
  var result = SwiftFunctions.copy(String(cString: text))
  return result.withUTF8 { bytes in
    guard bytes.count < size else { return bytes.count }
    UnsafeMutableRawBufferPointer(start: copy, count: size).copyBytes(from: bytes)
    copy[bytes.count] = 0
    return bytes.count
  }
}

@c @implementation
public func costs_notify(
  _ event: @convention(c) (UnsafeMutableRawPointer, Int64) -> Void, _ context: UnsafeMutableRawPointer, _ value: Int64
) {
  SwiftFunctions.notify({ event(context, $0) }, value)
}
