/* Launchers: they bring a submitted topology to the place where its scheduler runs. */
#ifndef HERON_LAUNCHER_H
#define HERON_LAUNCHER_H

#include "host.h"

#define HERON_LAUNCHER_FACTORY "heron.launcher/1"

/* One launcher, for one submission. */
typedef struct heron_launcher heron_launcher;

/* The functions of a launcher. Those not marked optional must be there.
 * OWNERSHIP: the plugin's; the struct stays where it is, and constant, until `destroy` returns. Bytes are the
 * host's; valid until the call returns. */
struct heron_launcher {
    uint32_t size; /* sizeof(heron_launcher) as the plugin was compiled. */
    uint32_t reserved;

    void *data; /* The plugin's own; the host does not look at it. */

    /* Ends the instance, with all threads that it started, and frees it. The last call, also after a failed one.
     * [plugin-thread] */
    void (*destroy)(heron_launcher *launcher);

    /* Reads the configuration and gets ready; the first call after `create`. It changes nothing that outlives it.
     * [plugin-thread] */
    heron_status (*initialize)(heron_launcher *launcher);

    /* Prepares whatever the scheduler needs and gets it going (launching.h). The plan is a
     * heron.proto.system.PackingPlan. If it fails it undoes what it did: nothing may be left behind.
     * [plugin-thread] */
    heron_status (*launch)(heron_launcher *launcher, heron_bytes packing_plan);

    /* Ends the work; what was launched goes on. May be called again. Optional.
     * [plugin-thread] */
    heron_status (*close)(heron_launcher *launcher);

    /* A further ability, by its id; NULL for every id not known. Optional.
     * [plugin-thread]
     * OWNERSHIP: `id` is the host's, NUL-terminated and valid until the call returns; the table is the plugin's and
     * valid until `destroy` is called. */
    const void *(*get_extension)(heron_launcher *launcher, const char *id);
};

/* Makes launchers. */
typedef struct heron_launcher_factory {
    uint32_t size; /* sizeof(heron_launcher_factory) as the plugin was compiled. */
    uint32_t reserved;

    /* Puts the name of every class that `create` knows, as in plugin.yaml.
     * [scan]
     * OWNERSHIP: `names` is the host's sink; valid until the call returns. */
    void (*classes)(heron_sink names);

    /* Makes a launcher. May keep `host` and call `report`, but nothing else of it yet.
     * [plugin-thread]
     * OWNERSHIP: `class_name` is the host's; valid until the call returns. `host` is the host's; valid until
     * `destroy` has returned. `launcher` is the host's; on success the plugin stores there what it made. */
    heron_status (*create)(const heron_host *host, heron_string class_name, heron_launcher **launcher);
} heron_launcher_factory;

#endif
