/* Service for launchers: what it takes to get a scheduler going. */
#ifndef HERON_LAUNCHING_H
#define HERON_LAUNCHING_H

#include "host.h"

#define HERON_HOST_LAUNCHING "heron.host.launching/1"

/* OWNERSHIP, for all functions: strings are the plugin's; valid until the call returns. Paths are absolute. */
typedef struct heron_launching {
    uint32_t size; /* sizeof(heron_launching) as the host was compiled. */
    uint32_t reserved;

    /* Fetches a package and unpacks it in a directory that exists. Entries that would leave the directory are
     * refused.
     * [any-thread] */
    heron_status (*fetch_package)(const heron_host *host, heron_string uri, heron_string directory);

    /* Starts the scheduler service for this topology in a directory that the launcher has prepared: it holds the
     * topology's package, unpacked, and `heron-core`. Returns once the service is up.
     * [any-thread] */
    heron_status (*start_scheduler_service)(const heron_host *host, heron_string working_directory);

    /* Makes an instance of the scheduler in this process and lets it schedule: for clusters whose
     * `heron.scheduler.is.service` is false. Returns once on_schedule has succeeded. The directory may be empty if
     * the scheduler needs none.
     * [plugin-thread] */
    heron_status (*schedule_as_library)(const heron_host *host, heron_string working_directory);
} heron_launching;

#endif
