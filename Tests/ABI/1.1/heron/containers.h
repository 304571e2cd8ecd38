/* Service for schedulers: how to start a container, and what became of it. */
#ifndef HERON_CONTAINERS_H
#define HERON_CONTAINERS_H

#include "host.h"

#define HERON_HOST_CONTAINERS "heron.host.containers/1"

/* Every container needs nine ports, in this order: server, tmanager-ctl, tmanager-stats, shell-port, metrics-mgr,
 * scheduler, metrics-cache-m, metrics-cache-s, ckptmgr. */
#define HERON_PORT_COUNT 9

/* A file in the topology's working directory (facts.h), if the state needs credentials; its mode is 0600. A scheduler
 * whose containers run elsewhere brings a copy, with that mode, into each container's working directory before it
 * starts the executor there; never in a command line, an environment or a package. */
#define HERON_CREDENTIALS_FILE ".zookeeper-auth"

/* Where a container stands. */
#define HERON_CONTAINER_PENDING 1     /* It has no place to run yet. */
#define HERON_CONTAINER_RUNNING 2     /* Its executor runs. */
#define HERON_CONTAINER_BACKING_OFF 3 /* Its executor ended and is started again after a pause. */
#define HERON_CONTAINER_STOPPING 4    /* Its executor was told to end. */
#define HERON_CONTAINER_STOPPED 5     /* It ended for good. */

/* How many details a container may have. */
#define HERON_DETAIL_LIMIT 32

/* What a scheduler says about one container.
 * OWNERSHIP: the plugin's; valid until the call that is given it returns. */
typedef struct heron_container {
    uint32_t size;       /* sizeof(heron_container) as the plugin was compiled. */
    int32_t id;          /* 0 is the container of the topology manager, 1 and up are those of the packing plan. */
    int32_t state;       /* HERON_CONTAINER_... */
    uint32_t attempt;    /* Counts the starts of this container, from 1; 0 before the first. */
    int32_t pid;         /* The executor's process id; 0 if it does not run or is not known. */
    uint32_t port_count; /* HERON_PORT_COUNT, or 0 if it has no ports. */
    const uint16_t *ports;
    heron_string host;   /* The machine; empty if it runs nowhere. */
    heron_string reason; /* Why it is in this state, in one line; may be empty. */

    /* Since 1.1: what else there is to know, in the order in which it is to be shown, such as "agent" or "sandbox".
     * Keys are for people and not empty; values are one line. At most HERON_DETAIL_LIMIT. */
    size_t detail_count;
    const heron_pair *details; /* May be NULL if detail_count is 0. */
} heron_container;

typedef struct heron_containers {
    uint32_t size; /* sizeof(heron_containers) as the host was compiled. */
    uint32_t reserved;

    /* Puts the command line that starts a container's executor, one item for each argument, the program first. The
     * program may be a path relative to the working directory, in which the executor has to be started. It stays in
     * the foreground, and ends its children and itself on SIGTERM. Its environment must not have HERON_ZOOKEEPER_AUTH,
     * the credentials of whoever runs a command.
     * [any-thread]
     * OWNERSHIP: `ports` is the plugin's and holds `port_count` ports, HERON_PORT_COUNT of them; `arguments` is the
     * caller's sink; both valid until the call returns. */
    heron_status (*executor_command)(const heron_host *host, int32_t container, const uint16_t *ports,
                                     size_t port_count, heron_sink arguments);

    /* Tells the host and its users what became of a container. To be called at every change.
     * [any-thread]
     * OWNERSHIP: `container` and what it points to are the plugin's; valid until the call returns. */
    heron_status (*changed)(const heron_host *host, const heron_container *container);
} heron_containers;

#endif
