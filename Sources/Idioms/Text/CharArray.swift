import Glibc

/// Sets the name of a machine, which is an array of 65 characters in C.
/// Returns 0, or -ENAMETOOLONG.
func setNodeName(_ machine: inout utsname, _ name: String) -> CInt {
  let name = Array(name.utf8)
  let size = MemoryLayout.size(ofValue: machine.nodename)
  guard name.count < size else { return -ENAMETOOLONG }
  // The buffer has exactly the bytes of the field.
  unsafe withUnsafeMutableBytes(of: &machine.nodename) { field in
    unsafe field.initializeMemory(as: UInt8.self, repeating: 0)
    unsafe field.copyBytes(from: name)
  }
  return 0
}

/// Returns the name of a machine, which need not end with a NUL. Bytes that
/// are not UTF-8 are repaired.
func nodeName(_ machine: utsname) -> String {
  unsafe withUnsafeBytes(of: machine.nodename) { field in
    unsafe String(decoding: field.prefix { $0 != 0 }, as: UTF8.self)
  }
}
