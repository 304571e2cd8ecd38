/* A plugin for tests with operations of every type, and a scheduler that does nothing. Macros make one operation wrong:
 *
 *   OPERATIONS_SIGNATURE="…"   the signature of `wrong`, which names one parameter
 *   OPERATIONS_DEFAULT="…"     the default of its parameter
 *   OPERATIONS_PARAMETER="…"   the name of its parameter
 *   OPERATIONS_NAME="…"        its name
 *   OPERATIONS_TARGET=n        what it works on
 *   OPERATIONS_ENDLESS         a list without an end
 *   OPERATIONS_SIZE=n          the size of its table
 */
#include <heron/plugin.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#ifndef OPERATIONS_SIGNATURE
#define OPERATIONS_SIGNATURE "(int32)->status"
#endif
#ifndef OPERATIONS_DEFAULT
#define OPERATIONS_DEFAULT "1"
#endif
#ifndef OPERATIONS_PARAMETER
#define OPERATIONS_PARAMETER "parameter"
#endif
#ifndef OPERATIONS_NAME
#define OPERATIONS_NAME "wrong"
#endif
#ifndef OPERATIONS_TARGET
#define OPERATIONS_TARGET HERON_OPERATION_CLUSTER
#endif
#ifndef OPERATIONS_SIZE
#define OPERATIONS_SIZE sizeof(heron_operation)
#endif

#define SCHEDULER_CLASS "org.example.OperationsScheduler"

static void put(heron_sink sink, const char *text) {
    sink.put(sink.context, text, strlen(text));
}

/* All types at once, more than there are registers for: what arrives goes back as JSON. */
static heron_status every_type(const heron_operation *operation, const heron_host *host, heron_scheduler *scheduler,
                               int32_t small, heron_string text, int64_t big, double real, int32_t yes,
                               heron_bytes bytes, heron_string other, double half, int32_t last, heron_sink result) {
    char json[1024];
    (void)host;
    snprintf(json, sizeof json,
             "{\"operation\": \"%s\", \"scheduler\": %s, \"int32\": %" PRId32 ", \"string\": \"%.*s\", \"ended\": %s, "
             "\"int64\": %" PRId64 ", \"double\": %.17g, \"bool\": %" PRId32 ", \"bytes\": %zu, \"first\": %d, "
             "\"other\": \"%.*s\", \"half\": %g, \"last\": %" PRId32 "}",
             operation->name, scheduler ? "true" : "false", small, (int)text.length, text.data,
             text.data[text.length] == 0 ? "true" : "false", big, real, yes, bytes.length,
             bytes.length ? *(const unsigned char *)bytes.data : -1, (int)other.length, other.data, half, last);
    put(result, json);
    return HERON_OK;
}

static heron_status fail(const heron_operation *operation, const heron_host *host, heron_scheduler *scheduler,
                         heron_string reason) {
    (void)operation, (void)scheduler;
    host->report(host, HERON_EXHAUSTED, reason, heron_text("make room"));
    return HERON_EXHAUSTED;
}

static heron_status config(const heron_operation *operation, const heron_host *host, heron_scheduler *scheduler,
                           heron_string key, heron_sink result) {
    (void)operation, (void)scheduler;
    return host->config(host, key, result);
}

static heron_status no_json(const heron_operation *operation, const heron_host *host, heron_scheduler *scheduler,
                            heron_sink result) {
    (void)operation, (void)host, (void)scheduler;
    put(result, "{no");
    return HERON_OK;
}

static heron_status nothing(const heron_operation *operation, const heron_host *host, heron_scheduler *scheduler,
                            heron_sink result) {
    (void)operation, (void)host, (void)scheduler, (void)result;
    return HERON_OK;
}

static heron_status hang(const heron_operation *operation, const heron_host *host, heron_scheduler *scheduler) {
    (void)operation, (void)host, (void)scheduler;
    pause();
    return HERON_OK;
}

/* The fact that only the instance of a scheduler knows. */
static heron_status beside(const heron_operation *operation, const heron_host *host, heron_scheduler *scheduler,
                           heron_sink result) {
    (void)operation;
    if (!scheduler || scheduler->data != host)
        return HERON_FAILED;
    return host->fact(host, HERON_FACT_TOPOLOGY_NAME, result);
}

