extension Catalogue {
  static let addresses = [
    Rule(
      "Addresses/AcceptPeer", .refused, .line, "accept()",
      "An address needs a closure that lends its bytes; with nil the call is the same.", functions: "accept"),
    Rule(
      "Addresses/AcceptPeer", .shim, .line, "accept4()", "Glibc's module lacks it, and CLinux declares it.",
      functions: "accept4"),
    Rule(
      "Addresses/BindAddress", .refused, .line, "A cast to struct sockaddr *",
      "Swift has no cast between pointers to structures: withUnsafeBytes(of:) lends the address.",
      constructs: [.castToSocketAddress]),
    Rule(
      "Addresses/ByteOrder", .refused, .line, "Numbers in network byte order",
      "Macros such as be64toh() are not imported: bigEndian converts in both directions.",
      words: "htons htonl ntohs ntohl htobe16 htobe32 htobe64 be16toh be32toh be64toh htole16 htole32 htole64 le16toh "
        + "le32toh le64toh bswap_16 bswap_32 bswap_64"),
    Rule(
      "Addresses/ConnectTimeout", .refused, .function, "A connection with a time limit",
      "Constants and fields have other types; the steps are the same.",
      words: "SO_ERROR EINPROGRESS"),
    Rule(
      "Addresses/Interfaces", .refused, .function, "Network interfaces",
      "The list's pointers are optionals, and defer frees it on each path.",
      functions: "getifaddrs if_nametoindex if_indextoname if_nameindex"),
    Rule(
      "Addresses/InternetAddress", .refused, .line, "struct sockaddr_in",
      "sin_family is a UInt16 and AF_INET an Int32: each number is converted.",
      words: "INADDR_LOOPBACK INADDR_ANY sin_port sin6_port"),
    Rule(
      "Addresses/LingerReset", .refused, .line, "SO_LINGER",
      "The fields of struct linger are Int32, and take no true.", words: "SO_LINGER"),
    Rule(
      "Addresses/MappedAddress", .refused, .function, "IPv4 in IPv6 addresses, and s6_addr",
      "s6_addr and the macros IN6_IS_ADDR are not imported: use the bytes of the address.",
      words: "s6_addr s6_addr16 s6_addr32 IN6_IS_ADDR_V4MAPPED IN6_IS_ADDR_LOOPBACK IN6_IS_ADDR_LINKLOCAL "
        + "IN6_IS_ADDR_UNSPECIFIED IN6_IS_ADDR_MULTICAST IN6_ARE_ADDR_EQUAL"),
    Rule(
      "Addresses/ParseAddress", .wrong, .line, "inet_addr() and inet_aton()",
      "The error of inet_addr() is also the address 255.255.255.255, and 010.0.0.1 is 8.0.0.1: use inet_pton().",
      functions: "inet_addr inet_aton inet_network"),
    Rule(
      "Addresses/ParseAddress", .asIs, .line, "inet_pton()",
      "Each family gets a variable of its own type.", functions: "inet_pton"),
    Rule(
      "Addresses/PeerName", .wrong, .line, "The addresses of a connection",
      "A variable of type sockaddr compiles and cuts an IPv6 address: use sockaddr_storage.",
      functions: "getpeername getsockname"),
    Rule(
      "Addresses/PrintAddress", .refused, .function, "An address as text",
      "The constants for sizes are Int32, an array wants an Int, and the function a socklen_t.",
      functions: "getnameinfo inet_ntop inet_ntoa"),
    Rule(
      "Addresses/ResolveName", .refused, .function, "Names of hosts",
      "The list's pointers are optionals, and defer frees it on each path.",
      functions: "getaddrinfo gethostbyname gethostbyname2 gethostbyaddr getservbyname freeaddrinfo"),
    Rule(
      "Addresses/SocketOption", .refused, .line, "Socket options",
      "The option's value is a pointer and a size: a generic function derives both.",
      functions: "setsockopt getsockopt"),
    Rule(
      "Addresses/SocketPath", .refused, .function, "The path of a Unix socket",
      "sun_path is a tuple of 108 elements, without subscript and count.", words: "sockaddr_un sun_path"),
    Rule(
      "Addresses/SocketType", .refused, .line, "Types and flags of sockets",
      "SOCK_STREAM is a structure with a rawValue, and has no |.",
      words: "SOCK_STREAM SOCK_DGRAM SOCK_SEQPACKET SOCK_RAW SOCK_CLOEXEC SOCK_NONBLOCK"),
    Rule(
      "Addresses/StorageFamilies", .refused, .function, "A cast from sockaddr to the structure of its family",
      "as! compiles and always ends the process; an enumeration has one case for each family.",
      constructs: [.castFromSocketAddress]),
  ]
}
