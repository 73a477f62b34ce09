#include <dirent.h>
#include <errno.h>
#include <string.h>

/// Calls a function for each name in a folder. Returns how many there are,
/// or a negative errno.
int list_folder(const char *path, void (*each)(const char *, void *),
                void *context) {
  DIR *folder = opendir(path);
  if (folder == NULL)
    return -errno;
  int count = 0;
  struct dirent *entry;
  // readdir(3) returns NULL at the end as for an error: only errno differs.
  while ((errno = 0, entry = readdir(folder)) != NULL) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    each(entry->d_name, context);
    count++;
  }
  int error = errno;
  closedir(folder);
  return error != 0 ? -error : count;
}
