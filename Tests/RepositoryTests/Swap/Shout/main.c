#include "text.h"

#include <stdio.h>
#include <string.h>

int main(void) {
  char text[] = "Hello, 1 World";
  int changed = text_upper(text, strlen(text));
  printf("%s: %d\n", text, changed);
  text_shout("the end");
}
