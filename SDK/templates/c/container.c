#define _GNU_SOURCE
#include "container.h"

#include <stdlib.h>

/* Milliseconds before a container that ended is started again; doubled after each further failure. */
#define FIRST_PAUSE 500
#define LONGEST_PAUSE 60000
/* A run of this many milliseconds makes earlier failures forgotten. */
#define STABLE_RUN 60000

int is_of_container(const void *id, const label *of) {
    return of->id == *(const int32_t *)id;
}

void container_init(container *self, int32_t id) {
    *self = (container){.id = id, .state = HERON_CONTAINER_PENDING, .reason = "", .executor.handle = -1};
    ports_init(&self->ports);
}

void container_tell(container *self, const surroundings *place, int32_t state, const char *reason) {
    self->state = state;
    self->reason = reason;
    heron_container report = {
        .size = sizeof report,
        .id = self->id,
        .state = state,
        .attempt = self->attempt,
        .reason = heron_text(reason),
    };
    if (state == HERON_CONTAINER_RUNNING) {
        report.pid = self->executor.pid;
        report.ports = self->ports.numbers;
        report.port_count = HERON_PORT_COUNT;
        report.host = heron_text("localhost");
    }
    place->service->changed(place->host, &report);
}

/* The arguments that the host puts one after the other, and NULL. */
typedef struct {
    char **argv;
    size_t count;
    int is_short; /* Whether there was no memory for one. */
} arguments;

static void put_argument(void *context, const void *data, size_t length) {
    arguments *to = context;
    char **grown = realloc(to->argv, (to->count + 2) * sizeof *grown);
    char *copy = grown ? strndup(length ? data : "", length) : NULL;
    if (grown)
        to->argv = grown;
    to->is_short |= !copy;
    if (!copy)
        return;
    grown[to->count++] = copy;
    grown[to->count] = NULL;
}

static heron_status run_executor(container *self, const surroundings *place) {
    arguments line = {NULL, 0, 0};
    label of = {.id = self->id, .attempt = self->attempt + 1};
    memcpy(of.ports, self->ports.numbers, sizeof of.ports);
    heron_status status = place->service->executor_command(place->host, self->id, of.ports, HERON_PORT_COUNT,
                                                           (heron_sink){&line, put_argument});
    if (status == HERON_OK && (line.is_short || !line.count))
        status = fail(place->host, HERON_EXHAUSTED, NULL, "there is no memory for a command line");
    if (status == HERON_OK) {
        int error = process_start(place->directory, &of, line.argv, &self->executor);
        if (error)
            status = fail(place->host, HERON_FAILED, NULL, "cannot run %s in %s: %s", line.argv[0], place->directory,
                          strerror(error));
    }
    for (size_t i = 0; i < line.count; i++)
        free(line.argv[i]);
    free(line.argv);
    return status;
}

static heron_status try_to_start(container *self, const surroundings *place) {
    /* Never two of a container at once. */
    if (self->has_survivors)
        self->has_survivors = !processes_end(place->directory, is_of_container, &self->id, 0);
    if (self->has_survivors)
        return fail(place->host, HERON_FAILED, NULL, "processes of container %d survive SIGKILL", (int)self->id);
    int error = ports_hold(&self->ports);
    if (error)
        return fail(place->host, HERON_EXHAUSTED, "free some ports or descriptors",
                    "cannot reserve ports for container %d: %s", (int)self->id, strerror(error));
    heron_status status = run_executor(self, place);
    if (status != HERON_OK)
        ports_release(&self->ports);
    return status;
}

static void back_off(container *self, const surroundings *place, const char *reason) {
    int64_t pause = self->failures < 7 ? (int64_t)FIRST_PAUSE << self->failures : LONGEST_PAUSE;
    self->failures++;
    self->due = now() + pause;
    container_tell(self, place, HERON_CONTAINER_BACKING_OFF, reason);
}

heron_status container_start(container *self, const surroundings *place) {
    heron_status status = try_to_start(self, place);
    if (status == HERON_OK) {
        self->attempt++;
        self->since = now();
        container_tell(self, place, HERON_CONTAINER_RUNNING, "");
    } else {
        back_off(self, place, "its executor cannot be started; see the scheduler's log");
    }
    return status;
}

void container_adopt(container *self, const surroundings *place, const label *of, process found) {
    self->executor = found;
    self->attempt = of->attempt;
    self->since = now();
    memcpy(self->ports.numbers, of->ports, sizeof of->ports);
    ports_hold(&self->ports);
    container_tell(self, place, HERON_CONTAINER_RUNNING, "taken over");
}

void container_settle(container *self, int has_survivors) {
    self->has_survivors = has_survivors;
    if (self->executor.pid)
        process_reap(&self->executor, self->how, sizeof self->how);
    ports_release(&self->ports);
}

void container_ended(container *self, const surroundings *place) {
    /* The executor may have left something behind. */
    container_settle(self, !processes_end(place->directory, is_of_container, &self->id, 0));
    if (now() - self->since >= STABLE_RUN)
        self->failures = 0;
    back_off(self, place, self->how);
}

void container_release(container *self) {
    process_release(&self->executor);
    ports_release(&self->ports);
}
