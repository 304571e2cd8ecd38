/* The version of this ABI. */
#ifndef HERON_ABI_H
#define HERON_ABI_H

/* Host and plugin must agree on the major version. */
#define HERON_ABI_MAJOR 1

/* A later minor version only adds: members at the end of tables, services, facts, status codes. A plugin of a newer
 * minor version than the host's is loaded too; it looks at the size of a table before it uses a newer member. */
#define HERON_ABI_MINOR 2

/* Whether the table behind a pointer is large enough to have a member. */
#define HERON_HAS(table, member)                                                                                       \
    ((table)->size >= (size_t)((const char *)&(table)->member - (const char *)(table)) + sizeof((table)->member))

#ifdef __cplusplus
#define HERON_EXPORT extern "C" __attribute__((visibility("default")))
#else
#define HERON_EXPORT __attribute__((visibility("default")))
#endif

#endif
