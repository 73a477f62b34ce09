/* Text and stdio. */
#ifndef IDIOMS_TEXT_H
#define IDIOMS_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/utsname.h>
#include <termios.h>
#include <time.h>

#pragma clang assume_nonnull begin

/* char_array.c */
int node_name_set(struct utsname *machine, const char *name);
int node_name_get(const struct utsname *machine, char *name, size_t size);

/* format_text.c */
int log_line(int fd, const char *format, ...);
int log_line_v(int fd, const char *format, va_list arguments);

/* read_lines.c */
int read_lines(const char *path,
               void (*each)(const char *line, size_t length,
                            void *_Nullable context),
               void *_Nullable context);

/* parse_number.c */
int parse_port(const char *text, uint16_t *port);

/* split_words.c */
int split_words(char *line, char *_Nullable *_Nonnull words, int limit);
char *_Nullable split_value(char *word);

/* standard_error.c */
void complain(const char *program, const char *what, int error);

/* time_text.c */
int time_text(const struct timespec *time, char *text, size_t size);
int now_text(char *text, size_t size);

/* terminal_mode.c */
int terminal_raw(int fd, struct termios *before);
int terminal_restore(int fd, const struct termios *before);

/* byte_classes.c */
int length_line(const char *bytes, size_t count, unsigned *length);

#pragma clang assume_nonnull end

#endif
