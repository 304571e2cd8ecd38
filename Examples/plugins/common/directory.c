#define _GNU_SOURCE
#include "directory.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static int create_parents(const char *path) {
    char *parent = strdup(path);
    int error = parent ? 0 : ENOMEM;
    for (char *end = parent; !error && (end = strchr(end + 1, '/'));) {
        *end = 0;
        if (mkdir(parent, 0755) && errno != EEXIST)
            error = errno;
        *end = '/';
    }
    free(parent);
    return error;
}

static text path_of(const char *path, const char *mark) {
    text file = {0};
    text_format(&file, "%s/%s", path, mark);
    return file;
}

heron_status directory_create(const heron_host *host, const char *mark, const char *path) {
    int error = create_parents(path);
    if (!error && mkdir(path, 0755))
        error = errno;
    if (error == EEXIST)
        return fail(host, HERON_ALREADY_EXISTS, "kill the topology that it belongs to, or remove it",
                    "the working directory %s exists already", path);
    if (error)
        return fail(host, HERON_FAILED, NULL, "cannot create the working directory %s: %s", path, strerror(error));
    text file_name = path_of(path, mark);
    int file = open(text_string(&file_name), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    heron_status status = HERON_OK;
    if (file < 0) {
        status = fail(host, HERON_FAILED, NULL, "cannot write %s: %s", text_string(&file_name), strerror(errno));
        rmdir(path);
    } else {
        close(file);
    }
    text_free(&file_name);
    return status;
}

/* An errno value for what could not be removed, and the mark: nftw hands no context to remove_entry. */
static _Thread_local int is_left;
static _Thread_local const char *kept;

/* Keeps the mark for last, so that what is left of the directory can still be seen to be ours. */
static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk) {
    (void)info, (void)kind;
    if (walk->level == 0 || (walk->level == 1 && !strcmp(path + walk->base, kept)))
        return 0;
    if (remove(path) && errno != ENOENT)
        is_left = errno;
    return 0;
}

heron_status directory_remove(const heron_host *host, const char *mark, const char *path) {
    struct stat info;
    if (lstat(path, &info) && errno == ENOENT)
        return HERON_OK;
    text file_name = path_of(path, mark);
    heron_status status = HERON_OK;
    if (lstat(text_string(&file_name), &info) || info.st_uid != geteuid()) {
        status = fail(host, HERON_PERMISSION_DENIED, "remove it by hand",
                      "%s is not a working directory of this user's, so it is left", path);
    } else {
        is_left = 0;
        kept = mark;
        if (nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS) && !is_left)
            is_left = errno;
        if (!is_left && ((unlink(text_string(&file_name)) && errno != ENOENT) || rmdir(path)))
            is_left = errno;
        if (is_left)
            status = fail(host, HERON_FAILED, "remove it by hand", "cannot remove the working directory %s: %s", path,
                          strerror(is_left));
    }
    text_free(&file_name);
    return status;
}

size_t directory_existing(const char *path) {
    struct stat info;
    size_t length = strlen(path);
    char *parent = strdup(path);
    if (!parent)
        abort();
    while (length && lstat(parent, &info)) {
        char *end = strrchr(parent, '/');
        length = end ? (size_t)(end - parent) : 0;
        parent[length] = 0;
    }
    free(parent);
    return length;
}

void directory_remove_parents(const char *path, size_t existing) {
    char *parent = strdup(path), *end;
    if (!parent)
        abort();
    while ((end = strrchr(parent, '/')) && (size_t)(end - parent) > existing) {
        *end = 0;
        if (rmdir(parent) && errno != ENOENT)
            break;
    }
    free(parent);
}
