/* Readiness: headers that Glibc's module lacks. */
#ifndef LINUX_READINESS_H
#define LINUX_READINESS_H

#pragma clang module import SwiftGlibc

#include <sys/eventfd.h>
#include <sys/timerfd.h>

#endif
