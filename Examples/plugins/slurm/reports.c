/* What the scheduler tells: reports of containers, its status, and links. */
#define _GNU_SOURCE
#include "scheduler.h"
#include "states.h"

#include <stdlib.h>

static void tell(const scheduler *self, const heron_container *container) {
    const heron_containers *containers = self->host->get_extension(self->host, HERON_HOST_CONTAINERS);
    if (containers)
        containers->changed(self->host, container);
}

void report(const scheduler *self, int32_t container, int32_t state, const char *reason) {
    heron_container told = {.size = sizeof told, .id = container, .state = state, .reason = heron_text(reason)};
    tell(self, &told);
}

/* Tells what the batch script has written down about a container of a job that runs. */
static void report_running(const scheduler *self, const job *job, int32_t container) {
    container_state state;
    state_read(&self->settings, job->id, container, &state);
    heron_container told = {
        .size = sizeof told,
        .id = container,
        .state = state.state,
        .attempt = state.attempt,
        .pid = state.pid,
        .port_count = state.port_count,
        .ports = state.ports,
        .host = heron_text(state.node),
        .reason = heron_text(state.reason),
    };
    tell(self, &told);
}

void report_all(const scheduler *self, const job *job) {
    for (size_t i = 0; i < self->plan.count; i++) {
        if (!*job->id)
            report(self, self->plan.ids[i], HERON_CONTAINER_STOPPED, "Slurm has no job of this topology");
        else if (job_is_ending(job))
            report(self, self->plan.ids[i], HERON_CONTAINER_STOPPING, "the job is ending");
        else if (!strcmp(job->state, "RUNNING"))
            report_running(self, job, self->plan.ids[i]);
        else
            report(self, self->plan.ids[i], HERON_CONTAINER_PENDING, job->reason);
    }
}

static void add_member(text *json, const char *name, const char *value) {
    text_format(json, "%s\"%s\":\"", json->length > 1 ? "," : "", name);
    for (; *value; value++) {
        if (*value == '"' || *value == '\\')
            text_format(json, "\\%c", *value);
        else if ((unsigned char)*value < 0x20)
            text_format(json, "\\u%04x", *value);
        else
            text_add(json, value, 1);
    }
    text_add(json, "\"", 1);
}

heron_status get_status(heron_scheduler *table, heron_sink json) {
    scheduler *self = (scheduler *)table;
    job job = {0};
    text object = {0};
    heron_status status = check_ready(self);
    if (status == HERON_OK)
        status = job_find(self->host, &self->settings, &job);
    if (status != HERON_OK)
        return status;
    report_all(self, &job);
    text_format(&object, "{");
    add_member(&object, "job", *job.id ? job.id : "none");
    if (*job.id) {
        add_member(&object, "state", job.state);
        add_member(&object, "reason", job.reason);
        add_member(&object, "partition", job.partition);
        add_member(&object, "nodes", job.nodes);
        add_member(&object, "time left", job.time_left);
    }
    text_format(&object, "}");
    json.put(json.context, object.data, object.length);
    text_free(&object);
    return HERON_OK;
}

heron_status get_job_links(heron_scheduler *table, heron_sink links) {
    scheduler *self = (scheduler *)table;
    const char *template = text_string(&self->settings.link_template), *place = strstr(template, "%j");
    job job;
    text link = {0};
    heron_status status = check_ready(self);
    if (status != HERON_OK || !place)
        return status;
    status = job_find(self->host, &self->settings, &job);
    if (status == HERON_OK && *job.id) {
        text_format(&link, "%.*s%s%s", (int)(place - template), template, job.id, place + 2);
        links.put(links.context, link.data, link.length);
    }
    text_free(&link);
    return status;
}
