#define _GNU_SOURCE

#include <stddef.h>
#include <string.h>

/// Splits a command into its words, in place. Returns how many there are;
/// at most `limit` are stored.
int split_words(char *line, char **words, int limit) {
  int count = 0;
  char *rest;
  const char *spaces = " \t\r\n";
  char *word = strtok_r(line, spaces, &rest);
  while (word != NULL) {
    if (count < limit)
      words[count] = word;
    count++;
    word = strtok_r(NULL, spaces, &rest);
  }
  return count;
}

/// Splits `name=value` at its first '=', in place. Returns the value, or
/// NULL.
char *split_value(char *word) {
  char *equals = strchr(word, '=');
  if (equals == NULL)
    return NULL;
  *equals = '\0';
  return equals + 1;
}
