#include <errno.h>
#include <string.h>
#include <unistd.h>

struct input {
  char bytes[256];
  size_t count;
};

/// Reads once, behind the bytes that are in the buffer. Returns how many
/// were added, 0 at the end, or a negative errno: -ENOBUFS if the buffer is
/// full.
ssize_t input_fill(struct input *input, int fd) {
  if (input->count == sizeof input->bytes)
    return -ENOBUFS;
  size_t room = sizeof input->bytes - input->count;
  ssize_t n;
  do
    n = read(fd, input->bytes + input->count, room);
  while (n < 0 && errno == EINTR);
  if (n < 0)
    return -errno;
  input->count += (size_t)n;
  return n;
}

/// Removes the first line. Returns its length with the newline, which is
/// copied to `line` with a NUL instead, or 0 while no line is complete.
size_t input_line(struct input *input, char line[256]) {
  const char *end = memchr(input->bytes, '\n', input->count);
  if (end == NULL)
    return 0;
  size_t length = (size_t)(end - input->bytes) + 1;
  memcpy(line, input->bytes, length - 1);
  line[length - 1] = '\0';
  input->count -= length;
  memmove(input->bytes, input->bytes + length, input->count);
  return length;
}
