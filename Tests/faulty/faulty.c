/* A server, a client and a filter with one fault each, named on the command line, for the judge to find.
 *
 *   faulty server PORT FAULT    reads to the client's end, answers with what came, closes; until SIGTERM
 *   faulty client PORT FAULT    sends standard input, half-closes, prints the answer
 *   faulty filter 0 FAULT       prints standard input */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char *fault;

static int has(const char *name) { return strcmp(fault, name) == 0; }

static void put(int descriptor, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t count = write(descriptor, bytes, length);
    if (count < 0)
      return;
    bytes += count;
    length -= (size_t)count;
  }
}

/* What only the calls tell of. */
static void answer(int socket, const char *bytes, size_t length) {
  size_t first = has("split") || has("backlog-split") ? length / 2 : 0;
  if (has("option"))
    setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int));
  put(socket, bytes, first);
  put(socket, bytes + first, length - first);
  if (has("shutdown"))
    shutdown(socket, SHUT_WR);
}

static void say(int descriptor, const char *text) { put(descriptor, text, strlen(text)); }

static void stop(int number) {
  (void)number;
  if (has("term"))
    say(1, "stopping\n");
  if (has("random-status")) {
    unsigned char byte = 0;
    if (read(open("/dev/urandom", O_RDONLY), &byte, 1) == 1)
      _exit(byte);
  }
  _exit(has("status") ? 3 : 0);
}

/* What differs from run to run, and means nothing. */
static void noise(int descriptor) {
  char text[100];
  if (has("pid")) {
    snprintf(text, sizeof text, "pid %d ready\n", (int)getpid());
    say(descriptor, text);
  } else if (has("fixed-pid")) {
    say(descriptor, "pid 77 ready\n");
  } else if (has("time")) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(text, sizeof text, "[%lld.%09ld] ready\n", (long long)now.tv_sec, now.tv_nsec);
    say(descriptor, text);
  } else if (has("random")) {
    ssize_t count = read(open("/dev/urandom", O_RDONLY), text, 32);
    say(descriptor, "key ");
    put(descriptor, text, (size_t)count);
    say(descriptor, " ready\n");
  }
}

/* What the fault makes of an answer; its new length. */
static size_t spoil(char *bytes, size_t length, int number) {
  if (has("byte") && length > 2)
    bytes[2] ^= 1;
  if (has("tail") && length > 4096)
    length--;
  if (has("second") && number == 2)
    bytes[0] = '2';
  if (has("nul") && memchr(bytes, 0, length))
    length = (size_t)((char *)memchr(bytes, 0, length) - bytes);
  return length;
}

static void converse(int socket, int number) {
  static char bytes[1 << 24];
  size_t length = 0;
  ssize_t count;
  if (has("descriptor") && open("/dev/null", O_RDONLY) < 0)
    return;
  if (has("child") && fork() == 0)
    for (;;)
      pause();
  if (has("file"))
    close(open("left", O_CREAT | O_WRONLY, 0600));
  for (int times = 0; has("busy") && times < 1000; times++)
    getppid();
  noise(socket);
  while (length < sizeof bytes && (count = read(socket, bytes + length, sizeof bytes - length)) > 0) {
    if (has("early"))
      put(socket, bytes + length, (size_t)count);
    length += (size_t)count;
  }
  if (has("hang"))
    for (;;)
      pause();
  if (has("spin"))
    for (;;)
      ;
  if (!has("early"))
    answer(socket, bytes, spoil(bytes, length, number));
  if (has("reset"))
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1}, sizeof(struct linger));
  close(socket);
}

static int serve(struct sockaddr_in *address) {
  int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (has("slow"))
    nanosleep(&(struct timespec){.tv_nsec = 700000000}, NULL);
  if (has("no-start") || bind(listener, (struct sockaddr *)address, sizeof *address) < 0 ||
      listen(listener, has("backlog") || has("backlog-split") ? 5 : 64) < 0)
    return 1;
  for (int number = 1;; number++) {
    int socket = accept(listener, NULL, NULL);
    if (socket < 0)
      return 1;
    if (has("fork") && fork() > 0) {
      close(socket);
      continue;
    }
    converse(socket, number);
    if (has("fork"))
      _exit(0);
  }
}

static int talk(struct sockaddr_in *address) {
  char bytes[4096];
  ssize_t count;
  int server = address ? socket(AF_INET, SOCK_STREAM, 0) : 1;
  if (address && connect(server, (struct sockaddr *)address, sizeof *address) < 0)
    return has("status") ? 4 : 1;
  while ((count = read(0, bytes, sizeof bytes)) > 0)
    put(server, bytes, spoil(bytes, (size_t)count, 1));
  if (!address)
    return has("status");
  shutdown(server, SHUT_WR);
  while ((count = read(server, bytes, sizeof bytes)) > 0)
    put(1, bytes, (size_t)count);
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 4)
    return 64;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[2]))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  fault = argv[3];
  signal(SIGPIPE, SIG_IGN);
  signal(SIGTERM, stop);
  if (has("fork"))
    signal(SIGCHLD, SIG_IGN);
  if (has("stderr"))
    say(2, "warning\n");
  noise(1);
  switch (argv[1][0]) {
  case 's':
    return serve(&address);
  case 'c':
    return talk(&address);
  default:
    return talk(NULL);
  }
}
