/* The nine ports of a container. */
#ifndef PORTS_H
#define PORTS_H

#include <heron/plugin.h>

/* Keeps ports from everybody else on this machine but the container's own daemons. */
typedef struct {
    uint16_t numbers[HERON_PORT_COUNT];
    int sockets[HERON_PORT_COUNT]; /* That hold them; -1 where there is none. */
} ports;

/* Holds none. To be called first. */
void ports_init(ports *held);

/* Holds free ports, or, where a number is not 0, that port, unless the container listens on it already. Returns 0, or
 * an errno value if there are too few, and then holds none. */
int ports_hold(ports *held);

void ports_release(ports *held);

#endif
