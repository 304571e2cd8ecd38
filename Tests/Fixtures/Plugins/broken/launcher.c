/* The launcher and the operations. */
#define _GNU_SOURCE
#include "broken.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void take(void *context, const void *data, size_t length) {
    snprintf(context, PATH_MAX, "%.*s", (int)length, (const char *)data);
}

static heron_status initialize(heron_launcher *table) {
    (void)table;
    return HERON_OK;
}

static heron_status launch(heron_launcher *table, heron_bytes plan) {
    const heron_host *host = ((launcher *)table)->host;
    const heron_launching *service = host->get_extension(host, HERON_HOST_LAUNCHING);
    char directory[PATH_MAX] = "";
    (void)plan;
    heron_status status = host->config(host, heron_text("broken.directory"), (heron_sink){directory, take});
    if (status != HERON_OK)
        return status;
    int is_new = !mkdir(directory, 0700);
    status = service->start_scheduler_service(host, heron_text(directory));
    if (status != HERON_OK && is_new && flaw != leaves_directory)
        rmdir(directory);
    return status;
}

static void destroy(heron_launcher *table) {
    free(table);
}

void fill_launcher(launcher *self) {
    self->table =
        (heron_launcher){.size = sizeof self->table, .destroy = destroy, .initialize = initialize, .launch = launch};
}

/* ---- Operations ---- */

static heron_status echo(const heron_operation *operation, const heron_host *host, heron_scheduler *scheduler,
                         heron_string text, heron_sink result) {
    (void)operation, (void)host, (void)scheduler;
    result.put(result.context, text.data, text.length);
    return HERON_OK;
}

const heron_operation *operation_at(size_t index) {
    static const heron_parameter text = {.name = "text", .help = "What to say."};
    static const heron_operation operation = {
        .size = sizeof operation,
        .target = HERON_OPERATION_CLUSTER,
        .name = "echo",
        .help = "Says it again.",
        .signature = flaw == bad_signature ? "(string,int32)->string" : "(string)->string",
        .parameter_count = 1,
        .parameters = &text,
        .function = (heron_function)echo,
    };
    return index == 0 || (index == 1 && flaw == two_equal_operations) ? &operation : NULL;
}
