#define _GNU_SOURCE

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>

/// Why a function failed: the code is an errno or an EAI_ constant, whose
/// numbers are different things. A code of 0 is success.
struct failure {
  int is_name; /* whether the code is an EAI_ constant */
  int code;
};

/// Returns what a failure means.
const char *failure_text(struct failure failure) {
  return failure.is_name ? gai_strerror(failure.code) : strerror(failure.code);
}

/// Makes the address of a TCP service from two numbers in text.
struct failure numeric_address(const char *host, const char *port,
                               struct sockaddr_storage *address) {
  struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  struct addrinfo *list;
  int code = getaddrinfo(host, port, &hints, &list);
  if (code == EAI_SYSTEM)
    return (struct failure){0, errno};
  if (code != 0)
    return (struct failure){1, code};
  memset(address, 0, sizeof *address);
  memcpy(address, list->ai_addr, list->ai_addrlen);
  freeaddrinfo(list);
  return (struct failure){0, 0};
}
