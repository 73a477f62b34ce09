/* The locks on a link's name, which end with their process, and waiting for a peer that may die. */
#include "name_lock.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum {
  SERVER = 0, /* bytes of the rendezvous; see link_protocol.h */
  CLIENT = 1,
  FIRST_TICKET = 2,
  TICKETS = 1000, /* drawn by one client: it fails if all of them are taken */
};

void ipc_name_lock_drop(int *descriptor) {
  if (*descriptor >= 0)
    ipc_close(*descriptor);
  *descriptor = -1;
}

/* ---- Locks ----------------------------------------------------------------------------------------------------- */

static int set_lock(int rendezvous, uint64_t byte, short type) {
  struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = (off_t)byte, .l_len = 1};
  int error;
  IPC_CALL(error, fcntl(rendezvous, F_OFD_SETLK, &lock));
  return error == -EACCES ? -EAGAIN : error;
}

/// Whether another open file description has locked one of the bytes. F_OFD_GETLK takes no lock, and so delays nobody.
static bool is_locked(int rendezvous, uint64_t from, uint64_t to) {
  struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (off_t)from, .l_len = (off_t)(to - from)};
  int error;
  IPC_CALL(error, fcntl(rendezvous, F_OFD_GETLK, &lock));
  return error == 0 && lock.l_type != F_UNLCK;
}

