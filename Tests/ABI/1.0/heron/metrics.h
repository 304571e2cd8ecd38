/* Service: figures about the plugin's work, which the process offers to monitoring. */
#ifndef HERON_METRICS_H
#define HERON_METRICS_H

#include "host.h"

#define HERON_HOST_METRICS "heron.host.metrics/1"

/* Names are of the form `restarts_total`: lower case letters, digits and '_', a letter first, 64 bytes at most; the
 * host puts the plugin's name in front. Others are HERON_INVALID_ARGUMENT.
 * OWNERSHIP, for all functions: `name` is the plugin's; valid until the call returns. */
typedef struct heron_metrics {
    uint32_t size; /* sizeof(heron_metrics) as the host was compiled. */
    uint32_t reserved;

    /* Adds to a counter, which only grows and begins at 0.
     * [any-thread] */
    heron_status (*add)(const heron_host *host, heron_string name, uint64_t amount);

    /* Sets a gauge, which goes up and down.
     * [any-thread] */
    heron_status (*set)(const heron_host *host, heron_string name, double value);
} heron_metrics;

#endif
