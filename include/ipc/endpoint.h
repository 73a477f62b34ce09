/* Where a server listens. */
#ifndef IPC_ENDPOINT_H
#define IPC_ENDPOINT_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/// Bytes of a host name (RFC 1035, section 3.1, without the root's dot).
#define IPC_HOST_MAX 253
/// Bytes of a Unix socket's path or abstract name: sun_path of unix(7) less one byte.
#define IPC_PATH_MAX 107
/// Bytes of an endpoint's text: "tcp:[", host, "]:65535".
#define IPC_ENDPOINT_TEXT_MAX (IPC_HOST_MAX + 12)
/// Addresses of one name that are tried.
#define IPC_CANDIDATES_MAX 16
/// Bytes of the path of a pipe's two FIFOs, so that ".lock" fits behind it.
#define IPC_PIPE_PATH_MAX 248
/// Bytes of a queue's or a shared object's name behind its slash, so that ".out" fits into NAME_MAX.
#define IPC_OBJECT_NAME_MAX 251

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

/// Reads an endpoint. Errors: ipc_syntax_error.
int ipc_endpoint_parse(const char *text, size_t length, struct ipc_endpoint *endpoint);

/// Makes a TCP endpoint of a host and a port, both as text; an IPv6 address may stand in brackets or not. Errors:
/// ipc_syntax_error.
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

IPC_DECLARATIONS_END

#endif
