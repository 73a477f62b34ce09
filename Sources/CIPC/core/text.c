/* Received bytes as text for a terminal. */
#include "core.h"

#define LIBBSD_NETBSD_VIS /* selects the strnvis(3) that causes no warning; the engine uses neither */
#include <bsd/vis.h>

size_t ipc_text_utf8_length(const unsigned char *bytes, size_t length) {
  unsigned char first = bytes[0], low = 0x80, high = 0xBF;
  size_t count = 2 + (first >= 0xE0) + (first >= 0xF0);
  if (first < 0xC2 || first > 0xF4 || length < count)
    return 0;
  switch (first) {
  case 0xC2: /* U+0080 to U+009F are control characters */
  case 0xE0:
    low = 0xA0;
    break;
  case 0xED: /* U+D800 to U+DFFF are surrogates */
    high = 0x9F;
    break;
  case 0xF0:
    low = 0x90;
    break;
  case 0xF4: /* U+10FFFF is the last character */
    high = 0x8F;
    break;
  }
  if (bytes[1] < low || bytes[1] > high)
    return 0;
  for (size_t i = 2; i < count; i++)
    if ((bytes[i] & 0xC0) != 0x80)
      return 0;
  return count;
}

/// Whether a character controls the direction of its neighbours, so that a terminal shows them in another order
/// (Unicode Standard Annex 9, Bidi_Control): U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069.
static bool controls_direction(const unsigned char *bytes) {
  if (bytes[0] == 0xD8)
    return bytes[1] == 0x9C;
  if (bytes[0] != 0xE2)
    return false;
  unsigned char last = bytes[2];
  return bytes[1] == 0x80 ? last == 0x8E || last == 0x8F || (last >= 0xAA && last <= 0xAE)
                          : bytes[1] == 0x81 && last >= 0xA6 && last <= 0xA9;
}

ssize_t ipc_vis(const void *bytes, size_t length, char *text, size_t size) {
  const unsigned char *from = bytes;
  size_t used = 0;
  for (size_t i = 0; i < length;) {
    char shown[8]; /* vis(3) writes at most four characters and a NUL */
    size_t taken = ipc_text_utf8_length(from + i, length - i);
    if (taken > 0 && controls_direction(from + i))
      taken = 0;
    size_t width = taken;
    if (taken > 0) {
      memcpy(shown, from + i, taken);
    } else {
      taken = 1;
      width = (size_t)(vis(shown, from[i], VIS_NOLOCALE, 0) - shown);
    }
    if (size - used < width)
      return -ENOSPC;
    memcpy(text + used, shown, width);
    used += width;
    i += taken;
  }
  return (ssize_t)used;
}

ssize_t ipc_message_text(const void *message, size_t length, char *text, size_t size) {
  static const char label[] = "Here is the message: ";
  const size_t head = sizeof label - 1;
  if (size < head + 1)
    return -ENOSPC;
  memcpy(text, label, head);
  ssize_t shown = ipc_vis(message, length, text + head, size - head - 1);
  if (shown < 0)
    return shown;
  text[head + (size_t)shown] = '\n';
  return (ssize_t)head + shown + 1;
}
