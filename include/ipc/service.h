/* What a server does for a client. */
#ifndef IPC_SERVICE_H
#define IPC_SERVICE_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/// Bytes that the message service receives, as in the originals: a buffer of 256 less the final NUL.
#define IPC_LINE_MAX 255
/// Bytes of the message that the greeting service sends.
#define IPC_GREETING_MAX 1048576

enum IPC_CLOSED_ENUM ipc_service_kind {
  IPC_GREETING, ///< sends its message, then ends (RFC 865 is the same job)
  IPC_MESSAGE,  ///< receives until newline, end or IPC_LINE_MAX bytes, prints them, answers, ends
  IPC_ECHO,     ///< sends back all that comes until the client's end (RFC 862)
  IPC_DISCARD,  ///< takes all until the client's end (RFC 863)
  IPC_CHARGEN,  ///< sends rotating lines of 72 characters until the client goes (RFC 864)
};

struct ipc_service {
  enum ipc_service_kind kind;
  size_t length; ///< of the greeting, at most IPC_GREETING_MAX
  const void *_Nullable greeting;
};

/// What a service wants after a turn.
enum IPC_CLOSED_ENUM ipc_service_next {
  IPC_NEXT_INPUT,  ///< more input
  IPC_NEXT_OUTPUT, ///< another turn once its reply is sent, whether or not there is input
  IPC_NEXT_END,    ///< the connection to end once its reply is sent
};

/// What a service did in a turn.
struct ipc_service_result {
  size_t consumed; ///< bytes of input used up; the rest must be given again, with what comes after it
  size_t produced; ///< bytes of reply
  bool echoes;     ///< the reply is the first `produced` bytes of the input; else it stands in `output`
  bool prints;     ///< the consumed input is to be printed (ipc_message_text) before the reply is sent
  bool cut;        ///< the message had no end within IPC_LINE_MAX bytes
  enum ipc_service_next next;
};

/// One turn of a service, a pure function: from the bytes of reply so far (`position`), the input that waits, and
/// whether the client has ended, to what to do next. `capacity` bytes of output are at least IPC_LINE_MAX.
void ipc_service_step(const struct ipc_service *service, uint64_t position, const void *input, size_t length,
                      bool ended, void *output, size_t capacity, struct ipc_service_result *turn);

IPC_DECLARATIONS_END

#endif
