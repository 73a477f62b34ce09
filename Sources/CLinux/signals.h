/* Signals: members of siginfo_t that are macros in C. */
#ifndef LINUX_SIGNALS_H
#define LINUX_SIGNALS_H

#pragma clang module import SwiftGlibc

#include <signal.h>

static inline pid_t linux_sender(const siginfo_t *_Nonnull info) { return info->si_pid; }
static inline uid_t linux_sender_user(const siginfo_t *_Nonnull info) { return info->si_uid; }
static inline int linux_child_status(const siginfo_t *_Nonnull info) { return info->si_status; }

#endif
