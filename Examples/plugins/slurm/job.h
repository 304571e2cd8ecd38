/* The topology's job in Slurm. */
#ifndef JOB_H
#define JOB_H

#include "plan.h"

/* What Slurm tells of a job. */
typedef struct job {
    char id[32]; /* Empty if there is no such job. */
    char state[32];
    char reason[128];
    char partition[128];
    char time_left[32];
    char nodes[256];
} job;

/* Whether a job has been told to end, and its processes may still be there. */
int job_is_ending(const job *job);

/* Finds the topology's job by its comment, which names the topology's id; so it is found whoever looks for it, and no
 * other one is taken for it. */
heron_status job_find(const heron_host *host, const settings *settings, job *found);

/* Submits the batch script as a job; stores its id in the working directory, too. Ends the job again if that fails. */
heron_status job_submit(const heron_host *host, const settings *settings, const plan *plan, job *made);

/* Waits a moment for the job to start, so that there is a reason if it does not. */
heron_status job_await_start(const heron_host *host, const settings *settings, job *job);

/* Ends the topology's jobs and waits until no process of theirs is left; nothing if there are none. */
heron_status job_cancel(const heron_host *host, const settings *settings);

/* A step of the job: a container that runs. */
typedef struct step {
    char id[64]; /* As in "5.3". */
    int32_t container;
    char node[128];
} step;

/* The steps of a job that are containers, at most `room`; `count` is how many there are. */
heron_status job_steps(const heron_host *host, const settings *settings, const job *job, step *steps, size_t room,
                       size_t *count);

/* Ends a step: with SIGTERM, or at once. */
heron_status step_end(const heron_host *host, const settings *settings, const step *step, int is_forced);

#endif
