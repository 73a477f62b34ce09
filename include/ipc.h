/*
 * The contract: two processes talk over a stream socket, step by step.
 *
 * One shape of result: >= 0 is success (a count, a descriptor, a set of events), < 0 is a negated error, so that
 * nothing runs between a call and its error. An error below IPC_ERROR_NAME is an errno(3); ipc_error_text() says them
 * all.
 *
 * Descriptors: a function that returns one gives it away, one that takes one borrows it; only ipc_close() and
 * ipc_server_close() close. Sockets made here are close-on-exec and non-blocking: a call that would wait returns
 * -EAGAIN, and ipc_wait() waits. EINTR is retried inside. Sending on a socket never raises SIGPIPE.
 *
 * The steps of a server: ipc_create, ipc_bind, ipc_listen, ipc_accept, ipc_receive and ipc_send, ipc_close; of a
 * client: ipc_create, ipc_connect, ipc_send and ipc_receive, ipc_close. ipc_server_open, ipc_serve, ipc_client_open and
 * ipc_relay put them together. Nothing here prints, exits, or keeps state outside its arguments.
 */
#ifndef IPC_H
#define IPC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifdef __clang__
#define IPC_CLOSED_ENUM __attribute__((enum_extensibility(closed)))
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wnullability-extension" /* of -Wpedantic: Swift reads them, gcc sees none */
#pragma clang assume_nonnull begin
#else
#define IPC_CLOSED_ENUM
#define _Nullable
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Limits ---------------------------------------------------------------------------------------------------- */

/// Bytes of a host name (RFC 1035, section 3.1, without the root's dot).
#define IPC_HOST_MAX 253
/// Bytes of a Unix socket's path or abstract name: sun_path of unix(7) less one byte.
#define IPC_PATH_MAX 107
/// Bytes of an endpoint's text: "tcp:[", host, "]:65535".
#define IPC_ENDPOINT_TEXT_MAX (IPC_HOST_MAX + 12)
/// Addresses of one name that are tried.
#define IPC_CANDIDATES_MAX 16
/// Clients that may wait to be accepted, as in the originals.
#define IPC_BACKLOG_DEFAULT 10
/// Bytes that the message service receives, as in the originals: a buffer of 256 less the final NUL.
#define IPC_LINE_MAX 255
/// Bytes of the message that the greeting service sends.
#define IPC_GREETING_MAX 1048576
/// Bytes of the buffer between two descriptors.
#define IPC_BUFFER_SIZE 262144
/// Bytes that one byte may grow to in ipc_vis().
#define IPC_VIS_GROWTH 4
/// Milliseconds in which a client must be connected, unless it says otherwise.
#define IPC_CONNECT_TIMEOUT_MS 10000
/// Milliseconds that a server which has ended goes on discarding what its client still sends.
#define IPC_LINGER_MS 1000
/// Milliseconds that a server which stays waits before it accepts again when descriptors or memory ran out.
#define IPC_ACCEPT_PAUSE_MS 100
/// Clients that are served at once, unless the server says otherwise.
#define IPC_CLIENTS_DEFAULT 10000
/// Milliseconds that a first stop leaves the served clients to end, unless the server says otherwise.
#define IPC_DRAIN_MS 10000
/// Bytes of a ring: a power of two from the first to the second; and unless who makes it says otherwise.
#define IPC_RING_MIN 64
#define IPC_RING_MAX 1073741824
#define IPC_RING_DEFAULT 262144
/// Times that ipc_ring_wait() looks before it sleeps, unless its caller says otherwise: some tens of microseconds,
/// about as long as it takes to be woken.
#define IPC_RING_SPINS 2000
/// Bytes of the path of a pipe's two FIFOs, so that ".lock" fits behind it.
#define IPC_FIFO_MAX 248
/// Bytes of a queue's or a shared object's name behind its slash, so that ".out" fits into NAME_MAX.
#define IPC_OBJECT_MAX 251
/// Bytes of a queue's message with its head, unless the server says otherwise; the least, and the most of the kernel.
#define IPC_MESSAGE_DEFAULT 8192
#define IPC_MESSAGE_MIN 64
#define IPC_MESSAGE_MAX 16777216
/// Messages that stand in a queue, unless the server says otherwise; and the most of the kernel.
#define IPC_DEPTH_DEFAULT 10
#define IPC_DEPTH_MAX 65536
/// Milliseconds after which who waits on a link looks whether the other end lives, where no event has told it before.
#define IPC_LIFE_MS 250

