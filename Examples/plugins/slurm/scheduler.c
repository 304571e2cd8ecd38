/* The functions that the host calls, on one thread. */
#define _GNU_SOURCE
#include "scheduler.h"
#include "../common/directory.h"
#include "plugin.h"
#include "scripts.h"

#include <stdlib.h>

static heron_status initialize(heron_scheduler *table) {
    scheduler *self = (scheduler *)table;
    settings_free(&self->settings);
    heron_status status = settings_read(self->host, &self->settings);
    self->is_ready = status == HERON_OK;
    return status;
}

heron_status check_ready(const scheduler *self) {
    return self->is_ready ? HERON_OK : fail(self->host, HERON_CLOSED, NULL, "the scheduler is not initialized");
}

/* The job that runs, or one that is submitted now: the first one, or in place of one that has ended. */
static heron_status find_or_submit(scheduler *self, job *job) {
    heron_status status = job_find(self->host, &self->settings, job);
    if (status == HERON_OK && *job->id && job_is_ending(job)) {
        *job->id = 0;
        status = job_cancel(self->host, &self->settings);
    }
    if (status != HERON_OK || *job->id)
        return status;
    status = scripts_write(self->host, &self->settings, &self->plan);
    if (status == HERON_OK)
        status = job_submit(self->host, &self->settings, &self->plan, job);
    if (status == HERON_OK)
        log_line(self->host, HERON_LOG_INFO, "submitted job %s", job->id);
    return status;
}

static heron_status on_schedule(heron_scheduler *table, heron_bytes packing_plan) {
    scheduler *self = (scheduler *)table;
    job job;
    plan_free(&self->plan);
    heron_status status = check_ready(self);
    if (status == HERON_OK)
        status = plan_read(self->host, packing_plan, &self->settings, &self->plan);
    if (status == HERON_OK)
        status = find_or_submit(self, &job);
    /* The job is there; what it does can be asked again. */
    if (status == HERON_OK && job_await_start(self->host, &self->settings, &job) == HERON_OK) {
        report_all(self, &job);
        if (!strcmp(job.state, "PENDING"))
            log_line(self->host, HERON_LOG_WARNING, "job %s is pending: %s", job.id, job.reason);
    }
    return status;
}

static heron_status on_kill(heron_scheduler *table, heron_bytes request) {
    scheduler *self = (scheduler *)table;
    (void)request; /* It only names the topology. */
    heron_status status = check_ready(self);
    if (status == HERON_OK)
        status = job_cancel(self->host, &self->settings);
    if (status != HERON_OK)
        return status;
    for (size_t i = 0; i < self->plan.count; i++)
        report(self, self->plan.ids[i], HERON_CONTAINER_STOPPED, "killed");
    return directory_remove(self->host, WORKING_DIRECTORY_MARK, text_string(&self->settings.directory));
}

static heron_status on_restart(heron_scheduler *table, heron_bytes request) {
    scheduler *self = (scheduler *)table;
    int32_t wanted;
    heron_status status = check_ready(self);
    if (status == HERON_OK)
        status = restart_read(self->host, request, &wanted);
    if (status == HERON_OK && !self->plan.count)
        status = fail(self->host, HERON_CLOSED, NULL, "nothing has been scheduled");
    return status == HERON_OK ? restart(self, wanted) : status;
}

static const void *get_extension(heron_scheduler *table, const char *id) {
    static const heron_scheduler_status status = {.size = sizeof status, .get_status = get_status};
    (void)table;
    return strcmp(id, HERON_SCHEDULER_STATUS) ? NULL : &status;
}

static void destroy(heron_scheduler *table) {
    scheduler *self = (scheduler *)table;
    settings_free(&self->settings);
    plan_free(&self->plan);
    free(self);
}

static void classes(heron_sink names) {
    names.put(names.context, SCHEDULER_CLASS, strlen(SCHEDULER_CLASS));
}

static heron_status create(const heron_host *host, heron_string class_name, heron_scheduler **made) {
    if (class_name.length != strlen(SCHEDULER_CLASS) || memcmp(class_name.data, SCHEDULER_CLASS, class_name.length))
        return fail(host, HERON_NOT_FOUND, NULL, "there is no scheduler class %.*s", (int)class_name.length,
                    class_name.data);
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
        .get_extension = get_extension,
    };
    *made = &self->table;
    return HERON_OK;
}

const heron_scheduler_factory scheduler_factory = {
    .size = sizeof scheduler_factory, .classes = classes, .create = create};
