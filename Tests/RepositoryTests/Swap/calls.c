/* The main function, and how results are printed. */
#include "calls.h"

const char *folder;
int closed = -1;

void require(bool condition, const char *what) {
  if (condition)
    return;
  fprintf(stderr, "calls: %s failed\n", what);
  exit(2);
}

void show(FILE *out, const char *call, ssize_t result) {
  fprintf(out, "%s: %zd%s%s\n", call, result, result < 0 ? " " : "", result < 0 ? ipc_error_text((int)result) : "");
}

void show_descriptor(FILE *out, const char *call, int result) {
  if (result >= 0)
    fprintf(out, "%s: descriptor\n", call);
  else
    show(out, call, result);
}

void show_endpoint(FILE *out, const char *call, const struct ipc_endpoint *endpoint) {
  const char *name = endpoint->name;
  const char *start = strncmp(name, folder, strlen(folder)) == 0 ? name + strlen(folder) : name;
  const char *object = "/swap-"; /* its number is the process's */
  if (strncmp(name, object, strlen(object)) == 0)
    start = name + endpoint->length;
  fprintf(out, "%s: transport %d, ", call, (int)endpoint->transport);
  fprintf(out, endpoint->port >= 32768 ? "port, " : "%u, ", (unsigned)endpoint->port);
  fprintf(out, "length %d, ", endpoint->length - (int)(start - name));
  for (const char *at = start; at < name + endpoint->length; at++)
    fputc(*at ? *at : '0', out);
  fprintf(out, ", end %d\n", name[endpoint->length]);
}

void show_failure(FILE *out, const char *call, int result, const struct ipc_failure *failure) {
  show(out, call, result);
  if (result >= 0)
    return;
  fprintf(out, "  step %d, holder %s\n", (int)failure->step, failure->holder == getpid() ? "this process" : "unknown");
  if (failure->has_endpoint)
    show_endpoint(out, "  failure", &failure->endpoint);
}

static void print_event(void *context, const struct ipc_event *event) {
  FILE *out = context;
  fprintf(out, "  event %d, %s, count %zu", (int)event->step, event->descriptor >= 0 ? "descriptor" : "none",
          event->count);
  if (event->error)
    fprintf(out, ", failed %d: %d", (int)event->failed, event->error);
  if (event->step == IPC_STEP_CLOSE)
    fprintf(out, ", received %ju, sent %ju, %s", (uintmax_t)event->received, (uintmax_t)event->sent,
            event->duration_ms >= 0 && event->duration_ms < 10000 ? "soon" : "late");
  if (event->counters)
    fprintf(out, ", %ju, %ju, %ju, %ju, %ju, %ju", (uintmax_t)event->counters->accepted,
            (uintmax_t)event->counters->refused, (uintmax_t)event->counters->active, (uintmax_t)event->counters->failed,
            (uintmax_t)event->counters->received, (uintmax_t)event->counters->sent);
  if (event->endpoint)
    show_endpoint(out, ", at", event->endpoint);
  else
    fprintf(out, "\n");
  if (event->step == IPC_STEP_CLOSE)
    eventfd_write(closed, 1);
}

struct ipc_observer observer(FILE *out) {
  return (struct ipc_observer){.event = print_event, .context = out, .steps = UINT32_MAX};
}

void forget_closed(void) {
  if (closed >= 0)
    close(closed);
  closed = eventfd(0, EFD_CLOEXEC);
  require(closed >= 0, "eventfd");
}

void await_closed(void) {
  eventfd_t count;
  require(eventfd_read(closed, &count) == 0, "eventfd_read");
}

static int compare(const void *left, const void *right) {
  return strcmp(*(const char *const *)left, *(const char *const *)right);
}

void show_sorted(FILE *out, char *text) {
  const char *lines[64];
  size_t count = 0;
  for (char *line = strtok(text, "\n"); line && count < 64; line = strtok(NULL, "\n"))
    lines[count++] = line;
  qsort(lines, count, sizeof *lines, compare);
  for (size_t i = 0; i < count; i++)
    fprintf(out, "%s\n", lines[i]);
  free(text);
}

struct ipc_endpoint endpoint(const char *text) {
  struct ipc_endpoint parsed;
  require(ipc_endpoint_parse(text, strlen(text), &parsed) == 0, text);
  return parsed;
}

struct ipc_endpoint in_folder(const char *prefix, const char *name) {
  char text[IPC_ENDPOINT_TEXT_MAX + 1];
  snprintf(text, sizeof text, "%s%s/%s", prefix, folder, name);
  return endpoint(text);
}

int main(int argc, char **argv) {
  require(argc == 2, "usage: calls FOLDER");
  folder = argv[1];
  alarm(60); /* no call waits longer */
  forget_closed();
  show(stdout, "ipc_ignore_write_signals", ipc_ignore_write_signals());
  call_endpoints(stdout);
  call_texts(stdout);
  call_streams(stdout);
  call_servers(stdout);
  call_serving(stdout);
  call_links(stdout);
  call_rings(stdout);
  call_without_allocation(stdout);
  return 0;
}
