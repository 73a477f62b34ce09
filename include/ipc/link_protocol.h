/* The protocol of links: what the two ends of a pipe, a queue or shared memory have in common.
 *
 * The rendezvous is the file at which server and client meet: NAME.lock of a pipe, the queue NAME.in, or the shared
 * object itself. Both ends lock bytes of it, for writing, with open file description locks (fcntl(2), F_OFD_SETLK). The
 * kernel releases a lock when its process ends, so a lock also shows that its owner is alive.
 *
 *     byte 0   the server locks it as long as it serves. It also takes flock(2) on the file, because /proc/locks names
 *              the process of such a lock.
 *     byte 1   the connected client locks it until it has closed.
 *     byte n   a client that came at the time n locks it until it has closed: n is its ticket, the nanoseconds of
 *              CLOCK_MONOTONIC. No two clients have the same ticket.
 *
 * To connect, a client locks the byte of its ticket, and waits until no lower ticket is locked; then it locks byte 1.
 * It fails if byte 0 is not locked, or if the rendezvous has lost its name: a server that drains removes the names, and
 * keeps its lock until its client has left. Waiting ends check again when a descriptor of the rendezvous was closed or
 * its name was removed (inotify(7)), and every IPC_PEER_CHECK_MS.
 *
 * A pipe has two FIFOs, NAME.in and NAME.out, which carry nothing but the bytes of the conversation. The rendezvous has
 * a state of 64 bits for each end (ticket << 3 | ipc_pipe_state):
 *
 *     1. The client writes IPC_PIPE_HELLO. Before, it waits until the server has left the state IPC_PIPE_WELCOME for
 *        the former client, whose state this replaces.
 *     2. The server has new FIFOs, and writes IPC_PIPE_WELCOME.
 *     3. The client opens NAME.in, then NAME.out, and writes IPC_PIPE_OPENED.
 *     4. To half-close, an end writes IPC_PIPE_ENDED and closes the FIFO that it writes to.
 *     5. To close, the client writes IPC_PIPE_CLOSED and closes both FIFOs. The server writes IPC_PIPE_ENDED, creates
 *        new FIFOs for the next client, and closes the former ones. An end that has failed writes IPC_PIPE_RESET.
 *
 * A program that follows none of this, such as cat(1), can be a client as well: it opens one FIFO, or both. The server
 * accepts it as soon as it has opened one.
 *
 * A queue's messages start with ipc_message_head. The client first sends IPC_MESSAGE_HELLO, and the server answers with
 * IPC_MESSAGE_WELCOME; each drops older messages, which have another ticket. IPC_MESSAGE_DATA carries bytes, in order.
 * IPC_MESSAGE_ENDED is a half-close. An end closes with IPC_MESSAGE_CLOSED: it does not receive any more, either. The
 * client leaves it out after the server's end.
 * An end that has failed closes with IPC_MESSAGE_RESET; so does a server that had to drop messages which the client did
 * not receive.
 *
 * A shared object starts with ipc_memory_rendezvous. Its rings (ring_layout.h) start at IPC_MEMORY_HEAD; the server has
 * side 0. The object is exactly as long as its rings need. The client writes IPC_PIPE_HELLO as for a pipe; the server
 * prepares empty rings, and writes IPC_PIPE_WELCOME. The rings themselves show ends and closes.
 *
 * A former client that still has the object mapped can corrupt the rings of the next conversation; corrupt rings can
 * only end that conversation with an error. A process that truncates the object makes the kernel kill both ends with
 * SIGBUS; only the same user can do so, and that user could kill(2) them as well.
 */
#ifndef IPC_LINK_PROTOCOL_H
#define IPC_LINK_PROTOCOL_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

#define IPC_PIPE_MAGIC 0x50435049   /* "IPCP" in memory */
#define IPC_QUEUE_MAGIC 0x51435049  /* "IPCQ" */
#define IPC_MEMORY_MAGIC 0x4D435049 /* "IPCM" */
#define IPC_LINK_VERSION 1

/// The rendezvous of a pipe: all of NAME.lock, in the machine's byte order.
struct ipc_pipe_rendezvous {
  uint32_t magic, version;
  uint64_t client, server; ///< ticket << 3 | ipc_pipe_state
};

/// How far an end is. An end's state never decreases while its ticket stays the same.
enum IPC_CLOSED_ENUM ipc_pipe_state {
  IPC_PIPE_HELLO = 1, ///< the client asks to be served
  IPC_PIPE_WELCOME,   ///< the server serves this client
  IPC_PIPE_OPENED,    ///< the client has opened both FIFOs
  IPC_PIPE_ENDED,     ///< this end sends nothing more
  IPC_PIPE_CLOSED,    ///< this end neither sends nor receives any more
  IPC_PIPE_RESET,     ///< the same, because this end has failed: it has not sent all
};

/// Where the rings of a shared object start.
#define IPC_MEMORY_HEAD 4096

/// The first bytes of a shared object.
struct ipc_memory_rendezvous {
  uint32_t magic, version;
  uint64_t client, server; ///< ticket << 3 | IPC_PIPE_HELLO or IPC_PIPE_WELCOME
  uint64_t capacity;       ///< bytes of each ring
};

/// The head of a queue's message, in the machine's byte order.
struct ipc_message_head {
  uint32_t magic;
  uint16_t version, kind; ///< ipc_message_kind
  uint64_t ticket;
};

enum IPC_CLOSED_ENUM ipc_message_kind {
  IPC_MESSAGE_HELLO = 1, ///< the client asks to be served
  IPC_MESSAGE_WELCOME,   ///< the server serves this client
  IPC_MESSAGE_DATA,      ///< at least one byte follows the head; no other kind has any
  IPC_MESSAGE_ENDED,     ///< this end sends nothing more
  IPC_MESSAGE_CLOSED,    ///< this end neither sends nor receives any more
  IPC_MESSAGE_RESET,     ///< this end has failed, or bytes that it sent are lost; it does not receive any more
};

IPC_DECLARATIONS_END

#endif
