/* The launcher: prepares a working directory and starts the scheduler there. */
#include "directory.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

typedef struct {
    heron_launcher table; /* First, so that a pointer to one is a pointer to the other. */
    const heron_host *host;
    const heron_launching *service; /* NULL before initialize. */
    char directory[PATH_MAX];
    int is_service; /* Whether the scheduler gets a process of its own. */
} launcher;

static heron_status initialize(heron_launcher *table) {
    launcher *self = (launcher *)table;
    char value[PATH_MAX];
    heron_status status = get_config(self->host, "heron.@NAME@.working.directory", self->directory);
    if (status != HERON_OK)
        return status;
    if (self->directory[0] != '/' || !self->directory[1])
        return fail(self->host, HERON_INVALID_ARGUMENT, "set heron.@NAME@.working.directory",
                    "the working directory '%s' is not an absolute path", self->directory);
    self->is_service = !find_config(self->host, "heron.scheduler.is.service", value) || strcasecmp(value, "false");
    self->service = self->host->get_extension(self->host, HERON_HOST_LAUNCHING);
    if (!self->service)
        return fail(self->host, HERON_UNSUPPORTED, "use a newer heron", "this heron lacks " HERON_HOST_LAUNCHING);
    return HERON_OK;
}

/* Fetches a package that a fact names. */
static heron_status fetch(launcher *self, const char *fact) {
    char uri[PATH_MAX];
    heron_status status = get_fact(self->host, fact, uri);
    if (status != HERON_OK)
        return status;
    return self->service->fetch_package(self->host, heron_text(uri), heron_text(self->directory));
}

/* Puts Heron's core package into the working directory, as `heron-core`. */
static heron_status fetch_core(launcher *self) {
    char core[PATH_MAX], link[PATH_MAX + 16];
    if (!find_fact(self->host, HERON_FACT_CORE_PACKAGE_DIRECTORY, core))
        return fetch(self, HERON_FACT_CORE_PACKAGE_URI);
    snprintf(link, sizeof link, "%s/heron-core", self->directory);
    if (symlink(core, link))
        return fail(self->host, HERON_FAILED, NULL, "cannot create %s: %s", link, strerror(errno));
    return HERON_OK;
}

static heron_status launch(heron_launcher *table, heron_bytes packing_plan) {
    launcher *self = (launcher *)table;
    size_t existed;
    (void)packing_plan; /* The scheduler is given it too. */
    if (!self->service)
        return fail(self->host, HERON_CLOSED, NULL, "the launcher is not initialized");
    heron_status status = directory_create(self->host, self->directory, &existed);
    if (status != HERON_OK)
        return status;
    status = fetch_core(self);
    if (status == HERON_OK)
        status = fetch(self, HERON_FACT_TOPOLOGY_PACKAGE_URI);
    if (status == HERON_OK)
        status = (self->is_service ? self->service->start_scheduler_service
                                   : self->service->schedule_as_library)(self->host, heron_text(self->directory));
    if (status != HERON_OK)
        directory_undo(self->directory, existed);
    return status;
}

static void destroy(heron_launcher *table) {
    free(table);
}

static void classes(heron_sink names) {
    names.put(names.context, LAUNCHER_CLASS, strlen(LAUNCHER_CLASS));
}

static heron_status create(const heron_host *host, heron_string class_name, heron_launcher **made) {
    if (class_name.length != strlen(LAUNCHER_CLASS) || memcmp(class_name.data, LAUNCHER_CLASS, class_name.length))
        return fail(host, HERON_NOT_FOUND, NULL, "there is no such launcher, but " LAUNCHER_CLASS);
    launcher *self = calloc(1, sizeof *self);
    if (!self)
        return fail(host, HERON_EXHAUSTED, NULL, "there is no memory for a launcher");
    self->host = host;
    self->table = (heron_launcher){
        .size = sizeof self->table,
        .destroy = destroy,
        .initialize = initialize,
        .launch = launch,
    };
    *made = &self->table;
    return HERON_OK;
}

const heron_launcher_factory launcher_factory = {
    .size = sizeof launcher_factory,
    .classes = classes,
    .create = create,
};
