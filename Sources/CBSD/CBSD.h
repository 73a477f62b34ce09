/* The headers of libbsd that the C engine uses. They are not overlaid on the standard headers, so that a reader sees
 * where a function comes from. */
#define LIBBSD_NETBSD_VIS /* selects the strnvis(3) that causes no warning; the engine uses neither */
#include <bsd/stdlib.h>
#include <bsd/string.h>
#include <bsd/vis.h>
