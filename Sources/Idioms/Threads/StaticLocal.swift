import Synchronization

/// Returns the name of the next connection: "connection 1", "connection 2"
/// and so on. Each thread may call it.
func connectionName() -> String {
  // A type within the function: nothing else can use the variable.
  enum Static { static let serial = Atomic<UInt32>(0) }
  let serial = Static.serial.wrappingAdd(1, ordering: .relaxed).newValue
  return "connection \(serial)"
}
