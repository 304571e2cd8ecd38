/* Operations: commands of a plugin's own, for `heron plugin call <plugin> <operation> [--name value ...]`. Since 1.2.
 */
#ifndef HERON_OPERATIONS_H
#define HERON_OPERATIONS_H

#include "host.h"
#include "scheduler.h"

#define HERON_OPERATIONS_FACTORY "heron.operations/1"

/* What an operation works on. */
#define HERON_OPERATION_CLUSTER 1  /* A cluster: its configuration is all that is known. */
#define HERON_OPERATION_TOPOLOGY 2 /* A running topology: it is called beside its scheduler. */

/* How many parameters an operation may have. */
#define HERON_PARAMETER_LIMIT 16

/* A parameter of an operation. This struct never grows.
 * OWNERSHIP: the strings are the plugin's, NUL-terminated; valid as long as the library is loaded. */
typedef struct heron_parameter {
    /* Lower-case letters, digits and '-', a letter first: `--name` on the command line. Not one of the options that
     * `heron plugin call` has itself: cluster, config-path, config-property, help, output, service-url, topology,
     * verbose. */
    const char *name;
    const char *default_value; /* As it would be written on the command line; NULL if a value must be given. */
    const char *help;          /* One line. */
} heron_parameter;

/* Any function; cast to what the signature says before it is called. */
typedef void (*heron_function)(void);

/* One operation.
 * OWNERSHIP: the plugin's, with all that it points to; constant, and valid as long as the library is loaded. */
typedef struct heron_operation heron_operation;
struct heron_operation {
    uint32_t size;   /* sizeof(heron_operation) as the plugin was compiled. */
    uint32_t target; /* HERON_OPERATION_... */

    const char *name; /* Lower-case letters, digits and '-', a letter first. NUL-terminated. */
    const char *help; /* One line. NUL-terminated. */

    /* The types of the parameters in parentheses, separated by commas, then `->` and the result; without spaces and
     * NUL-terminated, such as "(string,int32)->json".
     *
     *   type    in C            on the command line
     *   int32   int32_t         a decimal number in its range
     *   int64   int64_t         a decimal number in its range
     *   double  double          a finite decimal number
     *   bool    int32_t, 0 or 1 true or false
     *   string  heron_string    text
     *   bytes   heron_bytes     text, or @ and the path of a file: its content
     *
     *   status  nothing: the returned status is all
     *   string  text, put once
     *   json    one JSON value, put once */
    const char *signature;

    /* As many as the signature has types, in the same order.
     * OWNERSHIP: the plugin's; may be NULL if there are none. */
    size_t parameter_count;
    const heron_parameter *parameters;

    /* What does it:
     *
     *     heron_status function(const heron_operation *operation, const heron_host *host, heron_scheduler *scheduler,
     *                           ...one argument for each parameter, as in C above...,
     *                           heron_sink result);  <- unless the result is `status`
     *
     * `operation` is this struct. `scheduler` is the instance that the operation works beside, initialized, or NULL
     * for HERON_OPERATION_CLUSTER. Strings and bytes are the host's; valid until the call returns.
     * [plugin-thread] that of the scheduler; for HERON_OPERATION_CLUSTER, one of its own. */
    heron_function function;

    void *data; /* The plugin's own; the host does not look at it. */
};

/* Knows the operations of a plugin. */
typedef struct heron_operations_factory {
    uint32_t size; /* sizeof(heron_operations_factory) as the plugin was compiled. */
    uint32_t reserved;

    /* The operation with an index, counted from 0; NULL behind the last one.
     * [scan]
     * OWNERSHIP: the plugin's; constant, and valid as long as the library is loaded. */
    const heron_operation *(*get)(size_t index);
} heron_operations_factory;

#endif
