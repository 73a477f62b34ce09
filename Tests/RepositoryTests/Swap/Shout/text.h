#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>

/* Makes the letters of bytes large. Returns how many it changed. */
int text_upper(char *bytes, size_t count);

/* Prints a text in large letters. */
void text_shout(const char *text);

#endif