/* ---- Errors ---------------------------------------------------------------------------------------------------- */

/// Errors from here on: getaddrinfo(3) failed; IPC_ERROR_NAME - EAI_NONAME and so on (EAI_ codes are negative).
#define IPC_ERROR_NAME 10000
/// Errors from here on: the text is no endpoint.
#define IPC_ERROR_SYNTAX 20000
/// Errors from here on: what stands under a local name is not to be trusted, or the system's limits forbid it.
#define IPC_ERROR_LOCAL 30000

/// What is wrong with a text that is no endpoint; each error says what is allowed.
enum IPC_CLOSED_ENUM ipc_syntax {
  IPC_ESCHEME = IPC_ERROR_SYNTAX, ///< no prefix of ipc_transport
  IPC_EHOST,                      ///< empty, too long, no name, no address
  IPC_EPORT,                      ///< missing, no number, out of range
  IPC_EPATH,                      ///< empty, too long, holds a NUL
  IPC_EFIFO,                      ///< the same of a pipe's path
  IPC_EOBJECT,                    ///< without its slash, or with a second one; empty, too long, holds a NUL
};

/// What is wrong with what stands under a local name, or which limit of the system forbids it; each error says what to
/// do.
enum IPC_CLOSED_ENUM ipc_local {
  IPC_EOWNER = IPC_ERROR_LOCAL, ///< it belongs to somebody else
  IPC_EMODE,                    ///< others may read or write it
  IPC_EKIND,                    ///< it is something else, of another layout or size
  IPC_EDEPTH,                   ///< /proc/sys/fs/mqueue/msg_max
  IPC_EMESSAGE,                 ///< /proc/sys/fs/mqueue/msgsize_max
  IPC_EQUEUES,                  ///< /proc/sys/fs/mqueue/queues_max
  IPC_EBYTES,                   ///< RLIMIT_MSGQUEUE
};

/// The step that an event or a failure tells of.
enum IPC_CLOSED_ENUM ipc_step {
  IPC_STEP_RESOLVE,
  IPC_STEP_CREATE,
  IPC_STEP_BIND,
  IPC_STEP_LISTEN,
  IPC_STEP_ACCEPT,
  IPC_STEP_CONNECT,
  IPC_STEP_RECEIVE,
  IPC_STEP_SEND,
  IPC_STEP_INPUT,  ///< read from the descriptor that feeds the connection
  IPC_STEP_OUTPUT, ///< write to the descriptor that prints
  IPC_STEP_FINISH, ///< end one direction of the connection (half-close)
  IPC_STEP_WAIT,
  IPC_STEP_CLOSE,
  IPC_STEP_STOP,   ///< a stop was read
  IPC_STEP_NOTICE, ///< a notice was read
};

/// What an error means, in English and without a newline: "Address already in use", "a port is a number from 0 to
/// 65535". Takes an error as it was returned (negative). The text is static. As strerror(3) and gai_strerror(3).
const char *ipc_error_text(int error);

/* ---- Endpoints ------------------------------------------------------------------------------------------------- */

enum IPC_CLOSED_ENUM ipc_transport {
  IPC_TCP,      ///< tcp(7) over IPv4 or IPv6; the name is a host
  IPC_UNIX,     ///< unix(7); the name is a path
  IPC_ABSTRACT, ///< unix(7) in Linux' abstract name space; the name may hold any byte
  IPC_PIPE,     ///< two FIFOs, fifo(7); the name is their path without .in and .out
  IPC_QUEUE,    ///< two POSIX message queues, mq_overview(7); the name has a slash in front
  IPC_MEMORY,   ///< a POSIX shared memory object, shm_overview(7); the name has a slash in front
};

