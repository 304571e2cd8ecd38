/* The scheduler of one topology, as one job of Slurm. What has to be remembered is in Slurm and in the working
 * directory, so that every command can have a scheduler of its own. */
#ifndef SCHEDULER_H
#define SCHEDULER_H

#include "job.h"

typedef struct scheduler {
    heron_scheduler table; /* First, so that a pointer to one is a pointer to the other. */
    const heron_host *host;
    settings settings;
    int is_ready;
    plan plan; /* Empty before on_schedule. */
} scheduler;

heron_status check_ready(const scheduler *self);

/* Restarts one container, or all for -1, and returns when they run again. */
heron_status restart(scheduler *self, int32_t wanted);

/* Tells the host what all containers do; `job` is the topology's, with an empty id if there is none. */
void report_all(const scheduler *self, const job *job);

/* Tells the host that a container is in a state, for a reason. */
void report(const scheduler *self, int32_t container, int32_t state, const char *reason);

/* The functions of heron_scheduler and heron_scheduler_status that tell about the job. */
heron_status get_job_links(heron_scheduler *table, heron_sink links);
heron_status get_status(heron_scheduler *table, heron_sink json);

#endif
