import Glibc

/// Starts a program with standard input and output of its own, and with
/// default signals. Returns its identifier, or a negative errno.
func spawnProgram(
  _ path: String, words: [String], variables: [String], input: CInt,
  output: CInt
) -> pid_t {
  var actions = unsafe posix_spawn_file_actions_t()
  var attributes = posix_spawnattr_t()
  var (none, all) = (sigset_t(), sigset_t())
  unsafe sigemptyset(&none)
  unsafe sigfillset(&all)
  var error = unsafe posix_spawn_file_actions_init(&actions)
  guard error == 0 else { return -error }
  defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
  error = unsafe posix_spawnattr_init(&attributes)
  guard error == 0 else { return -error }
  defer { unsafe _ = posix_spawnattr_destroy(&attributes) }

  unsafe posix_spawnattr_setsigmask(&attributes, &none)
  unsafe posix_spawnattr_setsigdefault(&attributes, &all)
  let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
  unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
  for (number, fd) in [input, output].enumerated() {
    error = unsafe posix_spawn_file_actions_adddup2(
      &actions, fd, CInt(number))
    guard error == 0 else { return -error }
  }
  var child: pid_t = 0
  error = unsafe withTextPointers(words) { words in
    unsafe withTextPointers(variables) { variables in
      unsafe posix_spawn(
        &child, path, &actions, &attributes, words, variables)
    }
  }
  return error != 0 ? -error : child
}

/// Calls a function with an array of C strings that ends with NULL.
func withTextPointers<Result>(
  _ texts: [String],
  _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers = unsafe texts.map { unsafe strdup($0) }
  defer { unsafe pointers.forEach { unsafe free($0) } }
  unsafe pointers.append(nil)
  return unsafe pointers.withUnsafeBufferPointer {
    unsafe body($0.baseAddress!)
  }
}
