import Glibc

func copyFile(_ from: String, _ to: String) -> Int {
  var total = 0
  var source: CInt = -1, target: CInt = -1
  let buffer = malloc(1 << 16)
  source = open(from, O_RDONLY | O_CLOEXEC)
  if source < 0 {
    total = Int(-errno)
    goto done
  }
  target = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644)
  if target < 0 {
    total = Int(-errno)
    goto done
  }
done:
  if target >= 0 { close(target) }
  if source >= 0 { close(source) }
  free(buffer)
  return total
}
