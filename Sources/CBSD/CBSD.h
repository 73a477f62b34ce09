/* What the C engine takes from libbsd, by its own names (no overlay), so that a reader sees where they come from. */
#define LIBBSD_NETBSD_VIS /* of the two strnvis(3), the one that needs no warning; the engine uses neither */
#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <bsd/vis.h>
