/* A server, a client and a filter with one fault, which the command line names. The tests check that the judge finds
 * it.
 *
 *   faulty server PORT FAULT    reads to the end of the data, answers with the same bytes, closes; until SIGTERM
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
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const char *fault;

static int has_fault(const char *name) { return strcmp(fault, name) == 0; }

static void write_all(int descriptor, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t count = write(descriptor, bytes, length);
    if (count < 0)
      return;
    bytes += count;
    length -= (size_t)count;
  }
}

/* Faults that only the system calls show. */
static void write_answer(int socket, const char *bytes, size_t length) {
  size_t first = has_fault("split") || has_fault("backlog-split") ? length / 2 : 0;
  if (has_fault("option"))
    setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, &(int){1}, sizeof(int));
  write_all(socket, bytes, first);
  write_all(socket, bytes + first, length - first);
  if (has_fault("shutdown"))
    shutdown(socket, SHUT_WR);
}

/* Waits if the program has the fault. */
static void delay(const char *name, long milliseconds) {
  if (has_fault(name))
    nanosleep(&(struct timespec){.tv_nsec = milliseconds * 1000000}, NULL);
}

static void print_text(int descriptor, const char *text) { write_all(descriptor, text, strlen(text)); }

static void handle_stop(int number) {
  (void)number;
  if (has_fault("term"))
    print_text(1, "stopping\n");
  if (has_fault("random-status")) {
    unsigned char byte = 0;
    if (read(open("/dev/urandom", O_RDONLY), &byte, 1) == 1)
      _exit(byte);
  }
  _exit(has_fault("status") ? 3 : 0);
}

/* Prints text that varies from run to run. */
static void print_noise(int descriptor) {
  char text[100];
  if (has_fault("pid")) {
    snprintf(text, sizeof text, "pid %d ready\n", (int)getpid());
    print_text(descriptor, text);
  } else if (has_fault("fixed-pid")) {
    print_text(descriptor, "pid 77 ready\n");
  } else if (has_fault("time")) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(text, sizeof text, "[%lld.%09ld] ready\n", (long long)now.tv_sec, now.tv_nsec);
    print_text(descriptor, text);
  } else if (has_fault("random")) {
    ssize_t count = read(open("/dev/urandom", O_RDONLY), text, 32);
    print_text(descriptor, "key ");
    write_all(descriptor, text, (size_t)count);
    print_text(descriptor, " ready\n");
  }
}

/* Applies the fault to an answer, and returns its new length. */
static size_t apply_fault(char *bytes, size_t length, int number) {
  if (has_fault("byte") && length > 2)
    bytes[2] ^= 1;
  if (has_fault("tail") && length > 4096)
    length--;
  if (has_fault("second") && number == 2)
    bytes[0] = '2';
  if (has_fault("nul") && memchr(bytes, 0, length))
    length = (size_t)((char *)memchr(bytes, 0, length) - bytes);
  return length;
}

static void write_file(const char *path, mode_t mode, const char *text) {
  int file = open(path, O_CREAT | O_WRONLY, mode);
  print_text(file, text);
  close(file);
}

/* Files that stay, which differ in one property. */
static void leave_files(void) {
  char path[4096];
  if (has_fault("file") || has_fault("content"))
    write_file("left", 0600, has_fault("file") ? "text" : "test");
  if (has_fault("mode"))
    write_file("left", 0644, "text");
  if (has_fault("home") && snprintf(path, sizeof path, "%s/.history", getenv("HOME")) > 0)
    write_file(path, 0600, "text");
}

/* Sends SIGALRM after a time, and again each time that it passed if it repeats. */
static void set_alarm(long microseconds, int repeats) {
  struct itimerval time = {.it_value = {.tv_usec = microseconds}};
  if (repeats)
    time.it_interval = time.it_value;
  setitimer(ITIMER_REAL, &time, NULL);
}

static void ignore_alarm(int number) { (void)number; }

