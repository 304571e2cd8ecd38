/* What every instance is given: its host. */
#ifndef HERON_HOST_H
#define HERON_HOST_H

#include "status.h"
#include "types.h"

typedef struct heron_host heron_host;

/* Levels of heron_host.log. */
#define HERON_LOG_DEBUG 1
#define HERON_LOG_INFO 2
#define HERON_LOG_WARNING 3
#define HERON_LOG_ERROR 4

/* The host of one instance. All functions take it as first argument. No member is NULL.
 * OWNERSHIP: the host's; constant, and valid until the instance's `destroy` has returned. */
struct heron_host {
    uint32_t size;      /* sizeof(heron_host) as the host was compiled. */
    uint32_t abi_major; /* The version that the host speaks. */
    uint32_t abi_minor;
    uint32_t reserved;

    void *data; /* The host's own; not for plugins. */

    /* A further service, by its id, such as HERON_HOST_STATE; NULL if this host or this kind of instance has none.
     * [any-thread]
     * OWNERSHIP: `id` is the plugin's, NUL-terminated; the service is the host's and valid as long as the host is. */
    const void *(*get_extension)(const heron_host *host, const char *id);

    /* Writes one line to the log of the process.
     * [any-thread]
     * OWNERSHIP: `message` is the plugin's; valid until the call returns. */
    void (*log)(const heron_host *host, int32_t level, heron_string message);

    /* Says why the function that is being called is about to return a failure: what failed and on what, in one line;
     * and what the user can do, or nothing. The last report before the return counts. A host function that fails has
     * reported why already, so that its status can simply be passed on. On another thread than the plugin thread
     * this only logs.
     * [any-thread]
     * OWNERSHIP: the strings are the plugin's; valid until the call returns. */
    void (*report)(const heron_host *host, heron_status code, heron_string message, heron_string hint);

    /* Puts the value of a configuration key, with all tokens replaced; or the default that plugin.yaml declares.
     * HERON_NOT_FOUND if there is neither. The value of a key that plugin.yaml declares has the declared type.
     * [any-thread]
     * OWNERSHIP: `key` is the plugin's and `value` the caller's sink; both valid until the call returns. */
    heron_status (*config)(const heron_host *host, heron_string key, heron_sink value);

    /* Puts every key that is set and its value, ordered by key.
     * [any-thread]
     * OWNERSHIP: `entries` is the caller's sink; valid until the call returns. */
    heron_status (*config_each)(const heron_host *host, heron_pair_sink entries);

    /* Puts a fact of facts.h. HERON_NOT_FOUND if it is not known here; without a report, since many can be missing.
     * [any-thread]
     * OWNERSHIP: `name` is the plugin's, NUL-terminated; `value` the caller's sink; both valid until the call
     * returns. */
    heron_status (*fact)(const heron_host *host, const char *name, heron_sink value);

    /* Asks the process to end in an orderly way, soon: because the plugin cannot go on (`failed` is not 0) or
     * because nothing is left to do. Returns at once.
     * [any-thread]
     * OWNERSHIP: `reason` is the plugin's; valid until the call returns. */
    void (*request_shutdown)(const heron_host *host, int32_t failed, heron_string reason);
};

#endif
