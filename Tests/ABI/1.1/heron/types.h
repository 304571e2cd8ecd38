/* How text, bytes and lists cross the boundary. */
#ifndef HERON_TYPES_H
#define HERON_TYPES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Text. A string that the host passes is followed by a NUL byte that `length` does not count; a plugin's need not
 * be.
 * OWNERSHIP: the caller's; valid until the call returns. */
typedef struct heron_string {
    const char *data; /* May be NULL if length is 0. */
    size_t length;
} heron_string;

/* Bytes, mostly a protobuf message.
 * OWNERSHIP: the caller's; valid until the call returns. */
typedef struct heron_bytes {
    const void *data; /* May be NULL if length is 0. */
    size_t length;
} heron_bytes;

/* Where the called side writes its answer: text, bytes, or a list. `put` is called once for each item, before the
 * call that was given the sink returns, on the same thread. Text that the host puts is followed by a NUL byte.
 * OWNERSHIP: the sink is the caller's and valid until the call returns; `data` is the called side's and valid until
 * `put` returns. */
typedef struct heron_sink {
    void *context; /* Passed to `put` as it is. */
    void (*put)(void *context, const void *data, size_t length);
} heron_sink;

/* A name and what it stands for.
 * OWNERSHIP: that of the strings. */
typedef struct heron_pair {
    heron_string key;
    heron_string value;
} heron_pair;

/* A sink for pairs of text; the same rules. */
typedef struct heron_pair_sink {
    void *context;
    void (*put)(void *context, heron_string key, heron_string value);
} heron_pair_sink;

/* A heron_string for a NUL-terminated text.
 * OWNERSHIP: as that of `text`. */
static inline heron_string heron_text(const char *text) {
    heron_string string = {text, text ? strlen(text) : 0};
    return string;
}

#endif
