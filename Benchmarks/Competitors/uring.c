/* io_uring(7), with multishot accept and receive: greets, or echoes. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <liburing.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

enum { ENTRIES = 4096, BUFFERS = 1024, SIZE = 16384, GROUP = 1 };
enum kind { ACCEPT, RECEIVE, SEND, CLOSE };

static struct io_uring ring;
static struct io_uring_buf_ring *buffers;
static char *memory;

/// An entry for that descriptor; the completion says which buffer it was about, too.
static struct io_uring_sqe *entry(enum kind kind, int descriptor, unsigned buffer) {
  struct io_uring_sqe *sqe;
  while (!(sqe = io_uring_get_sqe(&ring)))
    io_uring_submit(&ring);
  sqe->user_data = (unsigned long long)kind << 56 | (unsigned long long)buffer << 32 | (unsigned)descriptor;
  return sqe;
}

/// A prepared entry keeps its user data: liburing's functions clear it.
#define SUBMIT(kind, descriptor, buffer, flag, prepare)                                                                \
  do {                                                                                                                 \
    struct io_uring_sqe *sqe = entry(kind, descriptor, buffer);                                                        \
    unsigned long long user_data = sqe->user_data;                                                                     \
    prepare;                                                                                                           \
    sqe->flags |= (flag);                                                                                              \
    sqe->user_data = user_data;                                                                                        \
  } while (0)

static void give_back(unsigned buffer) {
  io_uring_buf_ring_add(buffers, memory + (size_t)buffer * SIZE, SIZE, (unsigned short)buffer,
                        io_uring_buf_ring_mask(BUFFERS), 0);
  io_uring_buf_ring_advance(buffers, 1);
}

static void receive(int client) {
  SUBMIT(RECEIVE, client, 0, IOSQE_BUFFER_SELECT,
         (io_uring_prep_recv_multishot(sqe, client, NULL, 0, 0), sqe->buf_group = GROUP));
}

static void take(const struct io_uring_cqe *cqe, int listener, const char *greeting) {
  int descriptor = (int)(cqe->user_data & 0xFFFFFFFF);
  switch (cqe->user_data >> 56) {
  case ACCEPT:
    if (!(cqe->flags & IORING_CQE_F_MORE))
      SUBMIT(ACCEPT, listener, 0, 0, io_uring_prep_multishot_accept(sqe, listener, NULL, NULL, 0));
    if (cqe->res >= 0 && greeting) {
      SUBMIT(SEND, cqe->res, BUFFERS, IOSQE_IO_LINK | IOSQE_CQE_SKIP_SUCCESS,
             io_uring_prep_send(sqe, cqe->res, greeting, strlen(greeting), MSG_NOSIGNAL));
      SUBMIT(CLOSE, cqe->res, 0, IOSQE_CQE_SKIP_SUCCESS, io_uring_prep_close(sqe, cqe->res));
    } else if (cqe->res >= 0)
      receive(cqe->res);
    break;
  case RECEIVE:
    if (cqe->res > 0) {
      unsigned buffer = cqe->flags >> IORING_CQE_BUFFER_SHIFT;
      SUBMIT(SEND, descriptor, buffer, 0,
             io_uring_prep_send(sqe, descriptor, memory + (size_t)buffer * SIZE, (size_t)cqe->res,
                                MSG_NOSIGNAL | MSG_WAITALL));
    }
    if (cqe->res == 0 || (cqe->res < 0 && cqe->res != -ENOBUFS))
      SUBMIT(CLOSE, descriptor, 0, IOSQE_CQE_SKIP_SUCCESS, io_uring_prep_close(sqe, descriptor));
    else if (!(cqe->flags & IORING_CQE_F_MORE))
      receive(descriptor);
    break;
  case SEND:
    if (!greeting)
      give_back((unsigned)(cqe->user_data >> 32) & 0xFFFFFF);
    break;
  }
}

int main(int argc, char **argv) {
  const int on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  struct rlimit limit;
  if (argc < 2)
    return 64;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  address.sin_port = htons((unsigned short)atoi(argv[1]));
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* what it accepts inherits that */
  struct io_uring_params parameters = {.flags = IORING_SETUP_COOP_TASKRUN | IORING_SETUP_SINGLE_ISSUER};
  memory = malloc((size_t)BUFFERS * SIZE);
  buffers = aligned_alloc(4096, BUFFERS * sizeof(struct io_uring_buf));
  int error = io_uring_queue_init_params(ENTRIES, &ring, &parameters);
  struct io_uring_buf_reg region = {.ring_addr = (unsigned long)buffers, .ring_entries = BUFFERS, .bgid = GROUP};
  if (error < 0 || !memory || !buffers || io_uring_register_buf_ring(&ring, &region, 0) < 0)
    return fputs("uring: no io_uring here\n", stderr), 1;
  io_uring_buf_ring_init(buffers);
  for (unsigned i = 0; i < BUFFERS; i++)
    give_back(i);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 4096) < 0)
    return perror("uring"), 1;
  SUBMIT(ACCEPT, listener, 0, 0, io_uring_prep_multishot_accept(sqe, listener, NULL, NULL, 0));
  for (;;) {
    struct io_uring_cqe *cqe;
    unsigned head, count = 0;
    io_uring_submit_and_wait(&ring, 1);
    io_uring_for_each_cqe(&ring, head, cqe) {
      take(cqe, listener, argc > 2 ? argv[2] : NULL);
      count++;
    }
    io_uring_cq_advance(&ring, count);
  }
}
