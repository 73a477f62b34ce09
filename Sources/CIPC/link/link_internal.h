/* Links, for link.c and its rows hold.c, pipe.c, queue.c and memory.c. */
#ifndef IPC_LINK_INTERNAL_H
#define IPC_LINK_INTERNAL_H

#include "../core/internal.h"
#include "../server/control.h"

#ifdef __clang__
#pragma clang assume_nonnull begin
#endif

struct ipc_link ipc_link_new(const struct ipc_endpoint *endpoint, bool serves);

/// Closes the descriptor, if it is one.
void ipc_link_drop(int *descriptor);

/// Whether the other end lives, as far as can be known: a peer by hand holds no lock.
bool ipc_link_lives(const struct ipc_link *link);

/// What is left until the deadline, and no more than IPC_PEER_CHECK_MS.
int ipc_link_slice(int64_t deadline);

/// Waits for the watch, or a descriptor that is readable, or IPC_PEER_CHECK_MS. Errors: ECANCELED (`other`), ETIMEDOUT.
int ipc_link_pause(struct ipc_link *link, int readable, int extra, int64_t deadline);

/* hold.c: who holds a name, and whose turn it is */

/// Holds the name. Errors: EADDRINUSE, with the process that holds it where that can be found.
int ipc_hold_take(int lobby, pid_t *holder);

/// Whether somebody else holds the name.
bool ipc_hold_is_taken(int lobby);

/// Waits for the turn, and gives its number. Errors: EBUSY (it is another's, and `waits` is false), ECONNREFUSED
/// (nobody holds the name), ETIMEDOUT.
int ipc_hold_turn(struct ipc_link *link, bool waits, int64_t deadline);

/// Whether the client with that turn has the turn, and lives.
bool ipc_hold_has_turn(int lobby, uint64_t turn);

/// Lets go of all locks: a child between fork(2) and exec(3) holds the lobby too, and closing alone would leave them.
void ipc_hold_release(int lobby);

/// A watch that is readable when a descriptor of the file is closed, and when the file is written.
int ipc_hold_watch(int lobby);

/// Reads the watch's events.
void ipc_hold_clear(int watch);

/// Whether what was opened is of that kind (S_IFREG and so on; 0 is a queue), private, and ours; or, `trusts_root`,
/// root's. Errors: ipc_local_error.
int ipc_hold_check(int descriptor, mode_t kind, bool trusts_root);

/// What the error of opening a lobby is: of a symbolic link, a folder or a socket, IPC_EKIND.
int ipc_hold_kind(int error);

/// Whether a queue or an object that is open still has its name: removed by hand, it is nobody's.
bool ipc_hold_has_name(int lobby);

/// Writes all the bytes there. Errors: pwrite(2)'s, such as EFBIG and ENOSPC.
int ipc_hold_write(int lobby, off_t offset, const void *bytes, size_t length);

/* fifo.c: what a pipe is made of */

struct ipc_fifo_path {
  char text[IPC_PIPE_PATH_MAX + sizeof ".lock"];
};

struct ipc_fifo_path ipc_fifo_path(const struct ipc_link *link, const char *suffix);

/// The server's or the client's word in the lobby, of a pipe or of shared memory.
uint64_t ipc_fifo_word(const struct ipc_link *link, bool servers);

/// Writes this end's word.
int ipc_fifo_tell(const struct ipc_link *link, uint64_t turn, enum ipc_pipe_state state);

/// How far the other end says that it is, in this turn; 0 is nothing.
unsigned ipc_fifo_state(const struct ipc_link *link);

/// A client's turn, its hello, and the server's welcome: waits for each within the time. Errors: EBUSY, ECONNREFUSED
/// (nobody holds the name any more), ETIMEDOUT.
int ipc_fifo_greet(struct ipc_link *link, bool waits, int64_t deadline);

/// Whether the other end told its end before its FIFO's, or that it takes nothing any more.
bool ipc_fifo_end_is_told(const struct ipc_link *link);
bool ipc_fifo_leave_is_told(const struct ipc_link *link);

/// Whether the lobby that is open still has its name: removed by hand, it may be another's.
bool ipc_fifo_has_name(const struct ipc_link *link);

/// Opens a FIFO, and looks whether it is one to be trusted.
int ipc_fifo_open(const char *path, int flags, bool trusts_root);

/// Removes what stands under the name, if it is a FIFO of ours. Errors: ipc_local_error.
int ipc_fifo_remove(const char *path);

/// Makes new FIFOs for each client: whoever still has the former ones open, or was killed with bytes in them, shares
/// nothing with the next. Errors: ESTALE (the names may be another's), ipc_local_error.
int ipc_fifo_make(struct ipc_link *link);

/// Opens the server's ends of new FIFOs: both of what it sends, the reader so that it may open the writer; it keeps
/// that until there is another one.
int ipc_fifo_begin(struct ipc_link *link);

/// A reader by hand that comes between the look for one and the watch is told by nothing: now and then it is looked
/// again.
int ipc_fifo_look_again(struct ipc_link *link);

