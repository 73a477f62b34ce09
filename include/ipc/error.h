/* Errors: what a negative result means. */
#ifndef IPC_ERROR_H
#define IPC_ERROR_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/// The first error of getaddrinfo(3): its code EAI_x is reported as IPC_ERROR_NAME - EAI_x (EAI_ codes are negative).
#define IPC_ERROR_NAME 10000
/// The first of ipc_syntax_error.
#define IPC_ERROR_SYNTAX 20000
/// The first of ipc_local_error.
#define IPC_ERROR_LOCAL 30000

/// Why a text is not an endpoint. ipc_error_text() says what is allowed.
enum IPC_CLOSED_ENUM ipc_syntax_error {
  IPC_ESCHEME = IPC_ERROR_SYNTAX, ///< the text does not start with the prefix of a transport
  IPC_EHOST,                      ///< the host is empty, too long, or neither a name nor an address
  IPC_EPORT,                      ///< the port is missing, not a number, or out of range
  IPC_EPATH,                      ///< a socket's path is empty, too long, or contains a NUL
  IPC_EFIFO,                      ///< a pipe's path is empty, too long, or contains a NUL
  IPC_EOBJECT, ///< a queue's or object's name lacks its slash, has a second one, is empty or too long
};

/// Why a pipe, a queue or shared memory can't be used: the object that has its name can't be trusted, or a limit of the
/// system is too low. ipc_error_text() says what to do.
enum IPC_CLOSED_ENUM ipc_local_error {
  IPC_EOWNER = IPC_ERROR_LOCAL, ///< the object belongs to another user
  IPC_EMODE,                    ///< other users may read or write the object
  IPC_EKIND,                    ///< the object has another type, format or size
  IPC_EDEPTH,                   ///< /proc/sys/fs/mqueue/msg_max is too low
  IPC_EMESSAGE,                 ///< /proc/sys/fs/mqueue/msgsize_max is too low
  IPC_EQUEUES,                  ///< /proc/sys/fs/mqueue/queues_max is too low
  IPC_EBYTES,                   ///< RLIMIT_MSGQUEUE is too low
};

/// Describes an error in English, without a newline: "Address already in use", "a port is a number from 0 to 65535".
/// `error` is negative, as a function returned it. The text is static. As strerror(3) and gai_strerror(3).
const char *ipc_error_text(int error);

IPC_DECLARATIONS_END

#endif
