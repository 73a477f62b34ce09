/* Bytes and errors as text. */
#include "internal.h"

#define LIBBSD_NETBSD_VIS /* of the two strnvis(3), the one that needs no warning; neither is used */
#include <bsd/vis.h>
#include <netdb.h>

static const char *syntax_text(enum ipc_syntax_error error) {
  switch (error) {
  case IPC_ESCHEME:
    return "an endpoint is tcp:HOST:PORT, unix:PATH, unix:@NAME, pipe:PATH, queue:/NAME or memory:/NAME";
  case IPC_EHOST:
    return "a host is a name (letters, digits, - and _, with dots between; at most 253), an IPv4 address of four "
           "numbers, or an IPv6 address (in an endpoint in brackets)";
  case IPC_EPORT:
    return "a port is a number from 0 to 65535";
  case IPC_EPATH:
    return "a Unix socket's path or name is 1 to 107 bytes, a path without NUL";
  case IPC_EFIFO:
    return "a pipe's path is 1 to 248 bytes without NUL";
  case IPC_EOBJECT:
    return "the name of a queue or of shared memory is a slash and 1 to 251 bytes behind it, without NUL or a second "
           "slash";
  }
  return "Unknown error";
}

static const char *local_text(enum ipc_local_error error) {
  switch (error) {
  case IPC_EOWNER:
    return "what stands there belongs to somebody else";
  case IPC_EMODE:
    return "what stands there is not private: its mode must be 0600";
  case IPC_EKIND:
    return "what stands there is of another kind or layout";
  case IPC_EDEPTH:
    return "a queue of that many messages is above /proc/sys/fs/mqueue/msg_max: raise that (sysctl fs.mqueue.msg_max), "
           "or ask for fewer";
  case IPC_EMESSAGE:
    return "messages of that size are above /proc/sys/fs/mqueue/msgsize_max: raise that (sysctl "
           "fs.mqueue.msgsize_max), or ask for smaller ones";
  case IPC_EQUEUES:
    return "the system has as many queues as /proc/sys/fs/mqueue/queues_max allows: raise that (sysctl "
           "fs.mqueue.queues_max), or remove some";
  case IPC_EBYTES:
    return "the user's queues are above RLIMIT_MSGQUEUE: raise that (ulimit -q), or ask for fewer or smaller messages";
  }
  return "Unknown error";
}

const char *ipc_error_text(int error) {
  const char *text = NULL;
  if (error <= -IPC_ESCHEME && error >= -IPC_EOBJECT)
    return syntax_text((enum ipc_syntax_error) - error);
  if (error <= -IPC_EOWNER && error >= -IPC_EBYTES)
    return local_text((enum ipc_local_error) - error);
  if (error < -IPC_ERROR_SYNTAX || error >= 0)
    return "Unknown error";
  if (error <= -IPC_ERROR_NAME)
    text = gai_strerror(error + IPC_ERROR_NAME);
  else
    text = strerrordesc_np(-error);
  return text ? text : "Unknown error";
}

/// Bytes of the character that starts here, if it is well-formed UTF-8 (Unicode, table 3-7) beyond ASCII and no control
/// character (U+0080 to U+009F); else 0.
static size_t utf8_length(const unsigned char *bytes, size_t length) {
  unsigned char first = bytes[0], low = 0x80, high = 0xBF;
  size_t count = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || length < count)
    return 0;
  switch (first) {
  case 0xC2: /* U+0080 to U+009F are controls */
  case 0xE0:
    low = 0xA0;
    break;
  case 0xED: /* no surrogates */
    high = 0x9F;
    break;
  case 0xF0:
    low = 0x90;
    break;
  case 0xF4: /* no more than U+10FFFF */
    high = 0x8F;
    break;
  }
  if (bytes[1] < low || bytes[1] > high)
    return 0;
  for (size_t i = 2; i < count; i++)
    if ((bytes[i] & 0xC0) != 0x80)
      return 0;
  return count;
}

ssize_t ipc_vis(const void *bytes, size_t length, char *text, size_t size) {
  const unsigned char *from = bytes;
  size_t used = 0;
  for (size_t i = 0; i < length;) {
    char shown[8]; /* vis(3) writes at most four characters and a NUL */
    size_t taken = from[i] < 0x80 ? 0 : utf8_length(from + i, length - i);
    size_t width = taken;
    if (taken > 0) {
      memcpy(shown, from + i, taken);
    } else {
      taken = 1;
      width = (size_t)(vis(shown, from[i], VIS_NOLOCALE, 0) - shown);
    }
    if (size - used < width)
      return -ENOSPC;
    memcpy(text + used, shown, width);
    used += width;
    i += taken;
  }
  return (ssize_t)used;
}

ssize_t ipc_message_text(const void *message, size_t length, char *text, size_t size) {
  static const char label[] = "Here is the message: ";
  const size_t head = sizeof label - 1;
  if (size < head + 1)
    return -ENOSPC;
  memcpy(text, label, head);
  ssize_t shown = ipc_vis(message, length, text + head, size - head - 1);
  if (shown < 0)
    return shown;
  text[head + (size_t)shown] = '\n';
  return (ssize_t)head + shown + 1;
}