void ipc_fifo_close(struct ipc_link *link);

/* post.c: what a queue is made of */

enum { IPC_POST_HEAD = sizeof(struct ipc_message_head) };

struct ipc_post_name {
  char text[1 + IPC_OBJECT_NAME_MAX + sizeof ".out"];
};

struct ipc_post_name ipc_post_name(const struct ipc_link *link, const char *suffix);

/// Sends a message. Errors: EAGAIN.
int ipc_post_send(struct ipc_link *link, enum ipc_message_kind kind, const void *_Nullable bytes, size_t length);

/// Receives a message into the buffer; its kind. Errors: EAGAIN, EBADMSG: it is none of the layout.
int ipc_post_receive(struct ipc_link *link, struct ipc_message_head *head);

/// Takes what stands in a queue; no more, however fast somebody fills it.
void ipc_post_empty(int queue, struct ipc_link *link);

/// Room for a message that comes and one that goes.
int ipc_post_buffer(struct ipc_link *link);

/// Makes a queue that was not there. Errors: EEXIST, ipc_local_error.
int ipc_post_make(const struct ipc_link *link, const char *name);

/// Opens a queue, and looks whether it is one to be trusted.
int ipc_post_open(const char *name, int flags, bool trusts_root);

/// Removes a queue of ours, if there is one.
int ipc_post_remove(const char *name);

/* pipe.c, queue.c, memory.c: the rows */

int ipc_pipe_listen(struct ipc_link *link);
int ipc_pipe_accept(struct ipc_link *link, int extra, int64_t deadline);
int ipc_pipe_connect(struct ipc_link *link, bool waits, int64_t deadline);
ssize_t ipc_pipe_receive(struct ipc_link *link, void *buffer, size_t size);
ssize_t ipc_pipe_send(struct ipc_link *link, const void *bytes, size_t length);
int ipc_pipe_finish(struct ipc_link *link);
int ipc_pipe_leave(struct ipc_link *link);
void ipc_pipe_remove(struct ipc_link *link);
/// Takes what the watch tells: a reader by hand has come.
void ipc_pipe_look(struct ipc_link *link);
/// Whether who reads what is sent may go away, and nothing else would tell: a reader by hand, before anybody has sent.
bool ipc_pipe_needs_attention(const struct ipc_link *link);

int ipc_queue_listen(struct ipc_link *link);
int ipc_queue_accept(struct ipc_link *link, int extra, int64_t deadline);
int ipc_queue_connect(struct ipc_link *link, bool waits, int64_t deadline);
ssize_t ipc_queue_receive(struct ipc_link *link, void *buffer, size_t size);
ssize_t ipc_queue_send(struct ipc_link *link, const void *bytes, size_t length);
int ipc_queue_finish(struct ipc_link *link);
int ipc_queue_leave(struct ipc_link *link);
void ipc_queue_remove(struct ipc_link *link);

int ipc_memory_listen(struct ipc_link *link);
int ipc_memory_accept(struct ipc_link *link, int extra, int64_t deadline);
int ipc_memory_connect(struct ipc_link *link, bool waits, int64_t deadline);
ssize_t ipc_memory_receive(struct ipc_link *link, void *buffer, size_t size);
ssize_t ipc_memory_send(struct ipc_link *link, const void *bytes, size_t length);
int ipc_memory_finish(struct ipc_link *link);
int ipc_memory_leave(struct ipc_link *link);
void ipc_memory_remove(struct ipc_link *link);
/// Whether there are rings to wait at.
bool ipc_memory_talks(const struct ipc_link *link);
/// As ipc_link_wait().
int ipc_memory_wait(struct ipc_link *link, int events, int extra, int64_t deadline);
/// Its first part, without a look at the clock: looks at the rings for as long as it takes to be woken.
int ipc_memory_spin(struct ipc_link *link, int events);
/// Looks at no other descriptor any more.
void ipc_memory_look_away(struct ipc_link *link);
/// Unmaps.
void ipc_memory_drop(struct ipc_link *link);

/* host.c, talk.c: serving */

struct ipc_host {
  struct ipc_link *link;
  const struct ipc_service *service;
  const struct ipc_serve_options *serving;
  const struct ipc_observer *_Nullable observer;
  struct ipc_failure *failure;
  struct ipc_control control;
  int others; ///< epoll(7) of stop and status requests
  struct ipc_counters counters;
  unsigned char *input, *output;
  uint64_t received, sent;
  int64_t active, drained; ///< when the client last moved a byte; when a stop ends serving, or 0
  int steps;               ///< without waiting
  bool stopped;            ///< at once: the time to drain is over, or there was none
};

/// Tells a step on the link; an error is noted as a failure, and returned.
int ipc_host_tell(struct ipc_host *host, enum ipc_step step, ssize_t result);

/// Takes the stops and notices that have come.
void ipc_host_look(struct ipc_host *host);

/// One client, to its end. Errors: ECANCELED: a stop ends serving.
int ipc_talk(struct ipc_host *host);

#ifdef __clang__
#pragma clang assume_nonnull end
#endif

#endif