/// Where a server listens: tcp:127.0.0.1:5000, tcp:[::1]:5000, tcp:localhost:5000, unix:/run/hello.sock, unix:@name,
/// pipe:/run/hello, queue:/hello, memory:/hello. The last three are links' (ipc_link_listen); sockets refuse them
/// (EAFNOSUPPORT), and links the others.
struct ipc_endpoint {
  enum ipc_transport transport;
  uint16_t port;   ///< TCP only, in host byte order
  uint16_t length; ///< bytes in name
  char name[IPC_HOST_MAX + 1];
};

/// Reads an endpoint. Errors: ipc_syntax.
int ipc_endpoint_parse(const char *text, size_t length, struct ipc_endpoint *endpoint);

/// Makes a TCP endpoint of a host and a port, both as text; an IPv6 address may stand in brackets or not. Errors:
/// ipc_syntax.
int ipc_endpoint_tcp(const char *host, size_t host_length, const char *port, size_t port_length,
                     struct ipc_endpoint *endpoint);

/// Writes the text that ipc_endpoint_parse() reads, and a NUL behind it; returns its length. Errors: ENOSPC.
int ipc_endpoint_format(const struct ipc_endpoint *endpoint, char *text, size_t size);

/// Turns a host name into endpoints with addresses, in the order to try them; other endpoints into themselves. Returns
/// their number. Takes as long as the resolver allows (resolv.conf(5)). Errors: IPC_ERROR_NAME. As getaddrinfo(3).
int ipc_endpoint_resolve(const struct ipc_endpoint *endpoint, struct ipc_endpoint *candidates, size_t capacity);

/// The socket's own endpoint. As getsockname(2).
int ipc_endpoint_local(int socket, struct ipc_endpoint *endpoint);

/// The endpoint at the other end; the socket's own where the peer has none, as a Unix client has. As getpeername(2).
int ipc_endpoint_peer(int socket, struct ipc_endpoint *endpoint);

/* ---- Streams --------------------------------------------------------------------------------------------------- */

/// Events of ipc_wait(), alone or together.
#define IPC_READABLE 1
#define IPC_WRITABLE 2

/// Creates a stream socket for that endpoint. Small messages leave at once (TCP_NODELAY). As socket(2).
int ipc_create(const struct ipc_endpoint *endpoint);

/// Receives at most `size` bytes; 0 is the peer's end. As recv(2).
ssize_t ipc_receive(int socket, void *buffer, size_t size);

/// Sends some of the bytes, at least one; returns how many. `more` says that more, or the end, follows at once, so that
/// both leave in one segment. As send(2) with MSG_NOSIGNAL and MSG_MORE.
ssize_t ipc_send(int socket, const void *bytes, size_t length, bool more);

/// Reads at most `size` bytes from any descriptor; 0 is the end. As read(2).
ssize_t ipc_read(int descriptor, void *buffer, size_t size);

/// Writes all the bytes to any descriptor, waiting where it must; returns `length`. As write(2). A closed pipe raises
/// SIGPIPE unless it is ignored (ipc_ignore_write_signals).
ssize_t ipc_write(int descriptor, const void *bytes, size_t length);

/// Waits until the descriptor is ready for one of the events, or has failed or ended (then it counts as ready for all
/// that was asked); returns the events. `stop` is a descriptor whose readiness ends the wait, or -1. A negative timeout
/// is none. Errors: ECANCELED (stop), ETIMEDOUT. As poll(2).
int ipc_wait(int descriptor, int events, int stop, int timeout_ms);

/// Half-close: the peer sees the end, and may still send. As shutdown(2) with SHUT_WR.
int ipc_finish(int socket);

/// Closes. The descriptor is gone whatever is returned. As close(2).
int ipc_close(int descriptor);

/* ---- Observing ------------------------------------------------------------------------------------------------- */

/// What a server has done so far.
struct ipc_counters {
  uint64_t accepted, refused; ///< clients: served, and closed at once for one of ipc_limits
  uint64_t active, failed;    ///< of the accepted: here now, and ended by an error
  uint64_t received, sent;    ///< bytes
};

