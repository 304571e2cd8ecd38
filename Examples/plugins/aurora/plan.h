/* What the plugin reads of Heron's messages, and writes. */
#ifndef PLAN_H
#define PLAN_H

#include "settings.h"

/* What every container of a topology gets: Aurora's instances are all alike. */
typedef struct needs {
    int containers; /* With that of the topology manager. */
    double cpus;
    int64_t ram; /* In bytes, like the disk. */
    int64_t disk;
} needs;

/* Reads what the containers of a heron.proto.system.PackingPlan need: of each resource the most that one asks for. */
heron_status plan_needs(const heron_host *host, heron_bytes plan, needs *needs);

/* Writes into the state's packing plan that every container gets that much. */
heron_status plan_write_scheduled(const heron_host *host, const needs *needs);

/* Reads a heron.proto.scheduler.RestartTopologyRequest: the container, or -1 for all. */
heron_status restart_read(const heron_host *host, heron_bytes request, int32_t *container);

#endif
