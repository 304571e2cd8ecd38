/* One container: it is started, runs, ends, and is started again after a pause. */
#ifndef CONTAINER_H
#define CONTAINER_H

#include "plugin.h"
#include "processes.h"

/* What all containers have in common. */
typedef struct {
    const heron_host *host;
    const heron_containers *service;
    const char *directory;
    int grace; /* Milliseconds between SIGTERM and SIGKILL. */
} surroundings;

typedef struct {
    int32_t id;
    int32_t state;      /* HERON_CONTAINER_... */
    const char *reason; /* Why it is in this state. */
    uint32_t attempt;
    unsigned failures; /* In a row. */
    int64_t since;     /* If it runs: from when on (now()). */
    int64_t due;       /* If it backs off: when it is started again. */
    int has_survivors; /* Whether something of it survives SIGKILL. */
    process executor;  /* Its pid is 0 if none runs. */
    ports ports;       /* As long as the executor runs. */
    char how[64];      /* How it ended last. */
} container;

void container_init(container *self, int32_t id);

/* Sets a container's state, and tells the host. */
void container_tell(container *self, const surroundings *place, int32_t state, const char *reason);

/* Starts its executor; if that fails, it backs off. */
heron_status container_start(container *self, const surroundings *place);

/* Takes over an executor that another scheduler has started. */
void container_adopt(container *self, const surroundings *place, const label *of, process found);

/* Lets go of an executor that has ended; `has_survivors` says whether it left something that survives SIGKILL. */
void container_settle(container *self, int has_survivors);

/* What comes when an executor ends by itself: a pause, and then another start. */
void container_ended(container *self, const surroundings *place);

/* Lets go of a container that goes on. */
void container_release(container *self);

/* A label_filter: those of the container whose id is behind the pointer. */
int is_of_container(const void *id, const label *of);

#endif
