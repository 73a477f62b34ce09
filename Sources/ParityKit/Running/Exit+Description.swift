extension Exit: CustomStringConvertible {
  public var description: String {
    switch self {
    case .exited(let status): "exited with status \(status)"
    case .signaled(let signal): "ended by \(Signal.name(signal))"
    case .running: "still running"
    }
  }
}
