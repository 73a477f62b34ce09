#define _GNU_SOURCE

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char file[PATH_MAX];
static struct stat made;
static pid_t maker;

static void remove_file(void) {
  struct stat now;
  // A child that calls exit(3) must not remove it, nor this process the file
  // that another one has put in its place.
  if (getpid() == maker && lstat(file, &now) == 0 &&
      now.st_dev == made.st_dev && now.st_ino == made.st_ino)
    unlink(file);
}

/// Lets exit(3) remove a file that this process made and keeps open, such as
/// its Unix socket: as long as it is open, no other file has its number. Call
/// it once. Returns 0, or a negative errno.
int remove_at_exit(const char *path) {
  size_t length = strlen(path);
  if (length >= sizeof file)
    return -ENAMETOOLONG;
  struct stat now;
  if (lstat(path, &now) < 0)
    return -errno;
  memcpy(file, path, length + 1);
  made = now;
  maker = getpid();
  return atexit(remove_file) == 0 ? 0 : -ENOMEM;
}

/// Writes "PROGRAM: WHAT: the text of errno" to standard error, and exits.
_Noreturn void fatal(int status, const char *what) { err(status, "%s", what); }