static const heron_parameter all_parameters[] = {
    {"small", NULL, "A small number."}, {"text", "none", "A text."},      {"big", "-1", "A big number."},
    {"real", "0.5", "A number."},       {"yes", "false", "A switch."},    {"bytes", "", "Bytes."},
    {"other", "", "Another text."},     {"half", "0.25", "Another one."}, {"last", "9", "The last one."},
};
static const heron_parameter reason[] = {{"reason", "no reason", "Why."}};
static const heron_parameter key[] = {{"key", NULL, "The key."}};
static const heron_parameter wrong[] = {{OPERATIONS_PARAMETER, OPERATIONS_DEFAULT, "Its help."}};

static const heron_operation operations[] = {
    {sizeof(heron_operation), HERON_OPERATION_CLUSTER, "every-type", "Takes every type.",
     "(int32,string,int64,double,bool,bytes,string,double,int32)->json", 9, all_parameters, (heron_function)every_type,
     NULL},
    {sizeof(heron_operation), HERON_OPERATION_CLUSTER, "fail", "Fails.", "(string)->status", 1, reason,
     (heron_function)fail, NULL},
    {sizeof(heron_operation), HERON_OPERATION_CLUSTER, "config", "Reads a setting.", "(string)->string", 1, key,
     (heron_function)config, NULL},
    {sizeof(heron_operation), HERON_OPERATION_CLUSTER, "no-json", "Puts what is no JSON.", "()->json", 0, NULL,
     (heron_function)no_json, NULL},
    {sizeof(heron_operation), HERON_OPERATION_CLUSTER, "nothing", "Puts nothing.", "()->string", 0, NULL,
     (heron_function)nothing, NULL},
    {sizeof(heron_operation), HERON_OPERATION_CLUSTER, "hang", "Does not return.", "()->status", 0, NULL,
     (heron_function)hang, NULL},
    {sizeof(heron_operation), HERON_OPERATION_TOPOLOGY, "beside", "Names the topology.", "()->string", 0, NULL,
     (heron_function)beside, NULL},
    {OPERATIONS_SIZE, OPERATIONS_TARGET, OPERATIONS_NAME, "May be wrong.", OPERATIONS_SIGNATURE, 1, wrong,
     (heron_function)hang, NULL},
};

static const heron_operation *get(size_t index) {
#ifdef OPERATIONS_ENDLESS
    return &operations[index % 7];
#endif
    return index < sizeof operations / sizeof *operations ? &operations[index] : NULL;
}

/* ---- The scheduler ---- */

static heron_status ignore(heron_scheduler *scheduler, heron_bytes bytes) {
    (void)scheduler, (void)bytes;
    return HERON_OK;
}

static heron_status initialize(heron_scheduler *scheduler) {
    (void)scheduler;
    return HERON_OK;
}

static void destroy(heron_scheduler *scheduler) {
    free(scheduler);
}

static heron_status create(const heron_host *host, heron_string class_name, heron_scheduler **made) {
    heron_scheduler *scheduler = calloc(1, sizeof *scheduler);
    (void)class_name;
    if (!scheduler)
        return HERON_EXHAUSTED;
    *scheduler = (heron_scheduler){
        .size = sizeof *scheduler,
        .data = (void *)host,
        .destroy = destroy,
        .initialize = initialize,
        .on_schedule = ignore,
        .on_kill = ignore,
        .on_restart = ignore,
    };
    *made = scheduler;
    return HERON_OK;
}

static void classes(heron_sink names) {
    put(names, SCHEDULER_CLASS);
}

static const void *get_factory(const char *id) {
    static const heron_operations_factory of_operations = {.size = sizeof of_operations, .get = get};
    static const heron_scheduler_factory of_schedulers = {
        .size = sizeof of_schedulers, .classes = classes, .create = create};
    if (!strcmp(id, HERON_OPERATIONS_FACTORY))
        return &of_operations;
    return strcmp(id, HERON_SCHEDULER_FACTORY) ? NULL : &of_schedulers;
}

static const heron_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = HERON_ABI_MAJOR,
    .abi_minor = HERON_ABI_MINOR,
    .name = "operations",
    .version = "1.0",
    .get_factory = get_factory,
};

const heron_plugin *heron_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    (void)host_major, (void)host_minor;
    return &plugin;
}
