/* The idioms of C network code, one file each, in a folder for each topic. */
#ifndef CIDIOMS_H
#define CIDIOMS_H

/* For Swift, the structures of libc's headers belong to Glibc, also where this
 * module includes them. */
#ifdef __swift__
#pragma clang module import SwiftGlibc
#endif

// clang-format off
#include "addresses.h"
#include "messages.h"
#include "readiness.h"
#include "descriptors.h"
#include "memory.h"
#include "text.h"
#include "failures.h"
#include "signals.h"
#include "processes.h"
#include "threads.h"
#include "daemons.h"
// clang-format on

#endif