/// The process with flock(2) on the file, from /proc/locks: "1: FLOCK  ADVISORY  WRITE 4955 00:14:47958775 0 EOF".
static pid_t find_holder(int rendezvous) {
  struct stat status;
  char line[128];
  pid_t holder = 0;
  FILE *locks = fopen("/proc/locks", "re");
  if (!locks)
    return 0;
  if (fstat(rendezvous, &status) == 0)
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

int ipc_name_lock_acquire_server(struct ipc_link *link) {
  int error = set_lock(link->rendezvous, SERVER, F_WRLCK);
  if (error == -EAGAIN && !ipc_name_lock_has_name(link))
    return 0;
  link->holder = error == -EAGAIN ? find_holder(link->rendezvous) : 0;
  if (error == 0)
    IPC_CALL(error, flock(link->rendezvous, LOCK_EX | LOCK_NB));
  return error == -EAGAIN ? -EADDRINUSE : error;
}

bool ipc_name_lock_has_server(const struct ipc_link *link) { return is_locked(link->rendezvous, SERVER, SERVER + 1); }

bool ipc_name_lock_is_open(const struct ipc_link *link) {
  return ipc_name_lock_has_server(link) && ipc_name_lock_has_name(link);
}

bool ipc_name_lock_has_client(const struct ipc_link *link, uint64_t ticket) {
  return ticket >= FIRST_TICKET && ticket < INT64_MAX && is_locked(link->rendezvous, ticket, ticket + 1) &&
         is_locked(link->rendezvous, CLIENT, CLIENT + 1);
}

bool ipc_name_lock_peer_is_alive(const struct ipc_link *link) {
  if (link->is_server)
    return link->ticket == 0 || ipc_name_lock_has_client(link, link->ticket);
  return ipc_name_lock_has_server(link);
}

/* ---- Waiting --------------------------------------------------------------------------------------------------- */

int ipc_name_lock_slice(struct ipc_deadline deadline) {
  int left = ipc_clock_remaining(deadline);
  return left < 0 || left > IPC_PEER_CHECK_MS ? IPC_PEER_CHECK_MS : left;
}

int ipc_name_lock_poll(const struct ipc_link *link, const struct ipc_name_lock_poll *request,
                       struct ipc_deadline deadline) {
  struct pollfd set[] = {{.fd = request->in, .events = POLLIN},
                         {.fd = request->out, .events = request->out_event == IPC_WRITABLE ? POLLOUT : 0},
                         {.fd = request->extra, .events = POLLIN},
                         {.fd = link->watch, .events = POLLIN}};
  int ready, found = request->ready, timeout_ms = found != 0 ? 0 : ipc_name_lock_slice(deadline);
  IPC_CALL(ready, poll(set, 4, timeout_ms));
  if (ready < 0)
    return ready;
  found |= set[0].revents ? IPC_READABLE : 0;
  found |= set[1].revents ? request->out_event : 0;
  found |= set[2].revents ? IPC_EXTRA : 0;
  if (found == 0 && request->events != 0 && !ipc_name_lock_peer_is_alive(link))
    found = request->events;
  if (found == 0 && ready == 0 && timeout_ms == 0)
    return -ETIMEDOUT;
  return found | (set[3].revents ? IPC_NAME_LOCK_CHANGED : 0);
}

int ipc_name_lock_wait(const struct ipc_link *link, const struct ipc_name_lock_poll *request,
                       struct ipc_deadline deadline) {
  for (;;) {
    int found = ipc_name_lock_poll(link, request, deadline);
    if (found < 0)
      return found;
    if (found & IPC_NAME_LOCK_CHANGED)
      ipc_name_lock_drain(link);
    if (found & ~IPC_NAME_LOCK_CHANGED)
      return found & ~IPC_NAME_LOCK_CHANGED;
  }
}

int ipc_name_lock_wait_for_change(const struct ipc_link *link, int readable, int extra, struct ipc_deadline deadline) {
  struct ipc_name_lock_poll request = {.in = readable, .out = -1, .extra = extra};
  int found = ipc_name_lock_poll(link, &request, deadline);
  if (found < 0)
    return found;
  if (found & IPC_EXTRA)
    return -ECANCELED;
  if (found & IPC_NAME_LOCK_CHANGED && !link->is_server)
    ipc_name_lock_drain(link);
  return found == 0 ? IPC_NAME_LOCK_TICK : 0;
}

/* ---- A client's ticket ----------------------------------------------------------------------------------------- */

/// The ticket is the monotonic time, so later clients have higher tickets, and none is used twice.
static int draw_ticket(struct ipc_link *link) {
  int error;
  link->ticket = (uint64_t)ipc_ticks();
  for (int i = 1; (error = set_lock(link->rendezvous, link->ticket, F_WRLCK)) == -EAGAIN && i < TICKETS; i++)
    ++link->ticket;
  return error == -EAGAIN ? -EIO : error;
}

int ipc_name_lock_acquire_client(struct ipc_link *link, enum ipc_link_busy busy, struct ipc_deadline deadline) {
  int error = draw_ticket(link);
  while (error >= 0) {
    if (!ipc_name_lock_is_open(link))
      return -ECONNREFUSED;
    /* The lock decides between two clients of which each saw no lower ticket than its own. */
    bool is_first = !is_locked(link->rendezvous, FIRST_TICKET, link->ticket);
    error = is_first ? set_lock(link->rendezvous, CLIENT, F_WRLCK) : -EAGAIN;
    if (error != -EAGAIN)
      return error;
    error = busy == IPC_LINK_BUSY_WAIT ? ipc_name_lock_wait_for_change(link, -1, -1, deadline) : -EBUSY;
  }
  return error;
}

void ipc_name_lock_release(const struct ipc_link *link) {
  struct flock all = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
  int error;
  IPC_CALL(error, fcntl(link->rendezvous, F_OFD_SETLK, &all));
  IPC_CALL(error, flock(link->rendezvous, LOCK_UN));
}

/* ---- The rendezvous -------------------------------------------------------------------------------------------- */

void ipc_name_lock_watch(struct ipc_link *link) {
  char path[sizeof "/proc/self/fd/-2147483648"];
  int error;
  IPC_CALL(link->watch, inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  if (link->watch < 0) {
    link->watch = -1;
    return;
  }
  snprintf(path, sizeof path, "/proc/self/fd/%d", link->rendezvous);
  IPC_CALL(error, inotify_add_watch(link->watch, path, IN_CLOSE | IN_MODIFY | IN_ATTRIB));
  if (error < 0)
    ipc_name_lock_drop(&link->watch);
}

void ipc_name_lock_drain(const struct ipc_link *link) {
  unsigned char events[4096];
  while (link->watch >= 0 && ipc_read(link->watch, events, sizeof events) > 0)
    ;
}

int ipc_name_lock_check(const struct ipc_link *link, int descriptor, mode_t type) {
  struct stat status;
  int error;
  IPC_CALL(error, fstat(descriptor, &status));
  if (error < 0)
    return error;
  if (type != 0 && (status.st_mode & S_IFMT) != type)
    return -IPC_EKIND;
  if (status.st_uid != geteuid() && (link->is_server || status.st_uid != 0))
    return -IPC_EOWNER;
  return status.st_mode & (S_IRWXG | S_IRWXO) ? -IPC_EMODE : 0;
}

int ipc_name_lock_open_error(int error) {
  return error == -ELOOP || error == -EISDIR || error == -ENXIO ? -IPC_EKIND : error;
}

bool ipc_name_lock_has_name(const struct ipc_link *link) {
  struct stat status;
  int error;
  IPC_CALL(error, fstat(link->rendezvous, &status));
  return error == 0 && status.st_nlink > 0;
}
