/* One job of Aurora for a topology. Aurora keeps the containers running; nothing has to be remembered here. */
#define _GNU_SOURCE
#include "../common/directory.h"
#include "client.h"
#include "plugin.h"

#include <stdlib.h>

typedef struct scheduler {
    heron_scheduler table; /* First, so that a pointer to one is a pointer to the other. */
    const heron_host *host;
    settings settings;
    int is_ready;
} scheduler;

static heron_status initialize(heron_scheduler *table) {
    scheduler *self = (scheduler *)table;
    settings_free(&self->settings);
    heron_status status = settings_read(self->host, &self->settings);
    self->is_ready = status == HERON_OK;
    return status;
}

static heron_status check_ready(scheduler *self) {
    return self->is_ready ? HERON_OK : fail(self->host, HERON_CLOSED, NULL, "the scheduler is not initialized");
}

/* Whether the job was created before, by a scheduler that has ended. */
static heron_status read_resumed(scheduler *self, int *is_resumed) {
    text fact = {0};
    heron_status status = read_fact(self->host, HERON_FACT_RESUMED, 0, &fact);
    *is_resumed = !strcmp(text_string(&fact), "true");
    text_free(&fact);
    return status;
}

static heron_status on_schedule(heron_scheduler *table, heron_bytes packing_plan) {
    scheduler *self = (scheduler *)table;
    needs needs;
    int is_resumed = 0;
    heron_status status = check_ready(self);
    if (status == HERON_OK)
        status = plan_needs(self->host, packing_plan, &needs);
    if (status == HERON_OK)
        status = read_resumed(self, &is_resumed);
    if (status != HERON_OK || is_resumed)
        return status;
    status = plan_write_scheduled(self->host, &needs);
    return status == HERON_OK ? job_create(self->host, &self->settings, &needs) : status;
}

static heron_status on_kill(heron_scheduler *table, heron_bytes request) {
    scheduler *self = (scheduler *)table;
    (void)request;
    heron_status status = check_ready(self);
    if (status == HERON_OK)
        status = job_kill(self->host, &self->settings);
    return status == HERON_OK
               ? directory_remove(self->host, WORKING_DIRECTORY_MARK, text_string(&self->settings.directory))
               : status;
}

static heron_status on_restart(heron_scheduler *table, heron_bytes request) {
    scheduler *self = (scheduler *)table;
    int32_t container;
    heron_status status = check_ready(self);
    if (status == HERON_OK)
        status = restart_read(self->host, request, &container);
    return status == HERON_OK ? job_restart(self->host, &self->settings, container) : status;
}

static heron_status get_job_links(heron_scheduler *table, heron_sink links) {
    scheduler *self = (scheduler *)table;
    heron_status status = check_ready(self);
    if (status == HERON_OK && self->settings.link.length)
        links.put(links.context, self->settings.link.data, self->settings.link.length);
    return status;
}

static void destroy(heron_scheduler *table) {
    scheduler *self = (scheduler *)table;
    settings_free(&self->settings);
    free(self);
}

static void classes(heron_sink names) {
    names.put(names.context, SCHEDULER_CLASS, strlen(SCHEDULER_CLASS));
}

static heron_status create(const heron_host *host, heron_string class_name, heron_scheduler **made) {
    if (class_name.length != strlen(SCHEDULER_CLASS) || memcmp(class_name.data, SCHEDULER_CLASS, class_name.length))
        return fail(host, HERON_NOT_FOUND, NULL, "there is no such scheduler class");
    scheduler *self = calloc(1, sizeof *self);
    if (!self)
        return fail(host, HERON_EXHAUSTED, NULL, "no memory for a scheduler");
    self->host = host;
    self->table = (heron_scheduler){
        .size = sizeof self->table,
        .destroy = destroy,
        .initialize = initialize,
        .on_schedule = on_schedule,
        .on_kill = on_kill,
        .on_restart = on_restart,
        .get_job_links = get_job_links,
    };
    *made = &self->table;
    return HERON_OK;
}

const heron_scheduler_factory scheduler_factory = {
    .size = sizeof scheduler_factory, .classes = classes, .create = create};
