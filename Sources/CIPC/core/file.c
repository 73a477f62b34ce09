/* The mode of a file that the engine creates, which bind(2) and mkfifo(3) reduce by the umask. */
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
