/* Files: what _GNU_SOURCE would declare. */
#ifndef LINUX_FILES_H
#define LINUX_FILES_H

#pragma clang module import SwiftGlibc

/* <stdlib.h> */
int mkostemp(char *_Nonnull pattern, int flags);

#endif
