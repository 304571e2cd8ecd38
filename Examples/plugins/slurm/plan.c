#include "plan.h"

#include "packing_plan.pb-c.h"
#include "scheduler.pb-c.h"

#include <stdlib.h>

/* More than Slurm has steps for in one job. */
#define MAX_CONTAINERS 10000
#define MEGABYTE (1 << 20)

static int maximum(int a, int64_t b) {
    return b > a ? (b > INT32_MAX ? INT32_MAX : (int)b) : a;
}

/* Container 0 is the topology manager's and not in the plan. */
static int has_valid_ids(const Heron__Proto__System__PackingPlan *plan) {
    for (size_t i = 0; i < plan->n_container_plans; i++) {
        if (plan->container_plans[i]->id < 1)
            return 0;
        for (size_t k = 0; k < i; k++)
            if (plan->container_plans[i]->id == plan->container_plans[k]->id)
                return 0;
    }
    return 1;
}

static heron_status check(const heron_host *host, const Heron__Proto__System__PackingPlan *plan,
                          const settings *settings) {
    size_t most = (size_t)(settings->last_port - settings->first_port + 1) / HERON_PORT_COUNT;
    if (plan->n_container_plans >= MAX_CONTAINERS)
        return fail(host, HERON_INVALID_ARGUMENT, NULL, "the packing plan has %zu containers; %d are possible",
                    plan->n_container_plans, MAX_CONTAINERS - 1);
    if (!has_valid_ids(plan))
        return fail(host, HERON_INVALID_ARGUMENT, NULL, "the packing plan is not valid");
    if (plan->n_container_plans >= most)
        return fail(host, HERON_INVALID_ARGUMENT, "widen heron.scheduler.slurm.ports",
                    "the ports %d-%d are too few for %zu containers", settings->first_port, settings->last_port,
                    plan->n_container_plans + 1);
    return HERON_OK;
}

heron_status plan_read(const heron_host *host, heron_bytes message, const settings *settings, plan *plan) {
    Heron__Proto__System__PackingPlan *read =
        heron__proto__system__packing_plan__unpack(NULL, message.length, message.data);
    if (!read)
        return fail(host, HERON_INVALID_ARGUMENT, NULL, "the packing plan cannot be read");
    heron_status status = check(host, read, settings);
    if (status != HERON_OK) {
        heron__proto__system__packing_plan__free_unpacked(read, NULL);
        return status;
    }
    *plan = (struct plan){.cpus = settings->tmanager_cpus, .megabytes = settings->tmanager_megabytes};
    plan->ids = calloc(read->n_container_plans + 1, sizeof *plan->ids);
    if (!plan->ids)
        abort();
    plan->count = 1;
    for (size_t i = 0; i < read->n_container_plans; i++) {
        const Heron__Proto__System__ContainerPlan *container = read->container_plans[i];
        const Heron__Proto__System__Resource *needs = container->requiredresource;
        plan->ids[plan->count++] = container->id;
        double cpus = needs->cpu < 100000 ? needs->cpu : 100000;
        plan->cpus = maximum(plan->cpus, (int64_t)cpus + (cpus > (int64_t)cpus));
        plan->megabytes = maximum(plan->megabytes, needs->ram / MEGABYTE + (needs->ram % MEGABYTE != 0));
    }
    heron__proto__system__packing_plan__free_unpacked(read, NULL);
    return HERON_OK;
}

void plan_free(plan *plan) {
    free(plan->ids);
    *plan = (struct plan){0};
}

heron_status restart_read(const heron_host *host, heron_bytes message, int32_t *container) {
    Heron__Proto__Scheduler__RestartTopologyRequest *read =
        heron__proto__scheduler__restart_topology_request__unpack(NULL, message.length, message.data);
    if (!read)
        return fail(host, HERON_INVALID_ARGUMENT, NULL, "the request to restart cannot be read");
    *container = read->container_index;
    heron__proto__scheduler__restart_topology_request__free_unpacked(read, NULL);
    return HERON_OK;
}
