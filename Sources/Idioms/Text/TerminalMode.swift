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
  // TCSAFLUSH drops what was typed before.
  return unsafe tcsetattr(fd, TCSAFLUSH, &mode) < 0 ? -errno : 0
}

/// Restores a terminal. Returns 0, or a negative errno.
func terminalRestore(_ fd: CInt, _ before: termios) -> CInt {
  var mode = before
  return unsafe tcsetattr(fd, TCSAFLUSH, &mode) < 0 ? -errno : 0
}
