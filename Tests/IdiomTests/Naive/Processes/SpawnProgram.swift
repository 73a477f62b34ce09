import Glibc

func spawnProgram(_ path: String, _ words: [String]) -> pid_t {
  var child: pid_t = 0
  let error: CInt = posix_spawn(&child, path, nil, nil, words, environ)
  return error != 0 ? -error : child
}

func runProgram(_ path: String) {
  execl(path, path, nil)
  execv(path, [path, nil])
}
