#include <errno.h>
#include <setjmp.h>

struct parser {
  const char *at;
  int depth, deepest, error;
  jmp_buf failed;
};

static _Noreturn void fail(struct parser *parser, int error) {
  parser->error = error;
  longjmp(parser->failed, 1);
}

static void parse_list(struct parser *parser) {
  if (*parser->at++ != '(')
    fail(parser, EBADMSG);
  if (++parser->depth > 100)
    fail(parser, E2BIG);
  if (parser->depth > parser->deepest)
    parser->deepest = parser->depth;
  while (*parser->at == '(')
    parse_list(parser);
  if (*parser->at++ != ')')
    fail(parser, EBADMSG);
  parser->depth--;
}

// After longjmp() the variables of the function that called setjmp() are
// indeterminate if they have changed, so the parser belongs to the caller.
static int parse_all(struct parser *parser) {
  if (setjmp(parser->failed) != 0)
    return -parser->error;
  parse_list(parser);
  return *parser->at == '\0' ? parser->deepest : -EBADMSG;
}

/// Returns how deep the lists in a text such as "(()(()))" are, or a
/// negative errno: -EBADMSG if it is no list, -E2BIG if it is deeper than
/// 100.
int list_depth(const char *text) {
  struct parser parser = {.at = text};
  return parse_all(&parser);
}
