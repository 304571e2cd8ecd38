#include "plugin.h"

static const void *get_factory(const char *id) {
    if (!strcmp(id, HERON_SCHEDULER_FACTORY))
        return &scheduler_factory;
    if (!strcmp(id, HERON_LAUNCHER_FACTORY))
        return &launcher_factory;
    return NULL;
}

static const heron_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = 1,
    .abi_minor = 1, /* What it needs, whatever the headers have. */
    .name = "aurora",
    .version = "0.1.0",
    .get_factory = get_factory,
};

const heron_plugin *heron_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    (void)host_major, (void)host_minor;
    return &plugin;
}
