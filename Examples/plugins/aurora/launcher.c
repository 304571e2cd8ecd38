/* Brings the topology's configuration, with the job file, into a working directory of this machine, and lets the
 * scheduler create the job. */
#define _GNU_SOURCE
#include "../common/directory.h"
#include "plugin.h"
#include "settings.h"

#include <stdlib.h>

typedef struct launcher {
    heron_launcher table; /* First, so that a pointer to one is a pointer to the other. */
    const heron_host *host;
    const heron_launching *launching;
    settings settings;
    int is_service;
} launcher;

static heron_status initialize(heron_launcher *table) {
    launcher *self = (launcher *)table;
    text is_service = {0};
    self->launching = self->host->get_extension(self->host, HERON_HOST_LAUNCHING);
    if (!self->launching)
        return fail(self->host, HERON_UNSUPPORTED, NULL, "this heron does not offer %s", HERON_HOST_LAUNCHING);
    settings_free(&self->settings);
    heron_status status = settings_read(self->host, &self->settings);
    if (status == HERON_OK)
        status = read_config(self->host, "heron.scheduler.is.service", 0, &is_service);
    self->is_service = strcasecmp(text_string(&is_service), "false") != 0;
    text_free(&is_service);
    return status;
}

static heron_status fill_and_schedule(launcher *self) {
    heron_string directory = heron_text(text_string(&self->settings.directory));
    text package = {0};
    heron_status status = read_fact(self->host, HERON_FACT_TOPOLOGY_PACKAGE_URI, 1, &package);
    if (status == HERON_OK)
        status = self->launching->fetch_package(self->host, heron_text(text_string(&package)), directory);
    if (status == HERON_OK)
        status = self->is_service ? self->launching->start_scheduler_service(self->host, directory)
                                  : self->launching->schedule_as_library(self->host, directory);
    text_free(&package);
    return status;
}

static heron_status launch(heron_launcher *table, heron_bytes packing_plan) {
    launcher *self = (launcher *)table;
    const char *directory = text_string(&self->settings.directory);
    (void)packing_plan; /* The scheduler gets it. */
    if (!self->launching || !*directory)
        return fail(self->host, HERON_CLOSED, NULL, "the launcher is not initialized");
    size_t existing = directory_existing(directory);
    heron_status status = directory_create(self->host, WORKING_DIRECTORY_MARK, directory);
    if (status == HERON_OK) {
        status = fill_and_schedule(self);
        if (status != HERON_OK && directory_remove(self->host, WORKING_DIRECTORY_MARK, directory) != HERON_OK)
            log_line(self->host, HERON_LOG_WARNING, "the working directory %s is left behind", directory);
    }
    if (status != HERON_OK)
        directory_remove_parents(directory, existing);
    return status;
}

static void destroy(heron_launcher *table) {
    launcher *self = (launcher *)table;
    settings_free(&self->settings);
    free(self);
}

static void classes(heron_sink names) {
    names.put(names.context, LAUNCHER_CLASS, strlen(LAUNCHER_CLASS));
}

static heron_status create(const heron_host *host, heron_string class_name, heron_launcher **made) {
    if (class_name.length != strlen(LAUNCHER_CLASS) || memcmp(class_name.data, LAUNCHER_CLASS, class_name.length))
        return fail(host, HERON_NOT_FOUND, NULL, "there is no such launcher class");
    launcher *self = calloc(1, sizeof *self);
    if (!self)
        return fail(host, HERON_EXHAUSTED, NULL, "no memory for a launcher");
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

const heron_launcher_factory launcher_factory = {.size = sizeof launcher_factory, .classes = classes, .create = create};
