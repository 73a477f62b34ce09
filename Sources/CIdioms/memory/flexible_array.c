#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>

/// Calls a function with the name in each event of inotify(7). Returns how
/// many events there are, or -EBADMSG if the last one is not complete.
int event_names(const uint8_t *bytes, size_t count,
                void (*each)(const char *name, void *context), void *context) {
  int events = 0;
  struct inotify_event event; // char name[], its last field, has no size.
  while (count > 0) {
    if (count < sizeof event)
      return -EBADMSG;
    memcpy(&event, bytes, sizeof event);
    if (count - sizeof event < event.len)
      return -EBADMSG;
    const char *name = (const char *)bytes + sizeof event;
    // The name is padded by NUL. An event of the folder itself has none.
    if (event.len > 0 && memchr(name, '\0', event.len) == NULL)
      return -EBADMSG;
    each(event.len > 0 ? name : "", context);
    bytes += sizeof event + event.len;
    count -= sizeof event + event.len;
    events++;
  }
  return events;
}
