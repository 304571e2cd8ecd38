/* Service for schedulers whose containers run on other machines: gives them files over HTTP. Since 1.1. */
#ifndef HERON_PACKAGES_H
#define HERON_PACKAGES_H

#include "host.h"

#define HERON_HOST_PACKAGES "heron.host.packages/1"

/* The host serves files of the topology's working directory (facts.h) as long as it lives. After a restart of the
 * scheduler they have to be published again; their URLs may then be others.
 * OWNERSHIP, for all functions: `file` is the plugin's and `url` the caller's sink; both valid until the call
 * returns. */
typedef struct heron_packages {
    uint32_t size; /* sizeof(heron_packages) as the host was compiled. */
    uint32_t reserved;

    /* Serves a regular file of the working directory and puts its absolute http URL, which ends in the file's name.
     * Whoever knows its checksum, which is part of the URL, may download it, as often as he likes; a file that changes
     * afterwards is served no more until it is published again. Reads the whole file. HERON_NOT_FOUND if there is
     * none, HERON_INVALID_ARGUMENT if it is not a regular file or lies outside of the working directory,
     * HERON_UNSUPPORTED where the scheduler has no service that could serve it.
     * [any-thread] */
    heron_status (*publish)(const heron_host *host, heron_string file, heron_sink url);

    /* The same for a file that is a secret: the URL holds a random token, and is gone after one complete download or
     * 15 minutes. Each call makes another one.
     * [any-thread] */
    heron_status (*publish_once)(const heron_host *host, heron_string file, heron_sink url);
} heron_packages;

#endif
