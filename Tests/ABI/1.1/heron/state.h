/* Service: the state of all topologies, in ZooKeeper or in files. */
#ifndef HERON_STATE_H
#define HERON_STATE_H

#include "host.h"

#define HERON_HOST_STATE "heron.host.state/1"

/* Any version will do. */
#define HERON_ANY_VERSION (-1)

/* How long a node lives: until it is deleted; or until the process that created it has ended, too. Where the state is
 * on servers, a node of the second kind may vanish while none of them can be reached for long; the host creates it
 * again, unless another process has done so by then. */
#define HERON_NODE_PERSISTENT 0
#define HERON_NODE_EPHEMERAL 1

/* What one step of a multi does. */
#define HERON_STATE_CREATE 1 /* path, data, lifetime */
#define HERON_STATE_SET 2    /* path, data, version */
#define HERON_STATE_DELETE 3 /* path, version */
#define HERON_STATE_CHECK 4  /* path, version */

/* One step of a multi; members that it does not need are 0. This struct never grows.
 * OWNERSHIP: `path` and `data` as in the call that is given the step. */
typedef struct heron_state_step {
    int32_t kind;
    int32_t version;
    int32_t lifetime;
    int32_t reserved;
    heron_string path;
    heron_bytes data;
} heron_state_step;

/* Told about a node: as it is when the watch begins, and after every change; several quick changes may come as one,
 * the last is never missed. `exists` is 0 while there is no such node, `status` is HERON_OK. When the watch breaks
 * it is told so once, with another status, and never again; the log says why.
 * [plugin-thread] between other calls
 * OWNERSHIP: `context` is the plugin's; it must stay valid until unwatch or the instance's `destroy` has returned.
 * `path` and `data` are the host's; valid until the call returns. */
typedef void (*heron_state_watcher)(void *context, heron_status status, heron_string path, int32_t exists,
                                    heron_bytes data, int32_t version);

/* Paths are relative to the state's root, parts separated by '/': "packingplans/WordCount". A part is 1 to 255 bytes
 * of UTF-8 without '/', control characters and characters that ZooKeeper takes in no name (private ones, U+E000 to
 * U+F8FF; from U+FFF0 on), and neither "." nor "..". What is a plugin's own belongs below "heron-swift/<topology>/",
 * which ends with the topology.
 *
 * Every call ends within the state's time limit, and beside what is said below may fail with HERON_INVALID_ARGUMENT
 * (not a path; more data than a node, or all steps together, may hold), HERON_PERMISSION_DENIED, HERON_UNAVAILABLE (the
 * state cannot be reached: nothing has changed), HERON_TIMEOUT (no answer in time, or the connection broke: whether a
 * write took place is unknown), HERON_CLOSED.
 *
 * OWNERSHIP, for all functions: strings, bytes, steps and sinks are the caller's; valid until the call returns. */
typedef struct heron_state {
    uint32_t size; /* sizeof(heron_state) as the host was compiled. */
    uint32_t reserved;

    /* Puts a node's data, once, and stores its version unless `version` is NULL. HERON_NOT_FOUND without a report.
     * [any-thread] */
    heron_status (*get)(const heron_host *host, heron_string path, heron_sink data, int32_t *version);

    /* HERON_OK if the node is there, HERON_NOT_FOUND without a report if not.
     * [any-thread] */
    heron_status (*exists)(const heron_host *host, heron_string path);

    /* Puts the names of a node's children, sorted; none if there is no such node.
     * [any-thread] */
    heron_status (*children)(const heron_host *host, heron_string path, heron_sink names);

    /* Creates a node and the parents that it lacks. HERON_ALREADY_EXISTS.
     * [any-thread] */
    heron_status (*create)(const heron_host *host, heron_string path, heron_bytes data, int32_t lifetime);

    /* Replaces a node's data if it has the expected version, and stores the new one unless `version` is NULL.
     * HERON_NOT_FOUND, HERON_BAD_VERSION.
     * [any-thread] */
    heron_status (*set)(const heron_host *host, heron_string path, heron_bytes data, int32_t expected,
                        int32_t *version);

    /* Deletes a node if it has the expected version. HERON_NOT_FOUND without a report, HERON_BAD_VERSION,
     * HERON_NOT_EMPTY.
     * [any-thread] */
    heron_status (*remove)(const heron_host *host, heron_string path, int32_t expected);

    /* Performs all steps in their order, or none.
     * [any-thread] */
    heron_status (*multi)(const heron_host *host, const heron_state_step *steps, size_t count);

    /* Watches a node and stores a number that ends the watch again.
     * [any-thread] */
    heron_status (*watch)(const heron_host *host, heron_string path, heron_state_watcher watcher, void *context,
                          uint64_t *watch);

    /* Ends a watch. The watcher is not called after this has returned on the plugin thread.
     * [plugin-thread] */
    void (*unwatch)(const heron_host *host, uint64_t watch);
} heron_state;

#endif
