/* Endpoints as text: tcp:127.0.0.1:5000, tcp:[::1]:5000, tcp:localhost:5000, tcp:*:5000, unix:/run/hello.sock,
 * unix:@name, pipe:/run/hello, queue:/hello, memory:/hello. */
#include "core.h"

#include <arpa/inet.h>
#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <ctype.h>
#include <net/if.h>
#include <stdio.h>

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Not isalnum(3), which depends on the locale.
static bool is_name_character(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

static bool is_number(const char *label, size_t length) {
  bool hex = length > 2 && label[0] == '0' && (label[1] == 'x' || label[1] == 'X');
  for (size_t i = hex ? 2 : 0; i < length; i++)
    if (!(hex ? isxdigit((unsigned char)label[i]) : is_digit(label[i])))
      return false;
  return true;
}

/// A host name consists of labels with dots between them, and perhaps a dot at the end. inet_aton(3) takes a name whose
/// last label is a number, such as 127.1 or 0x7f000001, for an address: such a name is refused.
static bool is_host_name(const char *host) {
  size_t length = strlen(host);
  if (length > 0 && host[length - 1] == '.')
    length--;
  size_t label = 0;
  for (size_t i = 0; i <= length; i++) {
    if (i < length && host[i] != '.') {
      if (!is_name_character(host[i]))
        return false;
      continue;
    }
    if (i == label || i - label > 63)
      return false;
    if (i == length)
      return !is_number(host + label, i - label);
    label = i + 1;
  }
  return false;
}

/// Linux allows any name of an interface without a slash, a colon and white space. Here it is UTF-8, like all text.
static bool is_zone(const char *zone) {
  size_t length = strlen(zone);
  if (length == 0 || length >= IF_NAMESIZE || strpbrk(zone, "/: \t\n\v\f\r"))
    return false;
  for (size_t i = 0; i < length;) {
    const unsigned char *character = (const unsigned char *)zone + i;
    size_t count = *character < 0x80 ? 1 : ipc_text_utf8_length(character, length - i);
    if (count == 0)
      return false;
    i += count;
  }
  return true;
}

bool ipc_endpoint_is_wildcard(const char *host) { return strcmp(host, "*") == 0; }

bool ipc_endpoint_is_address(const char *host) {
  char address[INET6_ADDRSTRLEN];
  struct in_addr v4;
  struct in6_addr v6;
  if (ipc_endpoint_is_wildcard(host))
    return true;
  if (!strchr(host, ':'))
    return inet_pton(AF_INET, host, &v4) == 1;
  const char *zone = strchr(host, '%');
  size_t length = zone ? (size_t)(zone - host) : strlen(host);
  if (length >= sizeof address || (zone && !is_zone(zone + 1)))
    return false;
  memcpy(address, host, length);
  address[length] = '\0';
  return inet_pton(AF_INET6, address, &v6) == 1;
}

static int set_name(const char *name, size_t length, struct ipc_endpoint *endpoint) {
  memcpy(endpoint->name, name, length);
  endpoint->name[length] = '\0';
  endpoint->length = (uint16_t)length;
  return 0;
}

static int parse_host(const char *host, size_t length, struct ipc_endpoint *endpoint) {
  endpoint->transport = IPC_TCP;
  if (length > IPC_HOST_MAX || memchr(host, '\0', length))
    return -IPC_EHOST;
  set_name(host, length, endpoint);
  return ipc_endpoint_is_address(endpoint->name) || is_host_name(endpoint->name) ? 0 : -IPC_EHOST;
}

/// strtonum(3) checks the range, but accepts spaces and signs, so those are refused first.
static int parse_port(const char *port, size_t length, struct ipc_endpoint *endpoint) {
  char digits[sizeof "65535"];
  const char *problem = NULL;
  if (length == 0 || length >= sizeof digits)
    return -IPC_EPORT;
  for (size_t i = 0; i < length; i++)
    if (!is_digit(port[i]))
      return -IPC_EPORT;
  memcpy(digits, port, length);
  digits[length] = '\0';
  endpoint->port = (uint16_t)strtonum(digits, 0, UINT16_MAX, &problem);
  return problem ? -IPC_EPORT : 0;
}

static int parse_host_and_port(const char *text, size_t length, struct ipc_endpoint *endpoint) {
  const char *end = text + length;
  const char *colon = memrchr(text, ':', length);
  const char *bracket = length > 0 && text[0] == '[' ? memrchr(text, ']', length) : NULL;
  if (bracket) { /* brackets enclose an IPv6 address, whose zone may contain brackets */
    int error = memchr(text, ':', (size_t)(bracket - text)) ? 0 : -IPC_EHOST;
    if (error == 0)
      error = parse_host(text + 1, (size_t)(bracket - text - 1), endpoint);
    if (error < 0)
      return error;
    colon = bracket + 1;
    return colon < end && *colon == ':' ? parse_port(colon + 1, (size_t)(end - colon - 1), endpoint) : -IPC_EPORT;
  }
  size_t host_length = colon ? (size_t)(colon - text) : length;
  if (memchr(text, ':', host_length)) /* an IPv6 address without brackets is ambiguous: which colon is the port's? */
    return -IPC_EHOST;
  int error = parse_host(text, host_length, endpoint);
  if (error < 0)
    return error;
  return colon ? parse_port(colon + 1, (size_t)(end - colon - 1), endpoint) : -IPC_EPORT;
}

static int parse_socket_path(const char *path, size_t length, struct ipc_endpoint *endpoint) {
  bool abstract = length > 0 && path[0] == '@';
  endpoint->transport = abstract ? IPC_ABSTRACT : IPC_UNIX;
  path += abstract;
  length -= abstract;
  if (length == 0 || length > IPC_PATH_MAX || (!abstract && memchr(path, '\0', length)))
    return -IPC_EPATH;
  return set_name(path, length, endpoint);
}

static int parse_pipe_path(const char *path, size_t length, struct ipc_endpoint *endpoint) {
  endpoint->transport = IPC_PIPE;
  if (length == 0 || length > IPC_PIPE_PATH_MAX || memchr(path, '\0', length))
    return -IPC_EFIFO;
  return set_name(path, length, endpoint);
}

static int parse_object_name(const char *name, size_t length, enum ipc_transport transport,
                             struct ipc_endpoint *endpoint) {
  endpoint->transport = transport;
  if (length < 2 || length > 1 + IPC_OBJECT_NAME_MAX || name[0] != '/' || memchr(name + 1, '/', length - 1) ||
      memchr(name, '\0', length))
    return -IPC_EOBJECT;
  return set_name(name, length, endpoint);
}

int ipc_endpoint_check(const struct ipc_endpoint *endpoint) {
  struct ipc_endpoint copy;
  if (endpoint->transport == IPC_PIPE)
    return parse_pipe_path(endpoint->name, endpoint->length, &copy);
  return parse_object_name(endpoint->name, endpoint->length, endpoint->transport, &copy);
}

static bool skip_prefix(const char *prefix, const char **text, size_t *length) {
  size_t skipped = strlen(prefix);
  if (*length < skipped || memcmp(*text, prefix, skipped) != 0)
    return false;
  *text += skipped;
  *length -= skipped;
  return true;
}

int ipc_endpoint_parse(const char *text, size_t length, struct ipc_endpoint *endpoint) {
  int error = -IPC_ESCHEME;
  *endpoint = (struct ipc_endpoint){0};
  if (skip_prefix("tcp:", &text, &length))
    error = parse_host_and_port(text, length, endpoint);
  else if (skip_prefix("unix:", &text, &length))
    error = parse_socket_path(text, length, endpoint);
  else if (skip_prefix("pipe:", &text, &length))
    error = parse_pipe_path(text, length, endpoint);
  else if (skip_prefix("queue:", &text, &length))
    error = parse_object_name(text, length, IPC_QUEUE, endpoint);
  else if (skip_prefix("memory:", &text, &length))
    error = parse_object_name(text, length, IPC_MEMORY, endpoint);
  if (error < 0)
    *endpoint = (struct ipc_endpoint){0};
  return error;
}

int ipc_endpoint_tcp(const char *host, size_t host_length, const char *port, size_t port_length,
                     struct ipc_endpoint *endpoint) {
  *endpoint = (struct ipc_endpoint){0};
  if (host_length > 2 && host[0] == '[' && host[host_length - 1] == ']' && memchr(host, ':', host_length)) {
    host++;
    host_length -= 2;
  }
  int error = parse_host(host, host_length, endpoint);
  if (error == 0)
    error = parse_port(port, port_length, endpoint);
  if (error < 0)
    *endpoint = (struct ipc_endpoint){0};
  return error;
}

static const char *prefix(enum ipc_transport transport) {
  switch (transport) {
  case IPC_TCP:
    return "tcp:";
  case IPC_UNIX:
    return "unix:";
  case IPC_ABSTRACT:
    return "unix:@";
  case IPC_PIPE:
    return "pipe:";
  case IPC_QUEUE:
    return "queue:";
  case IPC_MEMORY:
    return "memory:";
  }
  return "";
}

int ipc_endpoint_format(const struct ipc_endpoint *endpoint, char *text, size_t size) {
  bool tcp = endpoint->transport == IPC_TCP;
  bool brackets = tcp && memchr(endpoint->name, ':', endpoint->length);
  char before[sizeof "memory:"], after[sizeof "]:65535"] = "";
  strlcpy(before, brackets ? "tcp:[" : prefix(endpoint->transport), sizeof before);
  if (tcp)
    snprintf(after, sizeof after, brackets ? "]:%u" : ":%u", (unsigned)endpoint->port);
  size_t head = strlen(before), tail = strlen(after), length = head + endpoint->length + tail;
  if (length >= size)
    return -ENOSPC;
  memcpy(text, before, head);
  memcpy(text + head, endpoint->name, endpoint->length); /* an abstract name may contain a NUL */
  memcpy(text + head + endpoint->length, after, tail + 1);
  return (int)length;
}
