#define _DEFAULT_SOURCE

#include <syslog.h>

/// Opens the system's log. The name must remain valid: libc keeps the
/// pointer.
void log_start(const char *name, int options) {
  openlog(name, options, LOG_DAEMON);
}

/// Logs how many bytes a client sent.
void log_client(const char *peer, long bytes) {
  syslog(LOG_INFO, "%s: %ld bytes", peer, bytes);
}
