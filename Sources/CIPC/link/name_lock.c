/* Who holds a local name, and whose turn it is: locks that end with their process. */
#include "link_internal.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

enum { HOLD = 0, TURN = 1, FIRST_TICKET = 2 }; /* bytes of the lobby; see ipc.h */

static int set_lock(int lobby, uint64_t byte, short type) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)byte, .l_len = 1};
  int error;
  IPC_CALL(error, fcntl(lobby, F_OFD_SETLK, &lock));
  return error == -EACCES ? -EAGAIN : error;
}

/// Whether another open file has locked one of the bytes. Asking takes no lock, and so is in nobody's way.
static bool is_locked(int lobby, uint64_t from, uint64_t to) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)from, .l_len = (off_t)(to - from)};
  int error;
  IPC_CALL(error, fcntl(lobby, F_OFD_GETLK, &lock));
  return error == 0 && lock.l_type != F_UNLCK;
}

/// The process with flock(2) on the file, from /proc/locks: "1: FLOCK  ADVISORY  WRITE 4955 00:14:47958775 0 EOF".
static pid_t find_holder(int lobby) {
  struct stat status;
  char line[128];
  pid_t holder = 0;
  FILE *locks = fopen("/proc/locks", "re");
  if (!locks)
    return 0;
  if (fstat(lobby, &status) == 0)
    while (holder == 0 && fgets(line, sizeof line, locks)) {
      int process;
      unsigned major, minor;
      unsigned long inode;
      if (sscanf(line, "%*d: FLOCK %*s WRITE %d %x:%x:%lu", &process, &major, &minor, &inode) == 4 &&
          makedev(major, minor) == status.st_dev && inode == status.st_ino)
        holder = process;
    }
  fclose(locks);
  return holder;
}

int ipc_hold_take(int lobby, pid_t *holder) {
  int error = set_lock(lobby, HOLD, F_WRLCK);
  *holder = error == -EAGAIN ? find_holder(lobby) : 0;
  if (error == 0)
    IPC_CALL(error, flock(lobby, LOCK_EX | LOCK_NB));
  return error == -EAGAIN ? -EADDRINUSE : error;
}

bool ipc_hold_is_taken(int lobby) { return is_locked(lobby, HOLD, HOLD + 1); }

bool ipc_hold_has_turn(int lobby, uint64_t turn) {
  return turn >= FIRST_TICKET && turn < INT64_MAX && is_locked(lobby, turn, turn + 1) &&
         is_locked(lobby, TURN, TURN + 1);
}

/// Takes a number. It is the time, so that who comes later has a greater one, and none is given twice.
static int take_number(int lobby, uint64_t *turn) {
  struct timespec now;
  int error;
  clock_gettime(CLOCK_MONOTONIC, &now);
  *turn = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
  while ((error = set_lock(lobby, *turn, F_WRLCK)) == -EAGAIN)
    ++*turn;
  return error;
}

int ipc_hold_turn(struct ipc_link *link, bool waits, int64_t deadline) {
  int error = take_number(link->lobby, &link->turn);
  while (error == 0) {
    if (!ipc_hold_is_taken(link->lobby))
      return -ECONNREFUSED;
    /* The lock decides: of two that come at once, one may have looked for lesser numbers before the other had its. */
    error = is_locked(link->lobby, FIRST_TICKET, link->turn) ? -EAGAIN : set_lock(link->lobby, TURN, F_WRLCK);
    if (error != -EAGAIN)
      return error;
    error = waits ? ipc_link_pause(link, -1, -1, deadline) : -EBUSY;
  }
  return error;
}

void ipc_hold_release(int lobby) {
  struct flock all = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
  fcntl(lobby, F_OFD_SETLK, &all);
  flock(lobby, LOCK_UN);
}

int ipc_hold_watch(int lobby) {
  char path[sizeof "/proc/self/fd/-2147483648"];
  int watch, error;
  IPC_CALL(watch, inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (watch < 0)
    return watch;
  snprintf(path, sizeof path, "/proc/self/fd/%d", lobby);
  IPC_CALL(error, inotify_add_watch(watch, path, IN_CLOSE | IN_MODIFY));
  if (error >= 0)
    return watch;
  ipc_close(watch);
  return error;
}

void ipc_hold_clear(int watch) {
  unsigned char events[4096];
  while (ipc_read(watch, events, sizeof events) > 0)
    ;
}

int ipc_hold_check(int descriptor, mode_t kind, bool trusts_root) {
  struct stat status;
  int error;
  IPC_CALL(error, fstat(descriptor, &status));
  if (error < 0)
    return error;
  if (kind != 0 && (status.st_mode & S_IFMT) != kind)
    return -IPC_EKIND;
  if (status.st_uid != geteuid() && !(trusts_root && status.st_uid == 0))
    return -IPC_EOWNER;
  return status.st_mode & (S_IRWXG | S_IRWXO) ? -IPC_EMODE : 0;
}

int ipc_hold_kind(int error) { return error == -ELOOP || error == -EISDIR || error == -ENXIO ? -IPC_EKIND : error; }

bool ipc_hold_has_name(int lobby) {
  struct stat status;
  return fstat(lobby, &status) == 0 && status.st_nlink > 0;
}

int ipc_hold_write(int lobby, off_t offset, const void *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    ssize_t written;
    IPC_CALL(written, pwrite(lobby, (const unsigned char *)bytes + done, length - done, offset + (off_t)done));
    if (written < 0)
      return (int)written;
    done += (size_t)written;
  }
  return 0;
}