/// One step, told once it is done or has failed.
struct ipc_event {
  enum ipc_step step;
  int descriptor;                                ///< on which it was done, or -1
  size_t count;                                  ///< bytes moved; of listen the backlog
  const struct ipc_endpoint *_Nullable endpoint; ///< of create, bind, listen, connect: own or target; else the peer
  /// 0, or the negated error. -EMSGSIZE of a receive: the message has no end within IPC_LINE_MAX bytes. Of a server's
  /// close: what the client failed with, where serving goes on.
  int error;
  enum ipc_step failed;                          ///< the step that the error is of
  uint64_t received, sent;                       ///< of a server's close: bytes in all
  int64_t duration_ms;                           ///< of a server's close: since the client was accepted
  const struct ipc_counters *_Nullable counters; ///< of a notice
};

/// Who is told, by one thread at a time. `event` must not keep what the event points to.
struct ipc_observer {
  void (*event)(void *_Nullable context, const struct ipc_event *event);
  void *_Nullable context;
  uint32_t steps; ///< which steps are told when they are done, a bit each (1 << step); those that fail are always told
};

/// Where something made of several steps failed.
struct ipc_failure {
  enum ipc_step step;
  bool has_endpoint;
  struct ipc_endpoint endpoint; ///< with whom, where that is known
  pid_t holder;                 ///< of a link's EADDRINUSE: the process that holds the name, or 0
};

/* ---- The server ------------------------------------------------------------------------------------------------ */

/// Gives the socket its endpoint; its name must be an address, not a host name. A TCP port may be taken again at once
/// after its last server ended (SO_REUSEADDR); an IPv6 socket takes IPv6 only; a Unix socket's file is made with mode
/// 0600. As bind(2).
int ipc_bind(int socket, const struct ipc_endpoint *endpoint);

/// Starts listening. As listen(2).
int ipc_listen(int socket, int backlog);

/// Accepts a client that waits, and tells its endpoint (the listener's own for a Unix client without a name). A client
/// that left before it was accepted is passed over. As accept4(2).
int ipc_accept(int listener, struct ipc_endpoint *_Nullable peer);

/// A socket that listens, and the file to remove with it.
struct ipc_server {
  int descriptor;
  int backlog;
  struct ipc_endpoint endpoint; ///< where it really listens: the port is the real one where 0 was asked for
  bool lent;                    ///< others go on with the socket: it is not shut down when serving stops
  bool has_file;
  uint64_t device, inode; ///< the file's
};

/// Listens on the first candidate that allows it: creates, binds, listens. A Unix socket whose file is left over from a
/// server that is gone (it is a socket, and ours, and nobody listens) is replaced; a live one is EADDRINUSE.
int ipc_server_open(const struct ipc_endpoint *candidates, size_t count, int backlog,
                    const struct ipc_observer *_Nullable observer, struct ipc_server *server,
                    struct ipc_failure *failure);

/// Takes over a socket that already listens, as a supervisor hands one on (sd_listen_fds(3)). It stays the
/// supervisor's: after a stop further clients wait for the next server, and who made its file removes it. Errors:
/// ENOTSOCK, ESOCKTNOSUPPORT (no stream socket), EINVAL (not listening).
int ipc_server_adopt(int descriptor, struct ipc_server *server);

struct ipc_service;

/// What a server allows its clients; zero is no limit.
struct ipc_limits {
  int clients;             ///< served at once; further ones wait in the backlog
  int clients_per_address; ///< of a worker's over TCP from one address; a further one is closed: EUSERS (of accept)
  int idle_ms;             ///< without a byte in either direction; then ETIMEDOUT (of receive)
  uint64_t bytes;          ///< received and sent, together; then EFBIG (of receive)
};

/// How to serve.
struct ipc_serving {
  bool keep_open; ///< serve all clients, at once; a client's failure is told to the observer only, `output`'s ends it
  int stop;       ///< a descriptor to read stops from, or -1
  int drain_ms;   ///< that a first stop leaves the served clients to end; zero is none
  int workers;    ///< loops, each in a thread of its own with its part of limits.clients; 0 and 1: one, in the caller's
  int notice;     ///< a descriptor to read notices from, or -1: each makes the server tell its counters
  int output;     ///< where the message service prints
  struct ipc_limits limits;
};

/// Serves one client, or all that come, until it is stopped; both are success. The first stop ends
/// accepting, and lets clients end within the time; a second one, or the time's end, ends them. When descriptors or
/// memory run out, accepting pauses, which is told once. Errors: as its steps', and ENOMEM (of receive). As epoll(7).
int ipc_serve(const struct ipc_server *server, const struct ipc_service *service, const struct ipc_serving *serving,
              const struct ipc_observer *_Nullable observer, struct ipc_failure *failure);

