#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

/// Calls a function of a library that may be missing, such as "cos" of
/// "libm.so.6". Returns 0, or -ENOENT without the library, or -ENOSYS
/// without the function.
int call_library(const char *library, const char *name, double value,
                 double *result) {
  void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  if (handle == NULL)
    return -ENOENT;
  double (*function)(double);
  // C has no cast from data to a function; POSIX writes it so.
  *(void **)&function = dlsym(handle, name);
  if (function != NULL)
    *result = function(value);
  dlclose(handle);
  return function != NULL ? 0 : -ENOSYS;
}
