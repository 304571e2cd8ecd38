#define _GNU_SOURCE
#include "containers.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

static container *find(const containers *self, int32_t id) {
    for (size_t i = 0; i < self->count; i++)
        if (self->list[i].id == id)
            return &self->list[i];
    return NULL;
}

/* ---- The thread ---- */

/* Waits until an executor ends, a pause is over, or another thread has changed something. */
static void wait_for_change(containers *self) {
    nfds_t count = 0;
    int64_t next = INT64_MAX;
    self->watched[count++] = (struct pollfd){.fd = self->wake, .events = POLLIN};
    for (size_t i = 0; i < self->count; i++) {
        const container *box = &self->list[i];
        if (box->state == HERON_CONTAINER_RUNNING)
            self->watched[count++] = (struct pollfd){.fd = box->executor.handle, .events = POLLIN};
        if (box->state == HERON_CONTAINER_BACKING_OFF && box->due < next)
            next = box->due;
    }
    int64_t left = next - now();
    int timeout = next == INT64_MAX ? -1 : left < 0 ? 0 : (int)left;
    pthread_mutex_unlock(&self->mutex);
    poll(self->watched, count, timeout);
    pthread_mutex_lock(&self->mutex);
    eventfd_t ignored;
    eventfd_read(self->wake, &ignored);
}

static void *watch(void *argument) {
    containers *self = argument;
    pthread_mutex_lock(&self->mutex);
    while (!self->is_leaving) {
        for (size_t i = 0; i < self->count; i++) {
            container *box = &self->list[i];
            if (box->state == HERON_CONTAINER_RUNNING && process_has_ended(&box->executor))
                container_ended(box, &self->place);
            else if (box->state == HERON_CONTAINER_BACKING_OFF && box->due <= now())
                container_start(box, &self->place);
        }
        wait_for_change(self);
    }
    pthread_mutex_unlock(&self->mutex);
    return NULL;
}

static heron_status start_thread(containers *self) {
    self->is_leaving = 0;
    self->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    int error = self->wake < 0 ? errno : pthread_create(&self->thread, NULL, watch, self);
    if (error)
        return fail(self->place.host, HERON_EXHAUSTED, NULL, "cannot start a thread: %s", strerror(error));
    self->has_thread = 1;
    return HERON_OK;
}

static void end_thread(containers *self) {
    if (self->has_thread) {
        pthread_mutex_lock(&self->mutex);
        self->is_leaving = 1;
        pthread_mutex_unlock(&self->mutex);
        eventfd_write(self->wake, 1);
        pthread_join(self->thread, NULL);
        self->has_thread = 0;
    }
    if (self->wake >= 0)
        close(self->wake);
    self->wake = -1;
}

/* ---- What the scheduler asks for ---- */

static heron_status make_list(containers *self, const int32_t *ids, size_t count) {
    self->list = calloc(count + 1, sizeof *self->list);
    self->watched = calloc(count + 2, sizeof *self->watched);
    if (!self->list || !self->watched)
        return fail(self->place.host, HERON_EXHAUSTED, NULL, "there is no memory for %zu containers", count);
    for (size_t i = 0; i <= count; i++) {
        int32_t id = i ? ids[i - 1] : 0;
        if (find(self, id))
            return fail(self->place.host, HERON_INVALID_ARGUMENT, NULL, "the plan has container %d twice", (int)id);
        container_init(&self->list[self->count++], id);
    }
    return HERON_OK;
}

static int adopt(void *context, const label *of, process found) {
    containers *self = context;
    container *box = find(self, of->id);
    if (!box || box->executor.pid)
        return 0;
    container_adopt(box, &self->place, of, found);
    return 1;
}

static int is_not_adopted(const void *context, const label *of) {
    const container *box = find(context, of->id);
    return !box || !box->executor.pid;
}

static int is_any(const void *context, const label *of) {
    (void)context, (void)of;
    return 1;
}

heron_status containers_run(containers *self, const int32_t *ids, size_t count, int must_start) {
    if (self->list)
        return fail(self->place.host, HERON_ALREADY_EXISTS, NULL, "the topology is scheduled already");
    pthread_mutex_lock(&self->mutex);
    heron_status status = make_list(self, ids, count);
    if (status == HERON_OK) {
        processes_find(self->place.directory, adopt, self);
        if (!processes_end(self->place.directory, is_not_adopted, self, 0))
            status = fail(self->place.host, HERON_FAILED, NULL, "processes of an earlier run survive SIGKILL");
    }
    for (size_t i = 0; i < self->count && status == HERON_OK; i++) {
        container *box = &self->list[i];
        heron_status started = box->executor.pid ? HERON_OK : container_start(box, &self->place);
        if (must_start)
            status = started;
    }
    pthread_mutex_unlock(&self->mutex);
    if (status == HERON_OK)
        status = start_thread(self);
    if (status != HERON_OK && must_start)
        containers_end(self);
    if (status != HERON_OK)
        containers_leave(self);
    return status;
}

/* Ends and starts what is to stop; the status of the last one that fails. */
static heron_status restart_stopping(containers *self, int32_t id) {
    heron_status status = HERON_OK;
    int is_done = processes_end(self->place.directory, id == -1 ? is_any : is_of_container, &id, self->place.grace);
    if (!is_done)
        status = fail(self->place.host, HERON_FAILED, NULL, "processes survive SIGKILL");
    for (size_t i = 0; i < self->count; i++) {
        container *box = &self->list[i];
        if (box->state != HERON_CONTAINER_STOPPING)
            continue;
        if (!is_done && box->executor.pid && !process_has_ended(&box->executor)) {
            container_tell(box, &self->place, HERON_CONTAINER_RUNNING, "survives SIGKILL");
            continue;
        }
        container_settle(box, !is_done);
        box->failures = 0;
        heron_status started = container_start(box, &self->place);
        if (started != HERON_OK)
            status = started;
    }
    return status;
}

heron_status containers_restart(containers *self, int32_t id) {
    int is_known = 0;
    pthread_mutex_lock(&self->mutex);
    for (size_t i = 0; i < self->count; i++) {
        if (id != -1 && id != self->list[i].id)
            continue;
        container_tell(&self->list[i], &self->place, HERON_CONTAINER_STOPPING, "restart requested");
        is_known = 1;
    }
    heron_status status = is_known ? restart_stopping(self, id)
                                   : fail(self->place.host, HERON_NOT_FOUND, "-1 restarts all containers",
                                          "there is no container %d", (int)id);
    pthread_mutex_unlock(&self->mutex);
    if (self->has_thread)
        eventfd_write(self->wake, 1);
    return status;
}

heron_status containers_end(containers *self) {
    pthread_mutex_lock(&self->mutex);
    for (size_t i = 0; i < self->count; i++)
        container_tell(&self->list[i], &self->place, HERON_CONTAINER_STOPPING, "killed");
    int is_done = processes_end(self->place.directory, is_any, NULL, self->place.grace);
    for (size_t i = 0; i < self->count && is_done; i++) {
        container_settle(&self->list[i], 0);
        container_tell(&self->list[i], &self->place, HERON_CONTAINER_STOPPED, "killed");
    }
    pthread_mutex_unlock(&self->mutex);
    if (!is_done)
        return fail(self->place.host, HERON_FAILED, NULL, "processes of the topology survive SIGKILL");
    containers_leave(self);
    return HERON_OK;
}

void containers_leave(containers *self) {
    end_thread(self);
    for (size_t i = 0; i < self->count; i++)
        container_release(&self->list[i]);
    free(self->list);
    free(self->watched);
    self->list = NULL;
    self->watched = NULL;
    self->count = 0;
}
