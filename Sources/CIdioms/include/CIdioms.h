/* The idioms of C network code, one file each, in a folder for each topic. */
#ifndef CIDIOMS_H
#define CIDIOMS_H

#include "addresses.h"

#endif
