import Glibc

typealias Function = @convention(c) (Double) -> Double

func callLibrary(_ library: String, _ name: String, _ value: Double, _ result: inout Double) -> CInt {
  let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL)
  if handle == nil { return -ENOENT }
  let function = dlsym(handle, name) as! Function
  result = function(value)
  dlclose(handle)
  return 0
}
