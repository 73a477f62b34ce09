/* Processes. */
#ifndef IDIOMS_PROCESSES_H
#define IDIOMS_PROCESSES_H

#include <stddef.h>
#include <sys/types.h>

#pragma clang assume_nonnull begin

/* fork_per_client.c */
int fork_per_client(int listener, int limit);

/* spawn_program.c */
pid_t spawn_program(const char *path, char *_Nullable const *_Nonnull words,
                    char *_Nullable const *_Nonnull variables, int input,
                    int output);

/* wait_status.c */
int shell_status(int status);
int wait_for_child(pid_t child);

/* read_command.c */
int read_command(const char *command, char *buffer, size_t size, size_t *count);

/* environment_variable.c */
int copy_variable(const char *name, char *buffer, size_t size);
int set_variable(const char *name, const char *value);
int count_variables(const char *prefix);

/* process_identity.c */
pid_t thread_identifier(void);
int host_name(char *buffer, size_t size);
long system_value(int name);

/* close_inherited.c */
int keep_from_programs(unsigned first);
int inherited_descriptors(void);

#pragma clang assume_nonnull end

#endif
