#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <spawn.h>

/// Starts a program with standard input and output of its own, and with
/// default signals. Returns its identifier, or a negative errno.
pid_t spawn_program(const char *path, char *const *words,
                    char *const *variables, int input, int output) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0)
    return -error;
  error = posix_spawnattr_init(&attributes);
  if (error != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return -error;
  }
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  pid_t child = 0;
  error = posix_spawn_file_actions_adddup2(&actions, input, 0);
  if (error == 0)
    error = posix_spawn_file_actions_adddup2(&actions, output, 1);
  if (error == 0)
    error = posix_spawn(&child, path, &actions, &attributes, words, variables);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error != 0 ? -error : child;
}