/* Faults that begin when the server listens. */
static void start_faults(struct sockaddr_in *address) {
  if (has_fault("ticks")) {
    signal(SIGALRM, ignore_alarm);
    set_alarm(100000, 1);
  }
  if (has_fault("udp") && bind(socket(AF_INET, SOCK_DGRAM, 0), (struct sockaddr *)address, sizeof *address) < 0)
    exit(1);
  delay("late-accept", 700);
  delay("late-worker", 100);
  if (has_fault("late-worker") && fork() == 0)
    for (;;)
      pause();
}

static void serve_client(int socket, int number) {
  static char bytes[1 << 24];
  size_t length = 0;
  ssize_t count;
  if (has_fault("descriptor") && open("/dev/null", O_RDONLY) < 0)
    return;
  if (has_fault("child") && fork() == 0)
    for (;;)
      pause();
  leave_files();
  if (has_fault("memory"))
    memset(malloc(64 << 20), 1, 64 << 20);
  for (int times = 0; has_fault("busy") && times < 1000; times++)
    getppid();
  print_noise(socket);
  while (length < sizeof bytes && (count = read(socket, bytes + length, sizeof bytes - length)) > 0) {
    delay("late-early", 200);
    delay("later-answer", 600);
    if (has_fault("early") || has_fault("late-early"))
      write_all(socket, bytes + length, (size_t)count);
    length += (size_t)count;
  }
  while (has_fault("hang"))
    pause();
  while (has_fault("spin"))
    ;
  if (!has_fault("early") && !has_fault("late-early"))
    write_answer(socket, bytes, apply_fault(bytes, length, number));
  if (has_fault("reset"))
    setsockopt(socket, SOL_SOCKET, SO_LINGER, &(struct linger){.l_onoff = 1}, sizeof(struct linger));
  if (!has_fault("no-close"))
    close(socket);
  if (has_fault("abort"))
    set_alarm(200000, 0);
  while (has_fault("burn"))
    ;
}

static int run_server(struct sockaddr_in *address) {
  int on = 1, listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  delay("slow", 700);
  if (has_fault("daemon")) {
    if (fork() > 0)
      _exit(0);
    setsid();
    delay("daemon", 100);
  }
  if (has_fault("no-start") || bind(listener, (struct sockaddr *)address, sizeof *address) < 0 ||
      listen(listener, has_fault("backlog") || has_fault("backlog-split") ? 5 : 64) < 0)
    return 1;
  start_faults(address);
  for (int number = 1;; number++) {
    int socket = accept(listener, NULL, NULL);
    if (socket < 0)
      return 1;
    if (has_fault("fork") && fork() > 0) {
      close(socket);
      continue;
    }
    serve_client(socket, number);
    if (has_fault("fork"))
      _exit(0);
  }
}

/* Runs a client, or a filter if the address is NULL. */
static int run_client(struct sockaddr_in *address) {
  char bytes[4096];
  ssize_t count;
  int server = address ? socket(AF_INET, SOCK_STREAM, 0) : 1;
  if (address && connect(server, (struct sockaddr *)address, sizeof *address) < 0)
    return has_fault("status") ? 4 : 1;
  while ((count = read(0, bytes, has_fault("bytewise") ? 1 : sizeof bytes)) > 0)
    write_all(server, bytes, apply_fault(bytes, (size_t)count, 1));
  if (!address)
    return has_fault("status");
  shutdown(server, SHUT_WR);
  while ((count = read(server, bytes, sizeof bytes)) > 0)
    write_all(1, bytes, (size_t)count);
  delay("late-close", 500);
  return 0;
}

int main(int argc, char **argv) {
  if (argc != 4)
    return 64;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[2]))};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  fault = argv[3];
  signal(SIGPIPE, SIG_IGN);
  signal(SIGTERM, handle_stop);
  if (has_fault("no-exit"))
    signal(SIGTERM, SIG_IGN);
  if (has_fault("no-hangup"))
    signal(SIGHUP, SIG_IGN);
  if (has_fault("fork"))
    signal(SIGCHLD, SIG_IGN);
  if (has_fault("stderr"))
    print_text(2, "warning\n");
  print_noise(1);
  switch (argv[1][0]) {
  case 's':
    return run_server(&address);
  case 'c':
    return run_client(&address);
  default:
    return run_client(NULL);
  }
}
