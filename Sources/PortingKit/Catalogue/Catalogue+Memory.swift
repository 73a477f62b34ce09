extension Catalogue {
  static let memory = [
    Rule(
      "Memory/BitField", .refused, .function, "Bit-fields",
      "Swift has none of its own, and does not import struct iphdr: shift and mask.",
      words: "iphdr tcphdr udphdr", constructs: [.bitField]),
    Rule(
      "Memory/BufferOffset", .refused, .line, "Pointers into a buffer",
      "&buffer is a pointer for one call, and &buffer[n] one to a single element: use a buffer or a Span.",
      constructs: [.pointerArithmetic]),
    Rule(
      "Memory/CopyStruct", .refused, .line, "The bytes of a structure",
      "sizeof and offsetof become MemoryLayout; the layout of a Swift structure is the compiler's.",
      words: "offsetof", constructs: [.copyOfStructure]),
    Rule(
      "Memory/FlexibleArray", .refused, .function, "Arrays without a size at the end of a structure",
      "Swift does not import such a member: its bytes follow those of the structure.",
      words: "inotify_event", constructs: [.flexibleArray]),
    Rule(
      "Memory/GrowBuffer", .refused, .function, "Memory from malloc()",
      "An array grows by itself; the limit is left to write.",
      functions: "malloc calloc realloc reallocarray strdup strndup"),
    Rule(
      "Memory/LinkedClients", .refused, .function, "A structure with a pointer to its next",
      "A structure of Swift can't contain itself: use a dictionary or an array.",
      words: "LIST_HEAD TAILQ_HEAD SLIST_HEAD STAILQ_HEAD", constructs: [.listOfItself]),
    Rule(
      "Memory/SharedCounter", .refused, .function, "Atomic variables",
      "The macros of <stdatomic.h> are not imported: Atomic has the same layout.",
      words: "_Atomic atomic_* atomic_int atomic_bool atomic_uint atomic_size_t __atomic_* __sync_*"),
    Rule(
      "Memory/SharedPages", .wrong, .function, "Memory that is mapped",
      "mmap() returns MAP_FAILED on error, which is not nil.", functions: "mmap munmap shm_open shm_unlink"),
    Rule(
      "Memory/SharedPages", .shim, .line, "mremap()", "Glibc's module lacks it: a C target calls it.",
      functions: "mremap"),
    Rule(
      "Memory/UnionValue", .refused, .function, "Unions",
      "Swift has none: an enumeration with values, or bitPattern.", constructs: [.unionType]),
    Rule(
      "Memory/WireHeader", .wrong, .function, "A structure over received bytes",
      "as! compiles and always traps, and so does a load from an odd address: assemble each number from its bytes.",
      constructs: [.copyIntoStructure, .castOfBytes]),
    Rule(
      "Memory/Wraparound", .wrong, .line, "Unsigned arithmetic",
      "Swift traps where C wraps: write &-, &+ and &* where a number may wrap.", constructs: [.unsignedWrap]),
  ]
}
