/* Services: what a server does for a client, as pure functions. */
#ifndef IPC_SERVICE_H
#define IPC_SERVICE_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/// Maximum bytes that the message service receives, as in the originals: a buffer of 256 less the final NUL.
#define IPC_LINE_MAX 255
/// Maximum bytes of the greeting.
#define IPC_GREETING_MAX 1048576

enum IPC_CLOSED_ENUM ipc_service_kind {
  IPC_GREETING, ///< sends the greeting, then ends, like RFC 865
  IPC_MESSAGE,  ///< receives up to a newline, the end or IPC_LINE_MAX bytes, prints them, answers, ends
  IPC_ECHO,     ///< sends back what it receives, until the client's stream ends (RFC 862)
  IPC_DISCARD,  ///< receives and ignores, until the client's stream ends (RFC 863)
  IPC_CHARGEN,  ///< sends rotating lines of 72 characters, until the client disconnects (RFC 864)
};

struct ipc_service {
  enum ipc_service_kind kind;
  size_t length; ///< bytes of the greeting, at most IPC_GREETING_MAX
  const void *_Nullable greeting;
};

/// What a service needs after a step.
enum IPC_CLOSED_ENUM ipc_service_next {
  IPC_NEXT_INPUT,  ///< more input
  IPC_NEXT_OUTPUT, ///< another step after its reply is sent, even without input
  IPC_NEXT_END,    ///< the end of the connection after its reply is sent
};

/// The result of a step.
struct ipc_service_result {
  size_t consumed; ///< bytes of input that were used; pass the rest again, followed by newer input
  size_t produced; ///< bytes of the reply
  bool echoes;     ///< the reply is the first `produced` bytes of the input; otherwise it is in `output`
  bool prints;     ///< print the consumed input (ipc_message_text) before the reply is sent
  bool cut;        ///< the message has no end within IPC_LINE_MAX bytes
  enum ipc_service_next next;
};

/// Computes the next step of a service from the bytes of reply sent so far (`position`), the input that has arrived,
/// and whether the client's stream has `ended`. `capacity`, the size of `output`, is at least IPC_LINE_MAX.
void ipc_service_step(const struct ipc_service *service, uint64_t position, const void *input, size_t length,
                      bool ended, void *output, size_t capacity, struct ipc_service_result *result);

IPC_DECLARATIONS_END

#endif
