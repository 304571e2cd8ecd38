/* Schedulers: they place containers and keep them running. */
#ifndef HERON_SCHEDULER_H
#define HERON_SCHEDULER_H

#include "host.h"

#define HERON_SCHEDULER_FACTORY "heron.scheduler/1"

/* One scheduler, for one topology. */
typedef struct heron_scheduler heron_scheduler;

/* The functions of a scheduler. Those not marked optional must be there.
 * OWNERSHIP: the plugin's; the struct stays where it is, and constant, until `destroy` returns. Bytes are the
 * host's; valid until the call returns. */
struct heron_scheduler {
    uint32_t size; /* sizeof(heron_scheduler) as the plugin was compiled. */
    uint32_t reserved;

    void *data; /* The plugin's own; the host does not look at it. */

    /* Ends the instance, with all threads that it started, and frees it. The last call, also after a failed one.
     * [plugin-thread] */
    void (*destroy)(heron_scheduler *scheduler);

    /* Reads the configuration and gets ready; the first call after `create`. It changes nothing that outlives it.
     * [plugin-thread] */
    heron_status (*initialize)(heron_scheduler *scheduler);

    /* Starts container 0 and every container of the plan, a heron.proto.system.PackingPlan; or, if the fact
     * `resumed` is "true", adopts those that run and starts the others. Returns as soon as the scheduler is sure to
     * see to it.
     * [plugin-thread] */
    heron_status (*on_schedule)(heron_scheduler *scheduler, heron_bytes packing_plan);

    /* Ends every container for good, and returns when none is left. The argument is a
     * heron.proto.scheduler.KillTopologyRequest. May come without on_schedule before it, in a process that cleans up
     * for a scheduler that has died; and again.
     * [plugin-thread] */
    heron_status (*on_kill)(heron_scheduler *scheduler, heron_bytes request);

    /* Restarts one container, or all of them for index -1: a heron.proto.scheduler.RestartTopologyRequest.
     * HERON_NOT_FOUND for a container that does not exist.
     * [plugin-thread] */
    heron_status (*on_restart)(heron_scheduler *scheduler, heron_bytes request);

    /* Changes what runs from one packing plan to another: a heron.proto.scheduler.UpdateTopologyRequest. Optional.
     * [plugin-thread] */
    heron_status (*on_update)(heron_scheduler *scheduler, heron_bytes request);

    /* Puts links to pages about the running topology, if there are any. Optional.
     * [plugin-thread] */
    heron_status (*get_job_links)(heron_scheduler *scheduler, heron_sink links);

    /* Stops scheduling; what runs goes on running. May be called again. Optional.
     * [plugin-thread] */
    heron_status (*close)(heron_scheduler *scheduler);

    /* A further ability, by its id, such as HERON_SCHEDULER_STATUS; NULL for every id not known. Optional.
     * [plugin-thread]
     * OWNERSHIP: `id` is the host's, NUL-terminated and valid until the call returns; the table is the plugin's and
     * valid until `destroy` is called. */
    const void *(*get_extension)(heron_scheduler *scheduler, const char *id);
};

/* Makes schedulers. */
typedef struct heron_scheduler_factory {
    uint32_t size; /* sizeof(heron_scheduler_factory) as the plugin was compiled. */
    uint32_t reserved;

    /* Puts the name of every class that `create` knows, as in plugin.yaml.
     * [scan]
     * OWNERSHIP: `names` is the host's sink; valid until the call returns. */
    void (*classes)(heron_sink names);

    /* Makes a scheduler. May keep `host` and call `report`, but nothing else of it yet.
     * [plugin-thread]
     * OWNERSHIP: `class_name` is the host's; valid until the call returns. `host` is the host's; valid until
     * `destroy` has returned. `scheduler` is the host's; on success the plugin stores there what it made. */
    heron_status (*create)(const heron_host *host, heron_string class_name, heron_scheduler **scheduler);
} heron_scheduler_factory;

#endif
