/*
 * Two processes talk over a stream socket, or on one machine over a pipe, a queue or shared memory, step by step.
 *
 * Results. Every function that can fail returns an integer: >= 0 is success (a count, a descriptor, a set of events),
 * < 0 is a negated error. The error is the result itself, so nothing can run between a call and its error. An error
 * below IPC_ERROR_NAME is an errno(3); ipc_error_text() describes every error.
 *
 * Descriptors. A function that returns a descriptor gives it to the caller; a function that takes one borrows it. Only
 * ipc_close(), ipc_server_close() and ipc_link_close() close. The sockets are close-on-exec and non-blocking: a call
 * that would block returns -EAGAIN, and ipc_wait() waits. Functions retry EINTR. Sending on a socket never raises
 * SIGPIPE. No function prints, exits, or keeps state outside its arguments.
 *
 * A server calls ipc_create, ipc_bind, ipc_listen, ipc_accept, ipc_receive and ipc_send, ipc_half_close, ipc_close.
 * A client calls ipc_create, ipc_connect, ipc_send and ipc_receive, ipc_half_close, ipc_close.
 * ipc_server_open with ipc_serve, and ipc_client_open with ipc_relay, combine these steps.
 *
 * Read stream.h, server.h and client.h first; they are enough to write a server and a client.
 */
#ifndef IPC_H
#define IPC_H

// In the order to read them.
// clang-format off
#include "ipc/base.h"
#include "ipc/error.h"
#include "ipc/endpoint.h"
#include "ipc/stream.h"
#include "ipc/observer.h"
#include "ipc/server.h"
#include "ipc/client.h"
#include "ipc/service.h"
#include "ipc/text.h"
#include "ipc/signals.h"
#include "ipc/supervisor.h"
#include "ipc/link.h"
#include "ipc/link_protocol.h"
#include "ipc/ring.h"
#include "ipc/ring_layout.h"
// clang-format on

#endif
