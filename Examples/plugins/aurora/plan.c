#include "plan.h"

#include "packing_plan.pb-c.h"
#include "scheduler.pb-c.h"

#include <stdlib.h>

typedef Heron__Proto__System__PackingPlan PackingPlan;
typedef Heron__Proto__System__Resource Resource;

heron_status plan_needs(const heron_host *host, heron_bytes plan, needs *needs) {
    PackingPlan *read = heron__proto__system__packing_plan__unpack(NULL, plan.length, plan.data);
    if (!read)
        return fail(host, HERON_INVALID_ARGUMENT, NULL, "the packing plan cannot be read");
    *needs = (struct needs){.containers = (int)read->n_container_plans + 1};
    for (size_t i = 0; i < read->n_container_plans; i++) {
        const Resource *one = read->container_plans[i]->requiredresource;
        needs->cpus = one->cpu > needs->cpus ? one->cpu : needs->cpus;
        needs->ram = one->ram > needs->ram ? one->ram : needs->ram;
        needs->disk = one->disk > needs->disk ? one->disk : needs->disk;
    }
    size_t count = read->n_container_plans;
    heron__proto__system__packing_plan__free_unpacked(read, NULL);
    return count ? HERON_OK : fail(host, HERON_INVALID_ARGUMENT, NULL, "the packing plan has no containers");
}

/* The plan with the same scheduled resource in every container; NULL if it cannot be read. The caller frees it. */
static void *scheduled(const text *plan, const needs *needs, size_t *length) {
    Resource resource = HERON__PROTO__SYSTEM__RESOURCE__INIT;
    resource.cpu = needs->cpus;
    resource.ram = needs->ram;
    resource.disk = needs->disk;
    PackingPlan *read = heron__proto__system__packing_plan__unpack(NULL, plan->length, (const uint8_t *)plan->data);
    if (!read)
        return NULL;
    /* A shallow copy of each container borrows its content; the original keeps what it owns. */
    size_t count = read->n_container_plans;
    Heron__Proto__System__ContainerPlan *copies = calloc(count + 1, sizeof *copies);
    Heron__Proto__System__ContainerPlan **list = calloc(count + 1, sizeof *list);
    PackingPlan changed = *read;
    if (!copies || !list)
        abort();
    for (size_t i = 0; i < count; i++) {
        copies[i] = *read->container_plans[i];
        copies[i].scheduledresource = &resource;
        list[i] = &copies[i];
    }
    changed.container_plans = list;
    *length = heron__proto__system__packing_plan__get_packed_size(&changed);
    void *bytes = malloc(*length + 1);
    if (!bytes)
        abort();
    heron__proto__system__packing_plan__pack(&changed, bytes);
    free(copies);
    free(list);
    heron__proto__system__packing_plan__free_unpacked(read, NULL);
    return bytes;
}

heron_status plan_write_scheduled(const heron_host *host, const needs *needs) {
    const heron_state *state = host->get_extension(host, HERON_HOST_STATE);
    text path = {0}, name = {0}, plan = {0};
    int32_t version = 0;
    size_t length = 0;
    if (!state)
        return fail(host, HERON_UNSUPPORTED, NULL, "this heron does not offer %s", HERON_HOST_STATE);
    heron_status status = read_fact(host, HERON_FACT_TOPOLOGY_NAME, 1, &name);
    text_format(&path, "packingplans/%s", text_string(&name));
    heron_string node = heron_text(text_string(&path));
    if (status == HERON_OK)
        status = state->get(host, node, text_sink(&plan), &version);
    if (status == HERON_NOT_FOUND)
        status = fail(host, status, NULL, "the state has no packing plan of %s", text_string(&name));
    if (status == HERON_OK) {
        void *bytes = scheduled(&plan, needs, &length);
        status = bytes ? state->set(host, node, (heron_bytes){bytes, length}, version, NULL)
                       : fail(host, HERON_FAILED, NULL, "the packing plan in the state cannot be read");
        free(bytes);
    }
    text_free(&path);
    text_free(&name);
    text_free(&plan);
    return status;
}

heron_status restart_read(const heron_host *host, heron_bytes request, int32_t *container) {
    Heron__Proto__Scheduler__RestartTopologyRequest *read =
        heron__proto__scheduler__restart_topology_request__unpack(NULL, request.length, request.data);
    if (!read)
        return fail(host, HERON_INVALID_ARGUMENT, NULL, "the request to restart cannot be read");
    *container = read->container_index;
    heron__proto__scheduler__restart_topology_request__free_unpacked(read, NULL);
    return HERON_OK;
}
