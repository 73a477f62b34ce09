/* What an error means. */
#ifndef IPC_ERROR_H
#define IPC_ERROR_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/// Errors from here on: getaddrinfo(3) failed; IPC_ERROR_NAME - EAI_NONAME and so on (EAI_ codes are negative).
#define IPC_ERROR_NAME 10000
/// Errors from here on: the text is no endpoint.
#define IPC_ERROR_SYNTAX 20000
/// Errors from here on: what stands under a local name is not to be trusted, or the system's limits forbid it.
#define IPC_ERROR_LOCAL 30000

/// What is wrong with a text that is no endpoint; each error says what is allowed.
enum IPC_CLOSED_ENUM ipc_syntax_error {
  IPC_ESCHEME = IPC_ERROR_SYNTAX, ///< no prefix of ipc_transport
  IPC_EHOST,                      ///< empty, too long, no name, no address
  IPC_EPORT,                      ///< missing, no number, out of range
  IPC_EPATH,                      ///< empty, too long, holds a NUL
  IPC_EFIFO,                      ///< the same of a pipe's path
  IPC_EOBJECT,                    ///< without its slash, or with a second one; empty, too long, holds a NUL
};

/// What is wrong with what stands under a local name, or which limit of the system forbids it; each error says what to
/// do.
enum IPC_CLOSED_ENUM ipc_local_error {
  IPC_EOWNER = IPC_ERROR_LOCAL, ///< it belongs to somebody else
  IPC_EMODE,                    ///< others may read or write it
  IPC_EKIND,                    ///< it is something else, of another layout or size
  IPC_EDEPTH,                   ///< /proc/sys/fs/mqueue/msg_max
  IPC_EMESSAGE,                 ///< /proc/sys/fs/mqueue/msgsize_max
  IPC_EQUEUES,                  ///< /proc/sys/fs/mqueue/queues_max
  IPC_EBYTES,                   ///< RLIMIT_MSGQUEUE
};

/// What an error means, in English and without a newline: "Address already in use", "a port is a number from 0 to
/// 65535". Takes an error as it was returned (negative). The text is static. As strerror(3) and gai_strerror(3).
const char *ipc_error_text(int error);

IPC_DECLARATIONS_END

#endif
