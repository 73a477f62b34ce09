/* The plainest client: what is received is written, 64 KiB at a time. client PORT */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  static char buffer[65536];
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int server = socket(AF_INET, SOCK_STREAM, 0);
  if (argc < 2)
    return 64;
  address.sin_port = htons((unsigned short)atoi(argv[1]));
  if (connect(server, (struct sockaddr *)&address, sizeof address) < 0)
    return perror("client"), 1;
  for (ssize_t count; (count = recv(server, buffer, sizeof buffer, 0)) > 0;)
    for (ssize_t written = 0, more; written < count; written += more)
      if ((more = write(1, buffer + written, (size_t)(count - written))) < 0)
        return perror("client"), 1;
}
