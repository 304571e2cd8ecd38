/* Restarts containers: ends their steps, for which the batch script makes new ones. */
#define _GNU_SOURCE
#include "scheduler.h"
#include "scripts.h"
#include "states.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define POLL_MICROSECONDS 100000

/* How long an executor may take to end, in seconds; longer than it gives its own children. */
#define GRACE 10

/* A container that is restarted. */
typedef struct restarting {
    int32_t id;
    uint32_t attempt; /* The first that counts as restarted. */
    int is_starting;  /* Whether that one is under way already. */
    char step[64];    /* The step that was told to end. */
    int is_done;
} restarting;

static int has_container(const plan *plan, int32_t container) {
    for (size_t i = 0; i < plan->count; i++)
        if (plan->ids[i] == container)
            return 1;
    return 0;
}

static time_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

/* Tells the steps of the containers to end, first gently; then those that have not, at once. */
static heron_status end_steps(const scheduler *self, const job *job, restarting *all, size_t count, int is_forced) {
    step *steps = calloc(self->plan.count, sizeof *steps);
    size_t step_count;
    if (!steps)
        abort();
    heron_status status = job_steps(self->host, &self->settings, job, steps, self->plan.count, &step_count);
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < step_count && status == HERON_OK; k++) {
            if (all[i].is_done || all[i].is_starting || all[i].id != steps[k].container)
                continue;
            if (!is_forced)
                memcpy(all[i].step, steps[k].id, sizeof all[i].step);
            if (!strcmp(all[i].step, steps[k].id))
                status = step_end(self->host, &self->settings, &steps[k], is_forced);
        }
    }
    free(steps);
    return status;
}

/* Looks which containers run again; whether all do. */
static int look(const scheduler *self, const job *job, restarting *all, size_t count) {
    int is_done = 1;
    for (size_t i = 0; i < count; i++) {
        container_state state;
        state_read(&self->settings, job->id, all[i].id, &state);
        all[i].is_done |= state.state == HERON_CONTAINER_RUNNING && state.attempt >= all[i].attempt;
        is_done &= all[i].is_done;
    }
    return is_done;
}

static heron_status wait_for_all(const scheduler *self, const job *job, restarting *all, size_t count) {
    time_t start = now();
    int is_forced = 0;
    while (!look(self, job, all, count)) {
        if (now() - start > self->settings.command_seconds)
            return fail(self->host, HERON_TIMEOUT, "see slurm-job.log in the working directory",
                        "not every container runs again after %d seconds", self->settings.command_seconds);
        if (now() - start > GRACE && !is_forced) {
            is_forced = 1;
            heron_status status = end_steps(self, job, all, count, 1);
            if (status != HERON_OK)
                return status;
        }
        usleep(POLL_MICROSECONDS);
    }
    return HERON_OK;
}

static heron_status restart_containers(const scheduler *self, const job *job, restarting *all, size_t count) {
    heron_status status = HERON_OK;
    for (size_t i = 0; i < count && status == HERON_OK; i++) {
        container_state state;
        state_read(&self->settings, job->id, all[i].id, &state);
        all[i].is_starting = state.state == HERON_CONTAINER_PENDING;
        all[i].attempt = state.attempt + (all[i].is_starting ? 0 : 1);
        if (!all[i].is_starting)
            status = scripts_mark_restart(self->host, &self->settings, all[i].id);
    }
    if (status == HERON_OK)
        status = end_steps(self, job, all, count, 0);
    return status == HERON_OK ? wait_for_all(self, job, all, count) : status;
}

heron_status restart(scheduler *self, int32_t wanted) {
    job job;
    size_t count = 0;
    if (wanted != -1 && !has_container(&self->plan, wanted))
        return fail(self->host, HERON_NOT_FOUND, NULL, "there is no container %d", (int)wanted);
    heron_status status = job_find(self->host, &self->settings, &job);
    if (status != HERON_OK)
        return status;
    if (!*job.id || job_is_ending(&job))
        return fail(self->host, HERON_NOT_FOUND, "try again", "Slurm has no job of this topology any more");
    if (strcmp(job.state, "RUNNING")) {
        log_line(self->host, HERON_LOG_WARNING, "job %s is %s: %s; its containers have yet to start", job.id, job.state,
                 job.reason);
        return HERON_OK;
    }
    restarting *all = calloc(self->plan.count, sizeof *all);
    if (!all)
        abort();
    for (size_t i = 0; i < self->plan.count; i++)
        if (wanted == -1 || wanted == self->plan.ids[i])
            all[count++].id = self->plan.ids[i];
    status = restart_containers(self, &job, all, count);
    report_all(self, &job);
    free(all);
    return status;
}
