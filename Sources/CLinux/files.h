/* Files: what `import Glibc` lacks. */

/* <stdlib.h> */
int mkostemp(char *_Nonnull pattern, int flags);
