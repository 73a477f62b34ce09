#define _GNU_SOURCE

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct daemon_options {
  const char *host; /* the argument behind the options, or NULL */
  const char *port; /* -p PORT */
  int verbose;      /* -v, as often as it is given */
};

/// Parses the arguments of a program: [-v] [-p PORT] [HOST]. Returns 0, or
/// -EINVAL.
int parse_options(int count, char **arguments, struct daemon_options *options) {
  *options = (struct daemon_options){.port = "7000"};
  optind = 0; // Starts anew, in case that an earlier call was given up.
  opterr = 0;
  int option;
  // The "+" stops at the first argument that is no option, as in POSIX.
  while ((option = getopt(count, arguments, "+p:v")) != -1) {
    switch (option) {
    case 'p':
      options->port = optarg;
      break;
    case 'v':
      options->verbose++;
      break;
    default:
      return -EINVAL;
    }
  }
  if (count - optind > 1)
    return -EINVAL;
  if (optind < count)
    options->host = arguments[optind];
  return 0;
}
