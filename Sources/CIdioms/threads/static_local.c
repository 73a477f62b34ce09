#include <stdio.h>

/// Returns the name of the next connection: "connection 1", "connection 2"
/// and so on. Only one thread calls it, and the next call overwrites the
/// text.
const char *connection_name(void) {
  static unsigned serial;
  static char text[32];
  snprintf(text, sizeof text, "connection %u", ++serial);
  return text;
}
