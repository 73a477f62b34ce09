#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

int text_upper(char *bytes, size_t count) {
  int changed = 0;
  for (size_t i = 0; i < count; i++)
    if (islower((unsigned char)bytes[i])) {
      bytes[i] = (char)toupper((unsigned char)bytes[i]);
      changed++;
    }
  return changed;
}

void text_shout(const char *text) {
  char line[256];
  snprintf(line, sizeof line, "%s", text);
  text_upper(line, strlen(line));
  puts(line);
}
