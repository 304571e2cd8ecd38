/* The working directory: the launcher prepares it, the scheduler locks it and removes it in the end. */
#ifndef DIRECTORY_H
#define DIRECTORY_H

#include "plugin.h"

/* Creates a directory that must not exist, the folders above it, and the mark that it is ours. Stores how many bytes
 * of the path existed before, for directory_undo. */
heron_status directory_create(const heron_host *host, const char *path, size_t *existed);

/* Removes what directory_create made, with all that has come into the directory since. */
void directory_undo(const char *path, size_t existed);

/* Locks a directory against other schedulers, until directory_unlock or the process's end. The lock is -1 if it is not
 * there, or not ours. */
heron_status directory_lock(const heron_host *host, const char *path, int *lock);
void directory_unlock(int *lock);

/* Removes a directory and everything in it; an errno value. */
int directory_remove(const char *path);

#endif
