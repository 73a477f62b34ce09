/* Links. */
#ifndef IPC_LINK_H
#define IPC_LINK_H

#include "server.h"
#include "stream.h"

IPC_DECLARATIONS_BEGIN

/// Bytes of a queue's message with its head, unless the server says otherwise; the least, and the most of the kernel.
#define IPC_QUEUE_MESSAGE_DEFAULT 8192
#define IPC_QUEUE_MESSAGE_MIN 64
#define IPC_QUEUE_MESSAGE_MAX 16777216
/// Messages that stand in a queue, unless the server says otherwise; and the most of the kernel.
#define IPC_QUEUE_DEPTH_DEFAULT 10
#define IPC_QUEUE_DEPTH_MAX 65536
/// Milliseconds after which who waits on a link looks whether the other end lives, where no event has told it before.
#define IPC_PEER_CHECK_MS 250

/// Beside IPC_READABLE and IPC_WRITABLE: the other descriptor that was waited for is readable.
#define IPC_EXTRA 4

/// How much a queue, or shared memory, holds: the server's choice; a client finds it.
struct ipc_link_sizes {
  uint32_t message, depth; ///< of a queue; 0: IPC_QUEUE_MESSAGE_DEFAULT, IPC_QUEUE_DEPTH_DEFAULT
  uint32_t ring;           ///< bytes of each ring of shared memory, a power of two; 0: IPC_RING_DEFAULT
};

struct ipc_memory;

/// One end of a link. Its fields are the rows' own.
struct ipc_link {
  struct ipc_endpoint endpoint;
  struct ipc_link_sizes sizes;
  bool serves;                     ///< the server's end
  bool ended;                      ///< the other end's end has come
  bool half_closed;                ///< this end's was sent
  bool left;                       ///< the other end said that it reads nothing any more
  bool fresh;                      ///< a pipe's FIFOs are new, and not open yet
  bool opened;                     ///< a pipe's other end has been there
  int lobby, in, out;              ///< the locks; what is received and what is sent; -1 for none
  int watch;                       ///< inotify(7): the lobby, and a server's FIFOs
  int spare;                       ///< a server's own reader of NAME.out, until there is another one
  int watched_in, watched_out;     ///< the FIFOs in the watch
  uint64_t turn;                   ///< of the conversation; 0 is none, or one by hand
  uint64_t next;                   ///< of the client whose hello came amid a conversation
  pid_t holder;                    ///< after EADDRINUSE: who holds the name, or 0
  size_t start, held;              ///< of the message in `buffer`: bytes that were not taken yet
  unsigned char *_Nullable buffer; ///< a queue's message that came, and one to send
  struct ipc_memory *_Nullable memory;
};

/// Makes the names, all with mode 0600 and exclusively, and holds them. Names left over by a server that is gone are
/// taken over; a living holder is EADDRINUSE, which `failure` names. Errors: ipc_local_error, and EINVAL (sizes).
int ipc_link_listen(const struct ipc_endpoint *endpoint, const struct ipc_link_sizes *sizes,
                    const struct ipc_observer *_Nullable observer, struct ipc_link *link, struct ipc_failure *failure);

/// Waits for a client; 0 begins the conversation. Errors: ECANCELED (`other` is readable), ETIMEDOUT.
int ipc_link_accept(struct ipc_link *link, int extra, int timeout_ms);

/// Waits for the turn and for the server, within the time; with `waits` false, a turn that is another's is EBUSY. What
/// stands under the name must be ours or root's, and nobody else's to read or write. Errors: ipc_local_error,
/// ECONNREFUSED (nobody holds the name), ETIMEDOUT.
int ipc_link_connect(const struct ipc_endpoint *endpoint, bool waits, int timeout_ms,
                     const struct ipc_observer *_Nullable observer, struct ipc_link *link, struct ipc_failure *failure);

/// Receives at most `size` bytes; 0 is the other end's end. Errors: EAGAIN; EOWNERDEAD (it died, and all that had come
/// was received before), EBADMSG (it sent what is none of the layout), ECONNRESET (some of what it sent is lost).
ssize_t ipc_link_receive(struct ipc_link *link, void *buffer, size_t size);

/// Sends some of the bytes, at least one. A pipe that is closed raises SIGPIPE unless it is ignored
/// (ipc_ignore_write_signals). Errors: EAGAIN; EPIPE (the other end has left; to a client also, that it died),
/// EOWNERDEAD.
ssize_t ipc_link_send(struct ipc_link *link, const void *bytes, size_t length);

/// Waits until the link is ready for one of the events, or its other end is gone (then it counts as ready for all that
/// was asked), or `other` is readable (IPC_EXTRA; -1 is none); returns the events. Over shared memory it may go on
/// looking at `other`, in a thread of its own, until ipc_link_disconnect(). Errors: ETIMEDOUT.
int ipc_link_wait(struct ipc_link *link, int events, int extra, int timeout_ms);

/// Half-close: the other end sees the end, and may still send. Errors: EAGAIN: a queue is full.
int ipc_link_half_close(struct ipc_link *link);

/// Ends a conversation. A queue that is full is waited for, IPC_LINGER_MS at most. A server may accept again.
int ipc_link_disconnect(struct ipc_link *link);

/// Serves one client, or all that come, one after the other, until it is stopped; as ipc_serve(), but for what a link
/// has not: of ipc_serve_options `workers` and limits of clients are not used, and a stop leaves those that wait.
int ipc_link_serve(struct ipc_link *link, const struct ipc_service *service, const struct ipc_serve_options *serving,
                   const struct ipc_observer *_Nullable observer, struct ipc_failure *failure);

/// As ipc_relay(), over a link. EOWNERDEAD: the server died; told after all that had come was written.
int ipc_link_relay(struct ipc_link *link, int input, int output, const struct ipc_observer *_Nullable observer,
                   struct ipc_failure *failure);

/// Leaves, and removes a server's names.
int ipc_link_close(struct ipc_link *link);

IPC_DECLARATIONS_END

#endif
