/* The plainest level-triggered epoll(7) server: greets, or echoes. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS = 256, SIZE = 65536 };

static void echo(int client) {
  static char buffer[SIZE];
  ssize_t count = recv(client, buffer, sizeof buffer, 0);
  if (count <= 0) {
    close(client);
    return;
  }
  for (ssize_t sent = 0, more; sent < count; sent += more) /* blocks: the load always reads */
    if ((more = send(client, buffer + sent, (size_t)(count - sent), MSG_NOSIGNAL)) < 0)
      return;
}

int main(int argc, char **argv) {
  const int on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct epoll_event events[EVENTS], event = {.events = EPOLLIN};
  struct rlimit limit;
  if (argc < 2)
    return 64;
  const char *greeting = argc > 2 ? argv[2] : NULL;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  address.sin_port = htons((unsigned short)atoi(argv[1]));
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), epoll = epoll_create1(0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* what it accepts inherits that */
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0)
    return perror("epoll"), 1;
  event.data.fd = listener;
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int count = epoll_wait(epoll, events, EVENTS, -1);
    for (int i = 0; i < count; i++) {
      if (events[i].data.fd != listener) {
        echo(events[i].data.fd);
        continue;
      }
      for (int client; (client = accept(listener, NULL, NULL)) >= 0;)
        if (greeting) {
          send(client, greeting, strlen(greeting), MSG_NOSIGNAL);
          close(client);
        } else {
          event.data.fd = client;
          epoll_ctl(epoll, EPOLL_CTL_ADD, client, &event);
        }
    }
  }
}
