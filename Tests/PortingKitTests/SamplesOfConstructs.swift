/// Small files of C, one for each construct.
enum SamplesOfConstructs {
  private typealias Sample = ConstructTests.Sample

  static let all = declarations + statements + expressions

  private static let declarations: [ConstructTests.Sample] = [
    Sample(title: "Bit-fields", text: "struct s {\n  unsigned a : 3; // here\n  unsigned b;\n};"),
    Sample(title: "Unions", text: "union u { // here\n  int a;\n  float b;\n};\nunion v;"),
    Sample(
      title: "Arrays without a size at the end of a structure",
      text: "struct s {\n  int n;\n  int fixed[4];\n  int tail[]; // here\n};"),
    Sample(
      title: "char arrays in structures",
      text: "struct s {\n  char name[8]; // here\n  const char *text;\n  int n[8];\n};"),
    Sample(
      title: "A structure with a pointer to its next",
      text: "struct a;\nstruct s { // here\n  struct s *next;\n};\nstruct t {\n  struct a *other;\n};"),
    Sample(
      title: "A variadic function of your own",
      text: "int f(int n, ...);\nint f(int n, ...) { // here\n  return n;\n}\nint g(void) { return f(1, 2); }"),
    Sample(
      title: "Global variables",
      text: "static int count; // here\nconst char *name; // here\nconst int limit = 1;\nextern int other;\n"
        + "static const char *const word = \"\";\nint f(void) { static int n; return n; }"),
    Sample(
      title: "A static variable in a function",
      text: "int f(void) {\n  static int n; // here\n  static const int m = 1;\n  return n + m;\n}\nstatic int k;"),
    Sample(title: "Variables of threads", text: "_Thread_local int a; // here\nint b;"),
    Sample(
      title: "A table of functions",
      text: "int f(void);\nstruct row { const char *name; int (*run)(void); };\n"
        + "static const struct row rows[] = {{\"f\", f}}; // here\nstatic int (*const list[])(void) = {f}; // here\n"
        + "static struct row one = {\"f\", f};\nstatic const int numbers[] = {1};"),
    Sample(
      title: "A callback with void *context",
      text: "int each(int (*call)(int, void *), void *context) { // here\n  return call(1, context);\n}\n"
        + "int plain(int (*call)(int)) {\n  return call(1);\n}"),
    Sample(
      title: "An array whose size is known at run time",
      text:
        "enum { SIZE = 4 };\nint f(int n) {\n  char a[n]; // here\n  char b[SIZE];\n  return sizeof a + sizeof b;\n}"),
  ]

  private static let statements: [ConstructTests.Sample] = [
    Sample(
      title: "goto a label that cleans up",
      text: "#include <stdlib.h>\nint f(char *a) {\n  if (*a)\n    goto out; // here\n  *a = 2;\nout:\n  free(a);\n"
        + "  return 0;\n}"),
    Sample(
      title: "goto a label that closes a descriptor",
      text: "#include <unistd.h>\nint f(int fd) {\n  if (fd > 2)\n    goto out; // here\n  fd = 2;\nout:\n"
        + "  close(fd);\n  return 0;\n}"),
    Sample(
      title: "goto back",
      text: "int g(void);\nint f(void) {\nagain:\n  if (g())\n    goto again; // here\n  return 0;\n}"),
    Sample(
      title: "A computed goto",
      text: "int f(void) {\n  void *to = &&out;\n  goto *to; // here\nout:\n  return 0;\n}"),
    Sample(title: "Inline assembler", text: "void f(void) {\n  asm volatile(\"\"); // here\n}"),
    Sample(
      title: "A statement as an expression, ({ … })",
      text: "int f(void) {\n  return ({ int a = 1; a; }); // here\n}"),
    Sample(
      title: "An assignment within a condition",
      text: "int g(void);\nint f(void) {\n  int n;\n  while ((n = g()) > 0) // here\n    if (n == 2)\n      return 1;\n"
        + "  return n;\n}"),
    Sample(
      title: "errno that is read after another call",
      text: "#include <errno.h>\n#include <unistd.h>\nint f(int fd) {\n  if (read(fd, 0, 0) < 0) {\n    close(fd);\n"
        + "    return -errno; // here\n  }\n  if (read(fd, 0, 0) < 0) {\n    int error = errno;\n    close(fd);\n"
        + "    return -error;\n  }\n  close(fd);\n  errno = 0;\n  execl(\"a\", \"b\", (char *)0);\n  return errno;\n}"),
    Sample(
      title: "A signal handler that writes into a pipe",
      text: "#include <unistd.h>\nstatic const int ends[2] = {3, 4};\nvoid handler(int number) { // here\n"
        + "  write(ends[1], &number, 1);\n}\nvoid greet(int fd) {\n  write(fd, \"\", 1);\n}"),
  ]