/// Stops listening; removes the socket file if it is still the one that was made.
int ipc_server_close(struct ipc_server *server);

/* ---- The client ------------------------------------------------------------------------------------------------ */

/// Connects within the time, or forever if it is negative. ECONNRESET: it was connected, and has been reset since. The
/// endpoint's name must be an address. Errors: ETIMEDOUT. As connect(2).
int ipc_connect(int socket, const struct ipc_endpoint *endpoint, int timeout_ms);

/// A socket that is connected, and to whom.
struct ipc_connection {
  int descriptor;
  int error; ///< 0, or -ECONNRESET: it was made, and reset before that was seen; ipc_relay() tells it after what
             ///< arrived
  struct ipc_endpoint endpoint;
};

/// Connects to the first candidate that answers, all within the time: creates, connects.
int ipc_client_open(const struct ipc_endpoint *candidates, size_t count, int timeout_ms,
                    const struct ipc_observer *_Nullable observer, struct ipc_connection *connection,
                    struct ipc_failure *failure);

/// Sends what comes from `input` and half-closes at its end; writes what comes from the server to `output`; returns at
/// the server's end, whether or not input is left. Both ways at once, in bounded memory. A reset is told after all that
/// had arrived was written. A server that takes no more input is no error.
int ipc_relay(const struct ipc_connection *connection, int input, int output,
              const struct ipc_observer *_Nullable observer, struct ipc_failure *failure);

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
   when a descriptor of the lobby was closed (inotify(7)), and every IPC_LIFE_MS.

   A pipe's lobby holds two words of 64 bits behind its head. The client writes (turn << 3 | state): IPC_PIPE_HELLO, and
   once it has opened both FIFOs IPC_PIPE_OPENED; before it closes NAME.in IPC_PIPE_ENDED, before both IPC_PIPE_LEFT.
   The server answers a hello with IPC_PIPE_WELCOME once the FIFOs are new, and writes IPC_PIPE_ENDED before it closes
   NAME.out. The FIFOs carry the bytes alone, so that cat(1) can be a client; one that writes no word is there as soon
   as it opens either of them.

   A queue's messages have a head, ipc_message_head. The client's first is a hello, the server's first its welcome; what
   came before is dropped, by its turn. Bytes are data, in the order of sending; an end is a half-close; left says that
   nothing is read any more, either; reset, by the server, that some of what it sent is lost.

   A shared object holds ipc_memory_lobby, and from IPC_MEMORY_HEAD on the rings (see Rings), the server the first side;
   its size is exactly that. The client writes its hello as a pipe's does; the server makes the rings anew, and answers
   with its welcome; ends and leaving are told by the rings. A client whose turn is over, but which still has the object
   mapped, can write into the next one's rings: that may end a conversation with an error, and no more. Who makes the
   object smaller meanwhile lets the kernel kill both ends (SIGBUS): only the same user can, who can kill(2) them too.
 */

#define IPC_PIPE_MAGIC 0x50435049 /* "IPCP" in memory, as the next one "IPCQ" */
#define IPC_QUEUE_MAGIC 0x51435049
#define IPC_MEMORY_MAGIC 0x4D435049 /* "IPCM" */
#define IPC_LINK_VERSION 1

/// The lobby of a pipe: the whole of NAME.lock, in the machine's byte order.
struct ipc_pipe_lobby {
  uint32_t magic, version;
  uint64_t client, server; ///< turn << 3 | ipc_pipe_state
};

enum IPC_CLOSED_ENUM ipc_pipe_state {
  IPC_PIPE_HELLO = 1,
  IPC_PIPE_WELCOME,
  IPC_PIPE_OPENED,
  IPC_PIPE_ENDED,
  IPC_PIPE_LEFT,
};

/// Where the rings of a shared object start.
#define IPC_MEMORY_HEAD 4096

/// The lobby of a shared object, in its first bytes: as a pipe's, and how large the rings are.
struct ipc_memory_lobby {
  uint32_t magic, version;
  uint64_t client, server; ///< turn << 3 | IPC_PIPE_HELLO or IPC_PIPE_WELCOME
  uint64_t capacity;       ///< bytes of each ring
};

