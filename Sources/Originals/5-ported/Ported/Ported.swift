import Glibc
public import Program

/// The functions in Swift: each one as in C, in a file of the same name.
public enum Ported: Original {
  public static func text(of failure: Failure) -> String {
    failure.code == ENOENT ? "No such host" : unsafe String(cString: strerror(failure.code))
  }
}
