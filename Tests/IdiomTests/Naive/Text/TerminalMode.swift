import Glibc

func terminalRaw(_ fd: CInt, _ before: inout termios) -> CInt {
  if tcgetattr(fd, &before) < 0 { return -errno }
  var mode = before
  mode.c_lflag &= ~(ICANON | ECHO)
  mode.c_cc[VMIN] = 1
  mode.c_cc[VTIME] = 0
  return tcsetattr(fd, TCSAFLUSH, &mode) < 0 ? -errno : 0
}
