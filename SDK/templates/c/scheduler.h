/* The scheduler's instance, which operations look at too. */
#ifndef SCHEDULER_H
#define SCHEDULER_H

#include "containers.h"

#include <limits.h>

typedef struct {
    heron_scheduler table; /* First, so that a pointer to one is a pointer to the other. */
    const heron_host *host;
    int is_ready; /* Between initialize and close. */
    char directory[PATH_MAX];
    int lock; /* Of the directory; -1 if it is not there. */
    containers containers;
} scheduler;

#endif
