/* The scheduler: what the host asks of it. All functions run on one thread, one after the other. */
#include "scheduler.h"
#include "directory.h"
#include "plan.h"

#include <stdlib.h>

static heron_status initialize(heron_scheduler *table) {
    scheduler *self = (scheduler *)table;
    surroundings *place = &self->containers.place;
    if (self->is_ready)
        return fail(self->host, HERON_ALREADY_EXISTS, NULL, "the scheduler is initialized already");
    place->service = self->host->get_extension(self->host, HERON_HOST_CONTAINERS);
    if (!place->service)
        return fail(self->host, HERON_UNSUPPORTED, "use a newer heron", "this heron lacks " HERON_HOST_CONTAINERS);
    heron_status status = get_milliseconds(self->host, "heron.@NAME@.kill.grace.ms", &place->grace);
    if (status == HERON_OK)
        status = get_fact(self->host, HERON_FACT_WORKING_DIRECTORY, self->directory);
    if (status == HERON_OK)
        status = directory_lock(self->host, self->directory, &self->lock);
    self->is_ready = status == HERON_OK;
    return status;
}

static heron_status check_ready(const scheduler *self) {
    return self->is_ready ? HERON_OK : fail(self->host, HERON_CLOSED, NULL, "the scheduler is not initialized");
}

static heron_status on_schedule(heron_scheduler *table, heron_bytes packing_plan) {
    scheduler *self = (scheduler *)table;
    char resumed[PATH_MAX];
    size_t count;
    heron_status status = check_ready(self);
    if (status != HERON_OK)
        return status;
    if (self->lock < 0)
        return fail(self->host, HERON_NOT_FOUND, "use the launcher " LAUNCHER_CLASS,
                    "there is no working directory %s that the launcher prepared", self->directory);
    int32_t *ids = plan_containers(packing_plan, &count);
    if (!ids)
        return fail(self->host, HERON_INVALID_ARGUMENT, NULL, "the packing plan is not valid");
    /* A first start that cannot work is better undone than repeated for ever. */
    int is_first = !find_fact(self->host, HERON_FACT_RESUMED, resumed) || strcmp(resumed, "true");
    status = containers_run(&self->containers, ids, count, is_first);
    free(ids);
    return status;
}

static heron_status on_kill(heron_scheduler *table, heron_bytes request) {
    scheduler *self = (scheduler *)table;
    (void)request; /* It only names the topology. */
    heron_status status = check_ready(self);
    if (status == HERON_OK)
        status = containers_end(&self->containers);
    if (status != HERON_OK || self->lock < 0)
        return status;
    /* Nothing of a killed topology stays on the machine. */
    int error = directory_remove(self->directory);
    if (error)
        return fail(self->host, HERON_FAILED, NULL, "the topology has ended, but its working directory %s remains: %s",
                    self->directory, strerror(error));
    directory_unlock(&self->lock);
    return HERON_OK;
}

static heron_status on_restart(heron_scheduler *table, heron_bytes request) {
    scheduler *self = (scheduler *)table;
    int32_t id;
    heron_status status = check_ready(self);
    if (status != HERON_OK)
        return status;
    if (!restart_container(request, &id))
        return fail(self->host, HERON_INVALID_ARGUMENT, NULL, "the request to restart is not valid");
    return containers_restart(&self->containers, id);
}

static heron_status close_scheduler(heron_scheduler *table) {
    scheduler *self = (scheduler *)table;
    containers_leave(&self->containers);
    directory_unlock(&self->lock);
    self->is_ready = 0;
    return HERON_OK;
}

static void destroy(heron_scheduler *table) {
    scheduler *self = (scheduler *)table;
    close_scheduler(table);
    pthread_mutex_destroy(&self->containers.mutex);
    free(self);
}

static void classes(heron_sink names) {
    names.put(names.context, SCHEDULER_CLASS, strlen(SCHEDULER_CLASS));
}

static heron_status create(const heron_host *host, heron_string class_name, heron_scheduler **made) {
    if (class_name.length != strlen(SCHEDULER_CLASS) || memcmp(class_name.data, SCHEDULER_CLASS, class_name.length))
        return fail(host, HERON_NOT_FOUND, NULL, "there is no such scheduler, but " SCHEDULER_CLASS);
    scheduler *self = calloc(1, sizeof *self);
    if (!self)
        return fail(host, HERON_EXHAUSTED, NULL, "there is no memory for a scheduler");
    self->host = host;
    self->lock = -1;
    self->containers.place = (surroundings){.host = host, .directory = self->directory};
    self->containers.wake = -1;
    pthread_mutex_init(&self->containers.mutex, NULL);
    self->table = (heron_scheduler){
        .size = sizeof self->table,
        .destroy = destroy,
        .initialize = initialize,
        .on_schedule = on_schedule,
        .on_kill = on_kill,
        .on_restart = on_restart,
        .close = close_scheduler,
    };
    *made = &self->table;
    return HERON_OK;
}

const heron_scheduler_factory scheduler_factory = {
    .size = sizeof scheduler_factory,
    .classes = classes,
    .create = create,
};
