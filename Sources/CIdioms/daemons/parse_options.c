#define _GNU_SOURCE

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

struct daemon_options {
  const char *host; /* the argument behind the options, or NULL */
  const char *port; /* -p PORT, --port PORT or --port=PORT */
  int verbose;      /* -v or --verbose, as often as it is given */
};

static const struct option names[] = {
    {"port", required_argument, NULL, 'p'},
    {"verbose", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

/// Parses the arguments of a program: [-v] [-p PORT] [HOST]. Returns 0, or
/// -EINVAL.
int parse_options(int count, char **arguments, struct daemon_options *options) {
  *options = (struct daemon_options){.port = "7000"};
  optind = 0; // Starts anew, in case that an earlier call was given up.
  opterr = 0;
  int option;
  // The "+" stops at the first argument that is no option, as in POSIX.
  while ((option = getopt_long(count, arguments, "+p:v", names, NULL)) != -1) {
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

/// Parses the arguments of main(), or prints how to use the program, and
/// exits.
void parse_or_exit(int argc, char **argv, struct daemon_options *options) {
  if (parse_options(argc, argv, options) == 0)
    return;
  fprintf(stderr, "usage: %s [-v] [-p PORT] [HOST]\n",
          program_invocation_short_name);
  exit(EX_USAGE);
}
