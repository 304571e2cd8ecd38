/* A plugin for the benchmark: an operation that gives back what it gets, and one that looks at a number. */
#include <heron/plugin.h>

static heron_status echo(const heron_operation *operation, const heron_host *host, heron_scheduler *scheduler,
                         heron_string text, int32_t number, heron_sink result) {
    (void)operation, (void)host, (void)scheduler, (void)number;
    result.put(result.context, text.data, text.length);
    return HERON_OK;
}

static heron_status check(const heron_operation *operation, const heron_host *host, heron_scheduler *scheduler,
                          int32_t number, heron_sink result) {
    (void)operation, (void)host, (void)scheduler, (void)result;
    return number > 0 ? HERON_OK : HERON_FAILED;
}

static const heron_parameter parameters[] = {{"text", NULL, "What to say."}, {"number", "1", "A number."}};
static const heron_operation operations[] = {
    {
        .size = sizeof(heron_operation),
        .target = HERON_OPERATION_CLUSTER,
        .name = "echo",
        .help = "Says it again.",
        .signature = "(string,int32)->string",
        .parameter_count = 2,
        .parameters = parameters,
        .function = (heron_function)echo,
    },
    {
        .size = sizeof(heron_operation),
        .target = HERON_OPERATION_CLUSTER,
        .name = "check",
        .help = "Looks at a number.",
        .signature = "(int32)->status",
        .parameter_count = 1,
        .parameters = parameters + 1,
        .function = (heron_function)check,
    },
};

static const heron_operation *get(size_t index) {
    return index < sizeof operations / sizeof *operations ? &operations[index] : NULL;
}

static const void *get_factory(const char *id) {
    static const heron_operations_factory factory = {.size = sizeof factory, .get = get};
    return strcmp(id, HERON_OPERATIONS_FACTORY) ? NULL : &factory;
}

const heron_plugin *heron_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    static const heron_plugin plugin = {
        .size = sizeof plugin,
        .abi_major = HERON_ABI_MAJOR,
        .abi_minor = HERON_ABI_MINOR,
        .name = NAME,
        .version = "1.0",
        .get_factory = get_factory,
    };
    (void)host_major, (void)host_minor;
    return &plugin;
}
