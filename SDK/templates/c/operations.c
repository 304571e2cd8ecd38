/* Commands of the plugin's own: `heron plugin call @NAME@`. */
#define _GNU_SOURCE
#include "scheduler.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *state_name(int32_t state) {
    static const char *const names[] = {
        [HERON_CONTAINER_PENDING] = "pending",         [HERON_CONTAINER_RUNNING] = "running",
        [HERON_CONTAINER_BACKING_OFF] = "backing off", [HERON_CONTAINER_STOPPING] = "stopping",
        [HERON_CONTAINER_STOPPED] = "stopped",
    };
    return names[state];
}

/* `[{"container":0,"state":"running","attempt":1,"pid":17,"reason":""},...]`; no text in it has to be escaped. */
static heron_status list_containers(const heron_operation *operation, const heron_host *host, heron_scheduler *table,
                                    heron_sink result) {
    containers *all = &((scheduler *)table)->containers;
    char *text = NULL;
    size_t length = 0;
    (void)operation;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return fail(host, HERON_EXHAUSTED, NULL, "there is no memory for a list");
    fputc('[', out);
    pthread_mutex_lock(&all->mutex);
    for (size_t i = 0; i < all->count; i++) {
        const container *box = &all->list[i];
        fprintf(out,
                "%s{\"container\":%" PRId32 ",\"state\":\"%s\",\"attempt\":%" PRIu32 ",\"pid\":%d,\"reason\":\"%s\"}",
                i ? "," : "", box->id, state_name(box->state), box->attempt, (int)box->executor.pid, box->reason);
    }
    pthread_mutex_unlock(&all->mutex);
    fputc(']', out);
    int is_complete = !ferror(out);
    is_complete &= !fclose(out);
    if (is_complete)
        result.put(result.context, text, length);
    free(text);
    return is_complete ? HERON_OK : fail(host, HERON_EXHAUSTED, NULL, "there is no memory for a list");
}

static heron_status hello(const heron_operation *operation, const heron_host *host, heron_scheduler *table,
                          heron_string name, heron_sink result) {
    char *text;
    (void)operation, (void)table;
    int length = asprintf(&text, "hello, %.*s, from " PLUGIN_NAME, (int)name.length, name.length ? name.data : "");
    if (length < 0)
        return fail(host, HERON_EXHAUSTED, NULL, "there is no memory for a greeting");
    result.put(result.context, text, (size_t)length);
    free(text);
    return HERON_OK;
}

static const heron_parameter hello_parameters[] = {{"name", "world", "Whom to greet."}};

static const heron_operation operations[] = {
    {
        .size = sizeof(heron_operation),
        .target = HERON_OPERATION_TOPOLOGY,
        .name = "containers",
        .help = "Lists the topology's containers.",
        .signature = "()->json",
        .function = (heron_function)list_containers,
    },
    {
        .size = sizeof(heron_operation),
        .target = HERON_OPERATION_CLUSTER,
        .name = "hello",
        .help = "Greets somebody.",
        .signature = "(string)->string",
        .parameter_count = 1,
        .parameters = hello_parameters,
        .function = (heron_function)hello,
    },
};

static const heron_operation *get(size_t index) {
    return index < sizeof operations / sizeof *operations ? &operations[index] : NULL;
}

const heron_operations_factory operations_factory = {
    .size = sizeof operations_factory,
    .get = get,
};
