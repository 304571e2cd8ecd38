/* The outcome of a call. */
#ifndef HERON_STATUS_H
#define HERON_STATUS_H

#include <stdint.h>

/* HERON_OK or why a call failed. A code that a side does not know is treated as HERON_FAILED. The numbers never
 * change. */
typedef int32_t heron_status;

#define HERON_OK 0                /* Done. */
#define HERON_FAILED 1            /* Failed for a reason that no other code fits. */
#define HERON_INVALID_ARGUMENT 2  /* An argument or a setting is wrong; trying again cannot help. */
#define HERON_UNSUPPORTED 3       /* This side does not offer what was asked for. */
#define HERON_NOT_FOUND 4         /* There is no such key, fact, node, class or container. */
#define HERON_ALREADY_EXISTS 5    /* There is one already. */
#define HERON_BAD_VERSION 6       /* A state node has another version than the expected one. */
#define HERON_NOT_EMPTY 7         /* A state node has children. */
#define HERON_PERMISSION_DENIED 8 /* Not allowed to this user or with these credentials. */
#define HERON_UNAVAILABLE 9       /* What is needed cannot be reached now; trying again may help. */
#define HERON_TIMEOUT 10          /* It took too long; whether it took place is unknown. */
#define HERON_EXHAUSTED 11        /* No space, no ports, no descriptors, no processes. */
#define HERON_CLOSED 12           /* The instance, the session or the service is closed. */
#define HERON_WRONG_THREAD 13     /* Called on a thread that must not block; see the thread tags in plugin.h. */

#endif
