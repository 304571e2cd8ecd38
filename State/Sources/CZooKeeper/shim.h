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

/* All that the client's library would print to the standard error of whatever process it is loaded into. */
static inline void heron_zk_silence(void) {
    zoo_set_debug_level((ZooLogLevel)0);
}

#endif
