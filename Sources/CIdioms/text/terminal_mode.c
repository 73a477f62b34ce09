#define _GNU_SOURCE

#include <errno.h>
#include <termios.h>

/// Changes the mode, and drops what was typed before. Returns 0, or a
/// negative errno.
static int change_mode(int fd, const struct termios *mode) {
  // It waits until the terminal has printed all output.
  while (tcsetattr(fd, TCSAFLUSH, mode) < 0)
    if (errno != EINTR)
      return -errno;
  return 0;
}

/// Makes a terminal pass each key at once, and not print it. Stores how it
/// was before. Returns 0, or a negative errno: -ENOTTY if it is not a
/// terminal.
int terminal_raw(int fd, struct termios *before) {
  if (tcgetattr(fd, before) < 0)
    return -errno;
  struct termios mode = *before;
  mode.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
  mode.c_cc[VMIN] = 1; // read(2) waits for one byte, and for no time.
  mode.c_cc[VTIME] = 0;
  return change_mode(fd, &mode);
}

/// Restores a terminal. Returns 0, or a negative errno.
int terminal_restore(int fd, const struct termios *before) {
  return change_mode(fd, before);
}
