/* As tutorials print it: sends a greeting to one client at a fixed address. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef PORT
#define PORT 5000
#endif

int main(void) {
  struct sockaddr_in address;
  char message[] = "Server Message";
  int listenfd = socket(AF_INET, SOCK_STREAM, 0);
  memset(&address, 0, sizeof(address));
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(PORT);
  if (bind(listenfd, (struct sockaddr *)&address, sizeof(address)) < 0) {
    printf("Error: bind failed\n");
    exit(1);
  }
  listen(listenfd, 10);
  int connfd = accept(listenfd, (struct sockaddr *)NULL, NULL);
  write(connfd, message, strlen(message));
  close(connfd);
  return 0;
}
