/* A topology's working directory. `mark` is the name of a file in it that says whose it is, such as ".heron-slurm". */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include "text.h"

/* Creates a directory that must not exist yet, and the folders above it, and marks it as the plugin's. */
heron_status directory_create(const heron_host *host, const char *mark, const char *path);

/* Removes a directory that has the mark, with all that is in it; nothing if it is not there. Anything else is refused.
 */
heron_status directory_remove(const heron_host *host, const char *mark, const char *path);

/* How much of a path exists, in bytes; and removes those of its folders beyond that which are empty, to undo what
 * directory_create made of them. */
size_t directory_existing(const char *path);
void directory_remove_parents(const char *path, size_t existing);

#endif
