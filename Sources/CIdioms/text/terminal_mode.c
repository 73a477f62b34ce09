#define _GNU_SOURCE

#include <errno.h>
#include <termios.h>

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
  // TCSAFLUSH drops what was typed before.
  return tcsetattr(fd, TCSAFLUSH, &mode) < 0 ? -errno : 0;
}

/// Restores a terminal. Returns 0, or a negative errno.
int terminal_restore(int fd, const struct termios *before) {
  int result = tcsetattr(fd, TCSAFLUSH, before);
  return result < 0 ? -errno : 0;
}
