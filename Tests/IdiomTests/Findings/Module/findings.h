/* What Swift makes of constants, and of a module that defines _GNU_SOURCE. */
#ifdef DEFINES_GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <sys/select.h>
#include <sys/socket.h>

enum { ANONYMOUS = 1 };
enum named { NAMED = 2 };
#define MACRO 3
#define MACRO_OF_A_CAST ((size_t)4)
static const size_t CONSTANT = 5;

/* Swift imports no macro of these kinds. */
#define MACRO_OF_SIZEOF sizeof(int)
#define MACRO_OF_A_CHARACTER 'a'
#define MACRO_OF_A_CONSTANT NAMED
#define MACRO_OF_A_CONDITION (1 ? 2 : 3)
#define MACRO_OF_AN_INITIALIZER {0}
#define MACRO_WITH_A_PARAMETER(value) (value)
