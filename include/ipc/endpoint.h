/* Endpoints: where a server listens and a client connects. */
#ifndef IPC_ENDPOINT_H
#define IPC_ENDPOINT_H

#include "base.h"

IPC_DECLARATIONS_BEGIN

/// Maximum bytes of a host name (RFC 1035, section 3.1, without the root's dot).
#define IPC_HOST_MAX 253
/// Maximum bytes of a Unix socket's path or abstract name: sun_path of unix(7) less one byte.
#define IPC_PATH_MAX 107
/// Maximum bytes of the path of a pipe's FIFOs, so that ".lock" can be appended.
#define IPC_PIPE_PATH_MAX 248
/// Maximum bytes of a queue's or object's name after its slash, so that ".out" can be appended within NAME_MAX.
#define IPC_OBJECT_NAME_MAX 251
/// Maximum bytes of an endpoint's text: "tcp:[", host, "]:65535".
#define IPC_ENDPOINT_TEXT_MAX (IPC_HOST_MAX + 12)
/// Maximum number of addresses of one host name that are tried.
#define IPC_CANDIDATES_MAX 128

enum IPC_CLOSED_ENUM ipc_transport {
  IPC_TCP,      ///< tcp(7) over IPv4 or IPv6; the name is a host, or * for a server on all addresses of both
  IPC_UNIX,     ///< unix(7); the name is a path
  IPC_ABSTRACT, ///< unix(7) in Linux's abstract namespace; the name may contain any byte
  IPC_PIPE,     ///< two FIFOs, fifo(7); the name is their path without .in and .out
  IPC_QUEUE,    ///< two POSIX message queues, mq_overview(7); the name starts with a slash
  IPC_MEMORY,   ///< a POSIX shared memory object, shm_overview(7); the name starts with a slash
};

/// Where a server listens: tcp:127.0.0.1:5000, tcp:[::1]:5000, tcp:localhost:5000, tcp:*:5000, unix:/run/hello.sock,
/// unix:@name, pipe:/run/hello, queue:/hello, memory:/hello. The last three are for ipc_link_listen() and
/// ipc_link_connect(), the others for sockets; each refuses the other's (EAFNOSUPPORT).
struct ipc_endpoint {
  enum ipc_transport transport;
  uint16_t port;   ///< of TCP, in host byte order; 0 lets the kernel choose
  uint16_t length; ///< bytes of `name`, without the NUL that follows it
  char name[IPC_HOST_MAX + 1];
};

/// Parses an endpoint's text; after an error the endpoint is all zero. Errors: ipc_syntax_error.
int ipc_endpoint_parse(const char *text, size_t length, struct ipc_endpoint *endpoint);

/// Makes a TCP endpoint from the texts of a host and a port. An IPv6 address may be in brackets. After an error the
/// endpoint is all zero. Errors: ipc_syntax_error.
int ipc_endpoint_tcp(const char *host, size_t host_length, const char *port, size_t port_length,
                     struct ipc_endpoint *endpoint);

/// Writes the text that ipc_endpoint_parse() reads, and a NUL; returns its length without the NUL. Errors: ENOSPC.
int ipc_endpoint_format(const struct ipc_endpoint *endpoint, char *text, size_t size);

/// Resolves a host name into endpoints with addresses, in the order to try them, at most `capacity` and
/// IPC_CANDIDATES_MAX; returns their number. IPv6 and IPv4 alternate (RFC 8305, section 4). Any other endpoint resolves
/// to itself. Waits as long as the resolver does (resolv.conf(5)). Errors: IPC_ERROR_NAME. As getaddrinfo(3).
int ipc_endpoint_resolve(const struct ipc_endpoint *endpoint, struct ipc_endpoint *candidates, size_t capacity);

/// Gets the endpoint of a socket. An IPv4 address that is mapped to IPv6 is returned as IPv4. As getsockname(2).
int ipc_endpoint_local(int socket, struct ipc_endpoint *endpoint);

/// Gets the endpoint of a socket's peer, or the socket's own if the peer has none, as most Unix clients. As
/// getpeername(2).
int ipc_endpoint_peer(int socket, struct ipc_endpoint *endpoint);

IPC_DECLARATIONS_END

#endif
