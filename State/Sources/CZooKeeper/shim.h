/* ZooKeeper's C client with threads of its own (Debian's libzookeeper-mt-dev), of which only the asynchronous calls are
 * used; and what Swift cannot read from its header. */
#ifndef HERON_CZOOKEEPER_H
#define HERON_CZOOKEEPER_H

#include <zookeeper/zookeeper.h>

/* The header's constants are variables, which Swift takes for shared mutable state. */
static inline const struct ACL_vector *heron_zk_open_acl(void) {
    return &ZOO_OPEN_ACL_UNSAFE;
}

static inline const struct ACL_vector *heron_zk_creator_acl(void) {
    return &ZOO_CREATOR_ALL_ACL;
}

/* The header asks for a pointer to the completion where the library takes the completion itself. */
static inline int heron_zk_remove_all_watches(zhandle_t *handle, const char *path, ZooWatcherType type,
                                              void_completion_t completion, const void *data) {
    return zoo_aremove_all_watches(handle, path, type, 0, (void_completion_t *)completion, data);
}

/* All that the client's library would print to the standard error of whatever process it is loaded into. */
static inline void heron_zk_silence(void) {
    zoo_set_debug_level((ZooLogLevel)0);
}

#endif