/// The head of a queue's message, in the machine's byte order; only data has bytes behind it, at least one.
struct ipc_message_head {
  uint32_t magic;
  uint16_t version, kind; ///< ipc_message_kind
  uint64_t turn;
};

enum IPC_CLOSED_ENUM ipc_message_kind {
  IPC_MESSAGE_HELLO = 1,
  IPC_MESSAGE_WELCOME,
  IPC_MESSAGE_DATA,
  IPC_MESSAGE_ENDED,
  IPC_MESSAGE_LEFT,
  IPC_MESSAGE_RESET,
};

/// Beside IPC_READABLE and IPC_WRITABLE: the other descriptor that was waited for is readable.
#define IPC_OTHER 4

/// How much a queue, or shared memory, holds: the server's choice; a client finds it.
struct ipc_link_sizes {
  uint32_t message, depth; ///< of a queue; 0: IPC_MESSAGE_DEFAULT, IPC_DEPTH_DEFAULT
  uint32_t ring;           ///< bytes of each ring of shared memory, a power of two; 0: IPC_RING_DEFAULT
};

struct ipc_memory;

/// One end of a link. Its fields are the rows' own.
struct ipc_link {
  struct ipc_endpoint endpoint;
  struct ipc_link_sizes sizes;
  bool serves;                     ///< the server's end
  bool ended;                      ///< the other end's end has come
  bool finished;                   ///< this end's was sent
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
/// taken over; a living holder is EADDRINUSE, which `failure` names. Errors: ipc_local, and EINVAL (sizes).
int ipc_link_listen(const struct ipc_endpoint *endpoint, const struct ipc_link_sizes *sizes,
                    const struct ipc_observer *_Nullable observer, struct ipc_link *link, struct ipc_failure *failure);

/// Waits for a client; 0 begins the conversation. Errors: ECANCELED (`other` is readable), ETIMEDOUT.
int ipc_link_accept(struct ipc_link *link, int other, int timeout_ms);

/// Waits for the turn and for the server, within the time; with `waits` false, a turn that is another's is EBUSY. What
/// stands under the name must be ours or root's, and nobody else's to read or write. Errors: ipc_local, ECONNREFUSED
/// (nobody holds the name), ETIMEDOUT.
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
/// was asked), or `other` is readable (IPC_OTHER; -1 is none); returns the events. Over shared memory it may go on
/// looking at `other`, in a thread of its own, until ipc_link_leave(). Errors: ETIMEDOUT.
int ipc_link_wait(struct ipc_link *link, int events, int other, int timeout_ms);

/// Half-close: the other end sees the end, and may still send. Errors: EAGAIN: a queue is full.
int ipc_link_finish(struct ipc_link *link);

/// Ends a conversation. A queue that is full is waited for, IPC_LINGER_MS at most. A server may accept again.
int ipc_link_leave(struct ipc_link *link);

/// Serves one client, or all that come, one after the other, until it is stopped; as ipc_serve(), but for what a link
/// has not: of ipc_serving `workers` and limits of clients are not used, and a stop leaves those that wait.
int ipc_link_serve(struct ipc_link *link, const struct ipc_service *service, const struct ipc_serving *serving,
                   const struct ipc_observer *_Nullable observer, struct ipc_failure *failure);

/// As ipc_relay(), over a link. EOWNERDEAD: the server died; told after all that had come was written.
int ipc_link_relay(struct ipc_link *link, int input, int output, const struct ipc_observer *_Nullable observer,
                   struct ipc_failure *failure);

/// Leaves, and removes a server's names.
int ipc_link_close(struct ipc_link *link);

/* ---- Services -------------------------------------------------------------------------------------------------- */

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
enum IPC_CLOSED_ENUM ipc_wish {
  IPC_WISH_INPUT,  ///< more input
  IPC_WISH_OUTPUT, ///< another turn once its reply is sent, whether or not there is input
  IPC_WISH_END,    ///< the connection to end once its reply is sent
};

/// What a service did in a turn.
struct ipc_turn {
  size_t consumed; ///< bytes of input used up; the rest must be given again, with what comes after it
  size_t produced; ///< bytes of reply
  bool echoes;     ///< the reply is the first `produced` bytes of the input; else it stands in `output`
  bool prints;     ///< the consumed input is to be printed (ipc_message_text) before the reply is sent
  bool cut;        ///< the message had no end within IPC_LINE_MAX bytes
  enum ipc_wish wish;
};

/// One turn of a service, a pure function: from the bytes of reply so far (`position`), the input that waits, and
/// whether the client has ended, to what to do next. `capacity` bytes of output are at least IPC_LINE_MAX.
void ipc_service_turn(const struct ipc_service *service, uint64_t position, const void *input, size_t length,
                      bool ended, void *output, size_t capacity, struct ipc_turn *turn);

/* ---- Rings ----------------------------------------------------------------------------------------------------- */

/*
 * A shared memory object for two processes, with a ring of bytes a direction; integers as the machine has them:
 *
 *   offset  bytes  what                                             who writes it
 *        0      8  IPC_RING_MAGIC                                   ipc_ring_prepare()
 *        8      4  IPC_RING_VERSION                                 ipc_ring_prepare()
 *       12      4  IPC_RING_HEADER                                  ipc_ring_prepare()
 *       16      4  capacity: bytes of each ring, a power of two     ipc_ring_prepare()
 *      128     12  the first side's bell, finished, closed          either; the first; the first
 *      256     12  the second side's bell, finished, closed         either; the second; the second
 *      384      4  bytes written from the first to the second       the first
 *      512      4  of those, bytes read                             the second
 *      640      4  bytes written from the second to the first       the second
 *      768      4  of those, bytes read                             the first
 *     4096         the ring from the first to the second: `capacity` bytes
 *      ...         the ring from the second to the first: `capacity` bytes
 *
 * What one side writes often has IPC_RING_LINE bytes to itself, two cache lines, as processors fetch pairs of them. The
 * counts run freely, modulo 2^32; byte n of a direction stands at n modulo the capacity; written less read is what the
 * ring holds. A side that has finished sends no more, one that has closed takes no more: 1, else 0.
 *
 * Bits of a bell: IPC_READABLE, IPC_WRITABLE: this side sleeps until then, in futex(2) on the bell, with those bits as
 * its bit set. Who brings that about clears the bit, and wakes. Twice shifted to the left, the same bits: a wait for
 * that is to return at once (ipc_ring_wake).
 *
 * The other side may be hostile: what it writes is read once, checked, and never trusted afterwards. It can bring about
 * -EPROTO, false bytes, an early end, silence, and waits that end early; but no access outside the rings, and no wait
 * that goes on beyond its timeout.
 */
#define IPC_RING_MAGIC 0x0A676E6952637049 /* "IpcRing\n" where the lowest byte comes first */
#define IPC_RING_VERSION 1
#define IPC_RING_HEADER 4096
#define IPC_RING_LINE 128
/// How far to the left a bell's bits of ipc_ring_wake() are shifted.
#define IPC_RING_WOKEN_SHIFT 2

/// What a side tells the other.
struct ipc_ring_side {
  uint32_t bell, finished, closed;
  uint8_t padding[IPC_RING_LINE - 3 * sizeof(uint32_t)];
};

/// How far one direction has come.
struct ipc_ring_way {
  uint32_t written;
  uint8_t padding[IPC_RING_LINE - sizeof(uint32_t)];
  uint32_t read;
  uint8_t more_padding[IPC_RING_LINE - sizeof(uint32_t)];
};

/// The head of the object.
struct ipc_ring_header {
  uint64_t magic;
  uint32_t version, header, capacity;
  uint8_t padding[IPC_RING_LINE - sizeof(uint64_t) - 3 * sizeof(uint32_t)];
  struct ipc_ring_side sides[2];
  struct ipc_ring_way ways[2]; ///< from that side to the other
};

/// One side's hold on the rings, for one thread; its fields are private but for `spins`. Of two threads one may send
/// and one receive, each with a hold of its own. It borrows the memory.
struct ipc_ring {
  void *memory;
  uint32_t capacity, side;
  uint32_t sent, taken;      ///< outwards: bytes written, and read as far as was seen
  uint32_t received, filled; ///< inwards: bytes read, and written as far as was seen
  uint32_t finished;
  uint32_t spins; ///< times that ipc_ring_wait() looks before it sleeps; where there is one processor, leave it at 0
};

/// Bytes of memory for two rings of that capacity. Errors: EINVAL.
ssize_t ipc_ring_size(size_t capacity);

/// Makes empty rings of that capacity in memory of that size, whatever stands there; nobody may be at them. The memory
/// starts on a page. Errors: EINVAL.
int ipc_ring_prepare(void *memory, size_t size, size_t capacity);

/// Takes a side: 0, the first, or 1. The memory starts on a page. Errors: EINVAL (no such side), EPROTO (no rings of
/// this version, or none that fit into the size, or counts that can't be).
int ipc_ring_open(void *memory, size_t size, int side, struct ipc_ring *ring);

/// Receives at most `size` bytes; 0 is the other side's end. Errors: EAGAIN (nothing there yet), EPROTO (what the other
/// side wrote can't be: end it).
ssize_t ipc_ring_receive(struct ipc_ring *ring, void *buffer, size_t size);

/// Sends some of the bytes, at least one; returns how many. Errors: EAGAIN (the ring is full), EPIPE (the other side
/// has closed, or this one has finished), EPROTO.
ssize_t ipc_ring_send(struct ipc_ring *ring, const void *bytes, size_t length);

/// Waits for one of the events; returns those that have come, or 0 where it was woken for none of them
/// (ipc_ring_wake(), a signal): look again. Readable is a byte or the end; writable is half of the ring, so that
/// a writer is woken for something worth it; what can't be counts as all that was asked, and the next call tells. Only
/// one thread a side may wait for an event. It looks `spins` times, then sleeps once at most. A negative timeout is
/// none: but nothing here tells that the other side has died. Errors: ETIMEDOUT. As futex(2).
int ipc_ring_wait(struct ipc_ring *ring, int events, int timeout_ms);

/// Lets a wait for these events return that another thread of this side is in, or that comes next. As futex(2).
int ipc_ring_wake(const struct ipc_ring *ring, int events);

/// Half-close: the other side sees the end after all that was sent, and may still send.
int ipc_ring_finish(struct ipc_ring *ring);

/// Finishes, and takes no more: the other side's sends are EPIPE. The memory stays.
int ipc_ring_close(struct ipc_ring *ring);

/* ---- Text ------------------------------------------------------------------------------------------------------ */

/// Makes bytes fit to be shown: control characters except newline and tab, and bytes that are not UTF-8, take vis(3)'s
/// form
/// (\^[ for escape, \134 for a backslash); all else stays, so unvis(3) gives the bytes back. Returns the text's length;
/// no NUL is added. Errors: ENOSPC; IPC_VIS_GROWTH times `length` is always enough.
ssize_t ipc_vis(const void *bytes, size_t length, char *text, size_t size);

/// What the message service prints: "Here is the message: ", the message as ipc_vis() shows it, and a newline. Returns
/// the text's length. Errors: ENOSPC.
ssize_t ipc_message_text(const void *message, size_t length, char *text, size_t size);

/* ---- Signals --------------------------------------------------------------------------------------------------- */

/// From now on a write to a closed pipe is EPIPE, and one beyond the limit of a file's size EFBIG, not death: ignores
/// SIGPIPE and SIGXFSZ. As signal(7).
int ipc_ignore_write_signals(void);

/// From now on SIGINT and SIGTERM, unless they were ignored, make this descriptor readable instead of ending the
/// process: a stop for ipc_wait() and ipc_serve(). Blocks them in the calling thread, so call it before others start.
/// As signalfd(2).
int ipc_stop_signals(void);

/// The same for SIGUSR1: a notice for ipc_serve().
int ipc_notice_signals(void);

/// Tells a supervisor of the server's state, such as "READY=1", on the datagram socket at that path, or abstract name
/// after an @ (its NOTIFY_SOCKET). As sd_notify(3).
int ipc_notify(const char *path, size_t path_length, const char *state, size_t state_length);

#ifdef __cplusplus
}
#endif

#ifdef __clang__
#pragma clang assume_nonnull end
#pragma clang diagnostic pop
#endif

#endif
