/* What the parts of the probe share. */
#ifndef PROBE_H
#define PROBE_H

#include <heron/plugin.h>

typedef struct {
    heron_scheduler table;
    const heron_host *host;
    uint64_t watch;
} probe;

/* Logs a word and some text behind it. */
void say(const heron_host *host, const char *what, const void *data, size_t length);

/* A sink's function that logs what is put; its context is the host. */
void put_item(void *context, const void *data, size_t length);

/* Calls the state service as an order says; see probe_state.c. */
heron_status use_state(probe *self, const char *operation, char *argument);

#endif
