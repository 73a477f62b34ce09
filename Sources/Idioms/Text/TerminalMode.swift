import Glibc

/// Makes a terminal pass each key at once, and not print it. Stores how it
/// was before. Returns 0, or a negative errno: -ENOTTY if it is not a
/// terminal.
func terminalRaw(_ fd: CInt, _ before: inout termios) -> CInt {
  guard unsafe tcgetattr(fd, &before) == 0 else { return -errno }
  var mode = before
  mode.c_lflag &= ~tcflag_t(ICANON | ECHO)
  // VMIN and VTIME are indices of the array.
  unsafe withUnsafeMutableBytes(of: &mode.c_cc) { characters in
    unsafe characters[Int(VMIN)] = 1  // read(2) waits for one byte,
    unsafe characters[Int(VTIME)] = 0  // and for no time.
  }
  return changeMode(fd, mode)
}

/// Restores a terminal. Returns 0, or a negative errno.
func terminalRestore(_ fd: CInt, _ before: termios) -> CInt {
  changeMode(fd, before)
}

/// Changes the mode, and drops what was typed before. Returns 0, or a
/// negative errno.
private func changeMode(_ fd: CInt, _ mode: termios) -> CInt {
  var mode = mode
  // It waits until the terminal has printed all output.
  while unsafe tcsetattr(fd, TCSAFLUSH, &mode) < 0 {
    let error = errno
    if error != EINTR { return -error }
  }
  return 0
}
