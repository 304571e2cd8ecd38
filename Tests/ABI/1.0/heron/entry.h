/* The one symbol that a plugin exports. */
#ifndef HERON_ENTRY_H
#define HERON_ENTRY_H

#include "abi.h"
#include "status.h"
#include "types.h"

/* What a library is and offers. This struct's first three members never change their place, in any major version. */
typedef struct heron_plugin {
    uint32_t size;      /* sizeof(heron_plugin) as the plugin was compiled. */
    uint32_t abi_major; /* HERON_ABI_MAJOR as the plugin was compiled. */
    uint32_t abi_minor; /* HERON_ABI_MINOR as the plugin was compiled. */
    uint32_t reserved;  /* 0. */

    /* The name and version that plugin.yaml states too; they must agree. NUL-terminated.
     * OWNERSHIP: the plugin's; valid as long as the library is loaded. */
    const char *name;
    const char *version;

    /* Prepares the library. Calls of init and deinit are counted by the host: one init before the first instance is
     * made, one deinit after the last was destroyed, and again when another one is made. The library itself stays
     * loaded. On failure the reason is put into `error`, once. May be NULL.
     * [plugin-thread] of the first instance
     * OWNERSHIP: `folder`, the folder that holds the library, is the host's; valid until the call returns. */
    heron_status (*init)(heron_string folder, heron_sink error);

    /* Undoes init. May be NULL.
     * [plugin-thread] of the last instance */
    void (*deinit)(void);

    /* The factory with an id such as HERON_SCHEDULER_FACTORY, or NULL for every id that this plugin does not know.
     * [scan]
     * OWNERSHIP: `id` is the host's, NUL-terminated and valid until the call returns; the factory is the plugin's
     * and valid as long as the library is loaded. */
    const void *(*get_factory)(const char *id);
} heron_plugin;

/* Describes the plugin. The host passes its own ABI version: a plugin that speaks several major versions answers
 * with the table of that one, any other ignores the arguments. NULL means that the plugin cannot serve this host.
 * [scan]
 * OWNERSHIP: the table is the plugin's; constant, and valid as long as the library is loaded. */
HERON_EXPORT const heron_plugin *heron_plugin_entry(uint32_t host_major, uint32_t host_minor);

#endif
