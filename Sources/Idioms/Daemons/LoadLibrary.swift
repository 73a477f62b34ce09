import Glibc

/// Calls a function of a library that may be missing, such as "cos" of
/// "libm.so.6". Returns 0, or -ENOENT without the library, or -ENOSYS
/// without the function.
func callLibrary(
  _ library: String, _ name: String, _ value: Double, result: inout Double
) -> CInt {
  guard let handle = unsafe dlopen(library, RTLD_NOW | RTLD_LOCAL) else {
    return -ENOENT
  }
  defer { unsafe dlclose(handle) }
  guard let symbol = unsafe dlsym(handle, name) else { return -ENOSYS }
  typealias Function = @convention(c) (Double) -> Double
  // Nothing checks that the function has this type.
  let function = unsafe unsafeBitCast(symbol, to: Function.self)
  result = function(value)
  return 0
}
