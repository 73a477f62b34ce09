/* As tutorials print it: prints what the server at a fixed address sends. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef PORT
#define PORT 5000
#endif

char recvbuf[1024];

int main(void) {
  struct sockaddr_in address;
  int n;
  int sockfd = socket(AF_INET, SOCK_STREAM, 0);
  memset(&address, 0, sizeof(address));
  address.sin_family = AF_INET;
  address.sin_port = htons(PORT);
  address.sin_addr.s_addr = inet_addr("127.0.0.1");
  if (connect(sockfd, (struct sockaddr *)&address, sizeof(address)) < 0) {
    printf("Error: connect failed\n");
    exit(1);
  }
  while ((n = read(sockfd, recvbuf, sizeof(recvbuf) - 1)) > 0) {
    recvbuf[n] = 0;
    fputs(recvbuf, stdout);
  }
  if (n < 0)
    printf("Error: read failed\n");
  return 0;
}