  private static let expressions: [ConstructTests.Sample] = [
    Sample(
      title: "A mode in octal",
      text: "#include <fcntl.h>\nint f(void) {\n  return open(\"a\", O_CREAT, 0644); // here\n}\n"
        + "double g(void) { return 1.0644 + 644 + 0x0644; }"),
    Sample(
      title: "Unsigned arithmetic",
      text: "#include <stdint.h>\nuint32_t f(uint32_t a, uint32_t b) {\n  return a - b; // here\n}\n"
        + "int g(int a, int b) {\n  return a - b;\n}\nunsigned long h(unsigned long a) {\n  return a - 1;\n}"),
    Sample(
      title: "Pointers into a buffer",
      text: "char *f(char *a, int n) {\n  return a + n; // here\n}\nchar g(char *a, int n) {\n  return a[n];\n}"),
    Sample(
      title: "A cast to struct sockaddr *",
      text: "#include <netinet/in.h>\nint f(int fd, const struct sockaddr_in *a) {\n"
        + "  return bind(fd, (const struct sockaddr *)a, sizeof *a); // here\n}\n"
        + "int g(int fd, const struct sockaddr *a) {\n  return bind(fd, (const struct sockaddr *)a, 16);\n}"),
    Sample(
      title: "A cast from sockaddr to the structure of its family",
      text: "#include <netinet/in.h>\nint f(const struct sockaddr_storage *a) {\n"
        + "  return ((const struct sockaddr_in *)a)->sin_family; // here\n}\n"
        + "int g(const void *a) {\n  return ((const struct sockaddr_in *)a)->sin_family;\n}"),
    Sample(
      title: "A structure over received bytes",
      text: "#include <string.h>\nstruct h { int a; };\nint f(const char *bytes) {\n  struct h header;\n"
        + "  memcpy(&header, bytes, sizeof header); // here\n  char copy[4];\n  memcpy(copy, bytes, 4);\n"
        + "  return header.a + ((const struct h *)bytes)->a + copy[0]; // here\n}"),
    Sample(
      title: "The bytes of a structure",
      text: "#include <string.h>\nstruct h { int a; };\nvoid f(char *bytes, const struct h *h) {\n"
        + "  memcpy(bytes, h, sizeof *h); // here\n  memcpy(bytes, \"a\", 1);\n  struct h copy;\n  memcpy(&copy, h, sizeof copy);\n}"
    ),
    Sample(
      title: "write() in a loop",
      text:
        "#include <unistd.h>\nvoid f(int n) {\n  write(1, \"\", 1);\n  while (n-- > 0)\n    write(1, \"\", 1); // here\n}"
    ),
    Sample(
      title: "The process's number as text, as in a pid file",
      text: "#include <stdio.h>\n#include <unistd.h>\nint f(char *text, int a) {\n  snprintf(text, 9, \"%d\", a);\n"
        + "  return snprintf(text, 9, \"%ld\", (long)getpid()); // here\n}"),
    Sample(
      title: "Notifications for systemd, and abstract names of sockets",
      text:
        "#include <sys/un.h>\nvoid f(struct sockaddr_un *a, char *b) {\n  a->sun_path[0] = 0; // here\n  b[0] = 0;\n}"),
    Sample(
      title: "The errors of getaddrinfo()",
      text: "#include <netdb.h>\nint f(int code) {\n  return code == EAI_AGAIN; // here\n}"),
  ]
}
