/* What runs on the nodes: the batch script slurm.sh, which keeps a step for each container running, and the commands of
 * the containers' executors, which it reads. */
#ifndef SCRIPTS_H
#define SCRIPTS_H

#include "plan.h"

/* Writes all of them into the working directory. */
heron_status scripts_write(const heron_host *host, const settings *settings, const plan *plan);

/* Tells the batch script to start a container again without a pause, whatever it waits for. */
heron_status scripts_mark_restart(const heron_host *host, const settings *settings, int32_t container);

/* Writes a file of the working directory in place of an older one, at once or not at all. */
heron_status file_write(const heron_host *host, const char *directory, const char *name, const text *content);

#endif
