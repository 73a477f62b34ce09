/* The floor: a loop that accepts, sends what it is given, and closes. With nothing to send it is the least that serving
   can cost. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv) {
  const int on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (argc < 2)
    return 64;
  address.sin_port = htons((unsigned short)atoi(argv[1]));
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0)
    return perror("blocking"), 1;
  for (;;) {
    int client = accept(listener, NULL, NULL);
    if (client >= 0 && argc > 2)
      send(client, argv[2], strlen(argv[2]), MSG_NOSIGNAL);
    close(client);
  }
}
