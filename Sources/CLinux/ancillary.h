/* Ancillary data: the macros of <sys/socket.h> that Swift does not import, and what _GNU_SOURCE would declare. */
#ifndef LINUX_ANCILLARY_H
#define LINUX_ANCILLARY_H

#pragma clang module import SwiftGlibc

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

/* CMSG_SPACE and CMSG_LEN: the bytes of a control message with its header and padding, and without the padding. */
static inline size_t linux_cmsg_space(size_t size) { return CMSG_SPACE(size); }
static inline size_t linux_cmsg_len(size_t size) { return CMSG_LEN(size); }

/* CMSG_FIRSTHDR, CMSG_NXTHDR and CMSG_DATA. */
static inline struct cmsghdr *_Nullable linux_cmsg_first(const struct msghdr *_Nonnull message) {
  return CMSG_FIRSTHDR(message);
}
static inline struct cmsghdr *_Nullable linux_cmsg_next(struct msghdr *_Nonnull message,
                                                        struct cmsghdr *_Nonnull header) {
  return CMSG_NXTHDR(message, header);
}
static inline void *_Nonnull linux_cmsg_data(struct cmsghdr *_Nonnull header) { return CMSG_DATA(header); }

/* struct ucred of unix(7). */
struct linux_ucred {
  pid_t pid;
  uid_t uid;
  gid_t gid;
};

/* struct mmsghdr and recvmmsg(2). */
struct linux_mmsghdr {
  struct msghdr msg_hdr;
  unsigned msg_len;
};
static inline int linux_recvmmsg(int socket, struct linux_mmsghdr *_Nonnull messages, unsigned count, int flags) {
  return (int)syscall(SYS_recvmmsg, socket, messages, count, flags, NULL);
}

#endif
