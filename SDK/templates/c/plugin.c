/* The entry: what this library is and offers. */
#include "plugin.h"

static const void *get_factory(const char *id) {
    if (!strcmp(id, HERON_SCHEDULER_FACTORY))
        return &scheduler_factory;
    if (!strcmp(id, HERON_LAUNCHER_FACTORY))
        return &launcher_factory;
    if (!strcmp(id, HERON_OPERATIONS_FACTORY))
        return &operations_factory;
    return NULL;
}

static const heron_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = HERON_ABI_MAJOR,
    .abi_minor = HERON_ABI_MINOR,
    .name = PLUGIN_NAME,
    .version = PLUGIN_VERSION,
    .get_factory = get_factory,
};

/* The only symbol that the library exports. */
const heron_plugin *heron_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    (void)host_major, (void)host_minor;
    return &plugin;
}
