/* What two ends of a link agree on. */
#ifndef IPC_LINK_PROTOCOL_H
#define IPC_LINK_PROTOCOL_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/* ---- Links ------------------------------------------------------------------------------------------------------

   One server and, one after the other, its clients, on one machine: pipe:, queue: and memory:. A link is no socket: it
   has no one descriptor to poll, its writer waits while it is full, and each end learns of the other's death.

   The name is held, and clients take turns, by open file description locks (fcntl(2), F_OFD_SETLK; all for writing) on
   one file, the lobby: of a pipe NAME.lock, of a queue NAME.in, of shared memory the object. They end with their
   process, however it ends.

     byte 0    the server's, who holds the name; beside it flock(2), which tells others the process: /proc/locks
     byte 1    the client's whose turn it is, from then on until it has left
     byte n    a client's that came at n, CLOCK_MONOTONIC in nanoseconds: n is its turn's number, and never comes again

   A client whose number is the least of those that are locked takes byte 1, and has the turn. Who waits looks again
   when a descriptor of the lobby was closed (inotify(7)), and every IPC_PEER_CHECK_MS.

   A pipe's lobby holds two words of 64 bits behind its head. The client writes (turn << 3 | state): IPC_PIPE_HELLO, and
   once it has opened both FIFOs IPC_PIPE_OPENED; before it closes NAME.in IPC_PIPE_ENDED, before both IPC_PIPE_CLOSED.
   The server answers a hello with IPC_PIPE_WELCOME once the FIFOs are new, and writes IPC_PIPE_ENDED before it closes
   NAME.out. The FIFOs carry the bytes alone, so that cat(1) can be a client; one that writes no word is there as soon
   as it opens either of them.

   A queue's messages have a head, ipc_message_head. The client's first is a hello, the server's first its welcome; what
   came before is dropped, by its turn. Bytes are data, in the order of sending; an end is a half-close; left says that
   nothing is read any more, either; reset, by the server, that some of what it sent is lost.

   A shared object holds ipc_memory_rendezvous, and from IPC_MEMORY_HEAD on the rings (see Rings), the server the first
   side; its size is exactly that. The client writes its hello as a pipe's does; the server makes the rings anew, and
   answers with its welcome; ends and leaving are told by the rings. A client whose turn is over, but which still has
   the object mapped, can write into the next one's rings: that may end a conversation with an error, and no more. Who
   makes the object smaller meanwhile lets the kernel kill both ends (SIGBUS): only the same user can, who can kill(2)
   them too.
 */

#define IPC_PIPE_MAGIC 0x50435049 /* "IPCP" in memory, as the next one "IPCQ" */
#define IPC_QUEUE_MAGIC 0x51435049
#define IPC_MEMORY_MAGIC 0x4D435049 /* "IPCM" */
#define IPC_LINK_VERSION 1

/// The lobby of a pipe: the whole of NAME.lock, in the machine's byte order.
struct ipc_pipe_rendezvous {
  uint32_t magic, version;
  uint64_t client, server; ///< turn << 3 | ipc_pipe_state
};

enum IPC_CLOSED_ENUM ipc_pipe_state {
  IPC_PIPE_HELLO = 1,
  IPC_PIPE_WELCOME,
  IPC_PIPE_OPENED,
  IPC_PIPE_ENDED,
  IPC_PIPE_CLOSED,
};

/// Where the rings of a shared object start.
#define IPC_MEMORY_HEAD 4096

/// The lobby of a shared object, in its first bytes: as a pipe's, and how large the rings are.
struct ipc_memory_rendezvous {
  uint32_t magic, version;
  uint64_t client, server; ///< turn << 3 | IPC_PIPE_HELLO or IPC_PIPE_WELCOME
  uint64_t capacity;       ///< bytes of each ring
};

/// The head of a queue's message, in the machine's byte order; only data has bytes behind it, at least one.
struct ipc_message_head {
  uint32_t magic;
  uint16_t version, kind; ///< ipc_message_kind
  uint64_t ticket;
};

enum IPC_CLOSED_ENUM ipc_message_kind {
  IPC_MESSAGE_HELLO = 1,
  IPC_MESSAGE_WELCOME,
  IPC_MESSAGE_DATA,
  IPC_MESSAGE_ENDED,
  IPC_MESSAGE_CLOSED,
  IPC_MESSAGE_RESET,
};

IPC_DECLARATIONS_END

#endif
