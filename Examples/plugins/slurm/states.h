/* What the batch script has written down about a container. */
#ifndef STATES_H
#define STATES_H

#include "settings.h"

typedef struct container_state {
    int32_t state;    /* HERON_CONTAINER_PENDING, _RUNNING or _BACKING_OFF. */
    uint32_t attempt; /* 0 if the job has not come to the container yet. */
    int32_t pid;      /* 0 if it does not run, as are the ports. */
    uint32_t port_count;
    uint16_t ports[HERON_PORT_COUNT];
    char node[256];
    char reason[256];
} container_state;

/* Reads it; what a job with another id has left does not count. */
void state_read(const settings *settings, const char *job, int32_t container, container_state *state);

#endif
