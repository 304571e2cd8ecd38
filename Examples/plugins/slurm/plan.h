/* What the plugin reads of Heron's messages. */
#ifndef PLAN_H
#define PLAN_H

#include "settings.h"

/* The containers of a topology, that of the topology manager first. Freed with plan_free. */
typedef struct plan {
    size_t count;
    int32_t *ids;
    int cpus;      /* What each container gets: the most that any one needs, in whole processors */
    int megabytes; /* and megabytes. */
} plan;

/* Reads a heron.proto.system.PackingPlan; reports what is wrong with it. */
heron_status plan_read(const heron_host *host, heron_bytes message, const settings *settings, plan *plan);
void plan_free(plan *plan);

/* Reads a heron.proto.scheduler.RestartTopologyRequest: the container, or -1 for all. */
heron_status restart_read(const heron_host *host, heron_bytes message, int32_t *container);

#endif
