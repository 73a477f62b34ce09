/* Signals: a member of siginfo_t that is a macro in C. */
#ifndef LINUX_SIGNALS_H
#define LINUX_SIGNALS_H

#pragma clang module import SwiftGlibc

#include <signal.h>

static inline pid_t linux_sender(const siginfo_t *_Nonnull info) { return info->si_pid; }

#endif
