#define _GNU_SOURCE
#include "directory.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* This file makes a directory ours, and is what gets locked. */
#define MARK ".heron-" PLUGIN_NAME

static int open_mark(const char *path, int flags) {
    char mark[PATH_MAX + sizeof MARK + 1];
    snprintf(mark, sizeof mark, "%s/" MARK, path);
    return open(mark, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
}

/* Creates the folders above a path; stores how much of the path existed. An errno value. */
static int create_parents(const char *path, size_t *existed) {
    char parent[PATH_MAX];
    *existed = strlen(path);
    for (const char *end = strchr(path + 1, '/'); end; end = strchr(end + 1, '/')) {
        size_t length = (size_t)(end - path);
        snprintf(parent, sizeof parent, "%.*s", (int)length, path);
        if (!mkdir(parent, 0755)) {
            if (length < *existed)
                *existed = length - 1;
        } else if (errno != EEXIST) {
            return errno;
        }
    }
    return 0;
}

static void remove_parents(const char *path, size_t existed) {
    char parent[PATH_MAX];
    snprintf(parent, sizeof parent, "%s", path);
    for (char *end; (end = strrchr(parent, '/')) && (size_t)(end - parent) > existed;) {
        *end = 0;
        rmdir(parent);
    }
}

heron_status directory_create(const heron_host *host, const char *path, size_t *existed) {
    int error = create_parents(path, existed);
    if (!error && mkdir(path, 0755))
        error = errno;
    int mark = error ? -1 : open_mark(path, O_CREAT | O_EXCL);
    if (mark >= 0) {
        close(mark);
        return HERON_OK;
    }
    if (!error) {
        error = errno;
        rmdir(path);
    }
    remove_parents(path, *existed);
    if (error == EEXIST)
        return fail(host, HERON_ALREADY_EXISTS, "kill its topology, or remove it",
                    "the working directory %s exists already", path);
    return fail(host, HERON_FAILED, NULL, "cannot create the working directory %s: %s", path, strerror(error));
}

void directory_undo(const char *path, size_t existed) {
    directory_remove(path);
    remove_parents(path, existed);
}

heron_status directory_lock(const heron_host *host, const char *path, int *lock) {
    *lock = open_mark(path, 0);
    if (*lock < 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return HERON_OK;
        return fail(host, HERON_FAILED, NULL, "cannot use the working directory %s: %s", path, strerror(errno));
    }
    if (!flock(*lock, LOCK_EX | LOCK_NB))
        return HERON_OK;
    close(*lock);
    *lock = -1;
    return fail(host, HERON_ALREADY_EXISTS, "kill its topology first",
                "the working directory %s is in use by another scheduler", path);
}

void directory_unlock(int *lock) {
    if (*lock < 0)
        return;
    flock(*lock, LOCK_UN); /* A child that another thread is just starting may have the descriptor too. */
    close(*lock);
    *lock = -1;
}

/* Removes all but the directory and its mark: as long as anything is left, it can be seen to be ours. */
static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk) {
    (void)info, (void)kind;
    int is_kept = walk->level == 0 || (walk->level == 1 && !strcmp(path + walk->base, MARK));
    return is_kept ? 0 : remove(path);
}

int directory_remove(const char *path) {
    char mark[PATH_MAX + sizeof MARK + 1];
    snprintf(mark, sizeof mark, "%s/" MARK, path);
    if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) || (unlink(mark) && errno != ENOENT) || rmdir(path))
        return errno == ENOENT ? 0 : errno;
    return 0;
}
