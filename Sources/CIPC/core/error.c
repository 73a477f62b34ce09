/* Errors as sentences. */
#include "core.h"

#include <netdb.h>

static const char *syntax_text(enum ipc_syntax_error error) {
  switch (error) {
  case IPC_ESCHEME:
    return "an endpoint is tcp:HOST:PORT, unix:PATH, unix:@NAME, pipe:PATH, queue:/NAME or memory:/NAME";
  case IPC_EHOST:
    return "a host is a name (letters, digits, - and _, separated by dots; at most 253 bytes), an IPv4 address of four "
           "numbers, an IPv6 address (within an endpoint in brackets), or * (a server on all addresses)";
  case IPC_EPORT:
    return "a port is a number from 0 to 65535";
  case IPC_EPATH:
    return "a Unix socket's path or name has 1 to 107 bytes, and a path contains no NUL";
  case IPC_EFIFO:
    return "a pipe's path has 1 to 248 bytes and contains no NUL";
  case IPC_EOBJECT:
    return "the name of a queue or of shared memory is a slash and 1 to 251 bytes without another slash or a NUL";
  }
  return "Unknown error";
}

static const char *local_text(enum ipc_local_error error) {
  switch (error) {
  case IPC_EOWNER:
    return "the existing object belongs to another user";
  case IPC_EMODE:
    return "the existing object is not private: its mode must be 0600";
  case IPC_EKIND:
    return "an object of another type or format already has this name";
  case IPC_EDEPTH:
    return "a queue of this many messages exceeds /proc/sys/fs/mqueue/msg_max: raise it (sysctl fs.mqueue.msg_max), or "
           "use fewer messages";
  case IPC_EMESSAGE:
    return "messages of this size exceed /proc/sys/fs/mqueue/msgsize_max: raise it (sysctl fs.mqueue.msgsize_max), or "
           "use smaller messages";
  case IPC_EQUEUES:
    return "the system has as many queues as /proc/sys/fs/mqueue/queues_max allows: raise it (sysctl "
           "fs.mqueue.queues_max), or remove a queue";
  case IPC_EBYTES:
    return "the user's queues exceed RLIMIT_MSGQUEUE: raise it (ulimit -q), or use fewer or smaller messages";
  }
  return "Unknown error";
}

const char *ipc_error_text(int error) {
  const char *text = NULL;
  if (error <= -IPC_ESCHEME && error >= -IPC_EOBJECT)
    return syntax_text((enum ipc_syntax_error) - error);
  if (error <= -IPC_EOWNER && error >= -IPC_EBYTES)
    return local_text((enum ipc_local_error) - error);
  if (error < -IPC_ERROR_SYNTAX || error >= 0)
    return "Unknown error";
  if (error <= -IPC_ERROR_NAME)
    text = gai_strerror(error + IPC_ERROR_NAME);
  else
    text = strerrordesc_np(-error);
  return text ? text : "Unknown error";
}
