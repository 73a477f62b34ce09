/* Endpoints, errors, text and services: pure functions. */
#include "calls.h"

static void parse(FILE *out, const char *text, size_t length) {
  struct ipc_endpoint parsed;
  int result = ipc_endpoint_parse(text, length, &parsed);
  show(out, "ipc_endpoint_parse", result);
  if (result < 0) {
    show_endpoint(out, "  after the error", &parsed);
    return;
  }
  char small[8], exact[IPC_ENDPOINT_TEXT_MAX + 1];
  show_endpoint(out, "  parsed", &parsed);
  show(out, "ipc_endpoint_format", ipc_endpoint_format(&parsed, small, sizeof small));
  result = ipc_endpoint_format(&parsed, exact, sizeof exact);
  show(out, "ipc_endpoint_format", result);
  require(memcmp(exact, text, length) == 0 && exact[result] == '\0', "the format of an endpoint");
  show(out, "ipc_endpoint_format", ipc_endpoint_format(&parsed, exact, (size_t)result));
  show(out, "ipc_endpoint_format", ipc_endpoint_format(&parsed, exact, (size_t)result + 1));
}

static void make_tcp(FILE *out, const char *host, const char *port) {
  struct ipc_endpoint made;
  int result = ipc_endpoint_tcp(host, strlen(host), port, strlen(port), &made);
  show(out, "ipc_endpoint_tcp", result);
  show_endpoint(out, "  made", &made);
}

static void resolve(FILE *out, const char *text, size_t capacity) {
  struct ipc_endpoint where = endpoint(text), found[IPC_CANDIDATES_MAX];
  int result = ipc_endpoint_resolve(&where, found, capacity);
  show(out, "ipc_endpoint_resolve", result);
  for (int i = 0; i < result; i++)
    show_endpoint(out, "  found", &found[i]);
}

void call_endpoints(FILE *out) {
  const char *texts[] = {"tcp:127.0.0.1:5000",
                         "tcp:[::1]:0",
                         "tcp:*:65535",
                         "tcp:localhost:80",
                         "unix:/run/hello.sock",
                         "unix:@hello",
                         "pipe:/run/hello",
                         "queue:/hello",
                         "memory:/hello",
                         "",
                         "hello",
                         "tcp:",
                         "tcp:::1:5",
                         "tcp:host",
                         "tcp:host:65536",
                         "tcp:127.1:5",
                         "unix:",
                         "pipe:",
                         "queue:hello",
                         "memory:/a/b"};
  for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
    parse(out, texts[i], strlen(texts[i]));
  parse(out, "unix:@a\0b", 9);
  parse(out, "unix:/a\0b", 9);
  make_tcp(out, "[::1]", "7");
  make_tcp(out, "localhost", "0");
  make_tcp(out, "", "7");
  make_tcp(out, "localhost", "-1");
  resolve(out, "tcp:127.0.0.1:5000", 1);
  resolve(out, "tcp:localhost:5000", 1);
  resolve(out, "tcp:localhost:5000", 0);
  resolve(out, "unix:@hello", IPC_CANDIDATES_MAX);
  resolve(out, "tcp:no-such-host.invalid:5000", IPC_CANDIDATES_MAX);
}

static void show_text(FILE *out, const char *bytes, size_t length) {
  char text[128];
  ssize_t result = ipc_vis(bytes, length, text, sizeof text);
  show(out, "ipc_vis", result);
  fprintf(out, "  %.*s\n", (int)result, text);
  show(out, "ipc_vis", ipc_vis(bytes, length, text, length));
  result = ipc_message_text(bytes, length, text, sizeof text);
  show(out, "ipc_message_text", result);
  fprintf(out, "  %.*s", (int)result, text);
  show(out, "ipc_message_text", ipc_message_text(bytes, length, text, 21));
}

static void step(FILE *out, struct ipc_service service, uint64_t position, const char *input, bool ended) {
  struct ipc_service_result result;
  char output[IPC_LINE_MAX + 45] = {0};
  ipc_service_step(&service, position, input, strlen(input), ended, output, sizeof output, &result);
  fprintf(out, "ipc_service_step: %zu, %zu, %d, %d, %d, %d: %.60s\n", result.consumed, result.produced, result.echoes,
          result.prints, result.cut, (int)result.next, output);
}

/// The text of an error is the same constant at each call.
static void show_errors(FILE *out) {
  for (int error = -40000; error <= 1; error++) {
    const char *text = ipc_error_text(error);
    require(text == ipc_error_text(error), "the address of the text of an error");
    if (strcmp(text, "Unknown error") != 0)
      fprintf(out, "ipc_error_text: %d %s\n", error, text);
  }
  fprintf(out, "ipc_error_text: %s %s\n", ipc_error_text(INT32_MIN), ipc_error_text(INT32_MAX));
}

void call_texts(FILE *out) {
  char letters[1000];
  memset(letters, 'g', sizeof letters - 1);
  letters[sizeof letters - 1] = '\0';
  show_errors(out);
  show_text(out, "hello\x1b[31m\\", 11);
  show_text(out, "\xE2\x80\xAE\xC3\xA4\xFF", 6);
  show_text(out, "", 0);
  struct ipc_service greeting = {.kind = IPC_GREETING, .length = strlen(letters), .greeting = letters};
  for (uint64_t position = 0; position <= strlen(letters); position += 100)
    step(out, greeting, position, "", position > 500);
  step(out, (struct ipc_service){.kind = IPC_GREETING}, 0, "input", false);
  for (enum ipc_service_kind kind = IPC_MESSAGE; kind <= IPC_CHARGEN; kind++) {
    struct ipc_service service = {.kind = kind};
    step(out, service, 0, "", false);
    step(out, service, 74 * 95 + 7, "hello\nworld", false);
    step(out, service, 1, "hello", true);
    step(out, service, 1, letters, false);
  }
}
