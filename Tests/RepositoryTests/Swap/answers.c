/* Prints the functions that answer in the place of Swift. Each definition here only returns its language. */
#include <stdio.h>

#define FUNCTION(name, group)                                                                                          \
  int name(void);                                                                                                      \
  int c_##name(void) { return 0; }                                                                                     \
  int swift_##name(void) { return 1; }
#include "functions.h"
#undef FUNCTION

int main(void) {
#define FUNCTION(name, group)                                                                                          \
  if (name() == 1)                                                                                                     \
    puts(#name);
#include "functions.h"
#undef FUNCTION
  return 0;
}
