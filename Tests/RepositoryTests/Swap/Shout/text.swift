@c @implementation
public func text_upper(_ bytes: UnsafeMutablePointer<CChar>?, _ count: Int) -> CInt {
  let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
  var changed: CInt = 0
  let bytes = unsafe UnsafeMutableBufferPointer(start: bytes, count: count)
  for i in bytes.indices where unsafe letters.contains(UInt8(bitPattern: bytes[i])) {
    unsafe bytes[i] -= 32
    changed += 1
  }
  return changed
}
