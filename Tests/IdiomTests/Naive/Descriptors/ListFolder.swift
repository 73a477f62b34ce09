import Glibc

func listFolder(_ path: String, _ each: (String) -> Void) -> CInt {
  let folder = opendir(path)
  if folder == nil { return -errno }
  var count: CInt = 0
  while let entry = readdir(folder!) {
    if strcmp(entry.pointee.d_name, ".") == 0 { continue }
    if strcmp(entry.pointee.d_name, "..") == 0 { continue }
    each(String(cString: entry.pointee.d_name))
    count += 1
  }
  closedir(folder)
  return count
}
