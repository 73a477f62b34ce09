import Glibc

func connectionName() -> String {
  static var serial: CUnsignedInt = 0
  serial += 1
  return "connection \(serial)"
}
