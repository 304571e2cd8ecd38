/* Keeps all containers of a topology running, on a thread of its own. */
#ifndef CONTAINERS_H
#define CONTAINERS_H

#include "container.h"

#include <poll.h>
#include <pthread.h>

typedef struct {
    surroundings place;

    pthread_mutex_t mutex; /* Guards the list, and what is in it. */
    container *list;       /* NULL if nothing is scheduled. */
    size_t count;

    pthread_t thread;
    int has_thread;
    int is_leaving;         /* Whether the thread has to end. */
    int wake;               /* An eventfd, for the thread: something has changed. */
    struct pollfd *watched; /* The thread's own. */
} containers;

/* Takes over those of the containers that run, and container 0, starts the others, and keeps all of them running.
 * Where `must_start`, it fails if one cannot be started, and then none runs. */
heron_status containers_run(containers *self, const int32_t *ids, size_t count, int must_start);

/* Restarts a container, or all for -1. */
heron_status containers_restart(containers *self, int32_t id);

/* Ends all containers that there are for the directory, whoever started them. */
heron_status containers_end(containers *self);

/* Stops watching; the containers go on. */
void containers_leave(containers *self);

#endif
