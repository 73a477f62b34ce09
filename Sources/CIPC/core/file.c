/* Files that the engine creates: their bytes; and their mode, which bind(2) and mkfifo(3) reduce by the umask. */
#include "core.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/// Changes the mode of the file itself. fchmod(2) refuses a descriptor of O_PATH, but /proc has a name for it that no
/// other process can redirect.
static int change_mode(int file, mode_t mode) {
  char path[sizeof "/proc/self/fd/-2147483648"];
  int error;
  snprintf(path, sizeof path, "/proc/self/fd/%d", file);
  IPC_CALL(error, chmod(path, mode));
  return error;
}

int ipc_file_set_mode(const char *path, mode_t type, mode_t mode) {
  struct stat status;
  int file, error;
  IPC_CALL(file, open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC)); /* needs no access to the file */
  if (file < 0)
    return file;
  IPC_CALL(error, fstat(file, &status));
  if (error == 0 && (status.st_mode & S_IFMT) != type)
    error = -ESTALE;
  if (error == 0 && (status.st_mode & ~(mode_t)S_IFMT) != mode)
    error = status.st_uid == geteuid() ? change_mode(file, mode) : -ESTALE;
  close(file);
  return error;
}

/// A file is always ready, so EAGAIN is an error like any other: nobody can wait until it passes.
static ssize_t never_again(ssize_t result) { return result == -EAGAIN ? -EIO : result; }

ssize_t ipc_file_read(int file, off_t offset, void *bytes, size_t size) {
  size_t done = 0;
  ssize_t count = 1;
  while (done < size && count > 0) {
    IPC_CALL(count, pread(file, (unsigned char *)bytes + done, size - done, offset + (off_t)done));
    if (count < 0)
      return never_again(count);
    done += (size_t)count;
  }
  return (ssize_t)done;
}

int ipc_file_write(int file, off_t offset, const void *bytes, size_t length) {
  for (size_t done = 0; done < length;) {
    const unsigned char *rest = (const unsigned char *)bytes + done;
    ssize_t written;
    IPC_CALL(written, pwrite(file, rest, length - done, offset + (off_t)done));
    if (written < 0)
      return (int)never_again(written);
    done += (size_t)written;
  }
  return 0;
}
