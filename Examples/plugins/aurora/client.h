/* Aurora's client. */
#ifndef CLIENT_H
#define CLIENT_H

#include "plan.h"

/* Creates the topology's job and waits until it runs. A file in the working directory says from then on that there may
 * be one; not if Aurora had a job of that name before. */
heron_status job_create(const heron_host *host, const settings *settings, const needs *needs);

/* Ends all instances of the job; tries several times. Does nothing where the working directory shows that none was
 * created: a job of that name is somebody else's. */
heron_status job_kill(const heron_host *host, const settings *settings);

/* Restarts one instance, or all for -1. */
heron_status job_restart(const heron_host *host, const settings *settings, int32_t container);

#endif
