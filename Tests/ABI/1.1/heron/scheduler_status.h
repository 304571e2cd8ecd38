/* Ability of a scheduler: to say in detail what it is doing. */
#ifndef HERON_SCHEDULER_STATUS_H
#define HERON_SCHEDULER_STATUS_H

#include "scheduler.h"

#define HERON_SCHEDULER_STATUS "heron.status/1"

typedef struct heron_scheduler_status {
    uint32_t size; /* sizeof(heron_scheduler_status) as the plugin was compiled. */
    uint32_t reserved;

    /* Puts one JSON object, once. Its member names are the plugin's own.
     * [plugin-thread]
     * OWNERSHIP: `json` is the host's sink; valid until the call returns. */
    heron_status (*get_status)(heron_scheduler *scheduler, heron_sink json);
} heron_scheduler_status;

#endif
