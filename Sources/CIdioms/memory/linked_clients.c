#include <errno.h>
#include <stdlib.h>

struct client {
  int fd;
  unsigned requests;
  struct client *next;
};

/// Adds a client to the front of a list. Returns 0, or -ENOMEM.
int clients_add(struct client **list, int fd) {
  struct client *client = calloc(1, sizeof *client);
  if (client == NULL)
    return -ENOMEM;
  client->fd = fd;
  client->next = *list;
  *list = client;
  return 0;
}

/// Finds a client. Returns NULL if the list does not contain it.
struct client *clients_find(struct client *list, int fd) {
  while (list != NULL && list->fd != fd)
    list = list->next;
  return list;
}

/// Removes a client. Returns how many requests it had sent, or -ENOENT.
int clients_remove(struct client **list, int fd) {
  for (struct client **link = list; *link != NULL; link = &(*link)->next) {
    struct client *client = *link;
    if (client->fd == fd) {
      int requests = (int)client->requests;
      *link = client->next;
      free(client);
      return requests;
    }
  }
  return -ENOENT;
}
