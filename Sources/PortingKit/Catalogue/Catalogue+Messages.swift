extension Catalogue {
  static let messages = [
    Rule(
      "Messages/BatchReceive", .shim, .function, "Several datagrams with one call",
      "Glibc's module lacks recvmmsg() and struct mmsghdr; CLinux has both.", functions: "recvmmsg sendmmsg"),
    Rule(
      "Messages/Datagrams", .refused, .line, "Datagrams",
      "Swift does not cast the address: one closure lends it to both calls.", functions: "recvfrom sendto"),
    Rule(
      "Messages/HalfClose", .refused, .line, "The end of one direction",
      "SHUT_WR is an Int, and shutdown() takes an Int32.", functions: "shutdown"),
    Rule(
      "Messages/PacketInfo", .shim, .function, "Control messages of datagrams",
      "CMSG_FIRSTHDR and its siblings are macros; CLinux has functions for them.",
      words: "IP_PKTINFO IPV6_PKTINFO IPV6_RECVPKTINFO in_pktinfo in6_pktinfo IP_RECVERR IP_RECVORIGDSTADDR"),
    Rule(
      "Messages/PassDescriptor", .shim, .function, "Descriptors in messages",
      "CMSG_SPACE and its siblings are macros; CLinux has functions for them.",
      words: "SCM_RIGHTS CMSG_FIRSTHDR CMSG_NXTHDR CMSG_DATA CMSG_SPACE CMSG_LEN"),
    Rule(
      "Messages/PeerCredentials", .shim, .line, "The process at the other end",
      "Glibc's module lacks struct ucred; CLinux has one of the same layout.",
      functions: "getpeereid", words: "SO_PEERCRED ucred SCM_CREDENTIALS SO_PASSCRED"),
    Rule(
      "Messages/ReadVector", .wrong, .function, "A pointer that a structure keeps",
      "iovec(iov_base: &buffer, …) compiles, and the pointer is invalid before the call; so are those of msghdr.",
      functions: "readv preadv sendmsg recvmsg", words: "iov_base"),
    Rule(
      "Messages/ScatterGather", .refused, .function, "Several buffers with one write",
      "iov_base is mutable; a Span knows its rest after a short write.", functions: "writev pwritev"),
    Rule(
      "Messages/SendQuietly", .refused, .line, "Flags of send()",
      "MSG_NOSIGNAL is an Int, and send() takes an Int32: combine first, convert once.",
      words: "MSG_NOSIGNAL MSG_MORE MSG_DONTWAIT MSG_PEEK MSG_WAITALL MSG_TRUNC"),
    Rule(
      "Messages/UrgentByte", .refused, .line, "Urgent data", "MSG_OOB is an Int, and SIOCATMARK an Int32.",
      functions: "sockatmark", words: "MSG_OOB SIOCATMARK SO_OOBINLINE"),
  ]
}
