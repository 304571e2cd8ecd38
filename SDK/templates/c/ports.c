#define _GNU_SOURCE
#include "ports.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

/* Binds a socket to a port, or for 0 to a free one, and stores which it got; the socket, or -1.
 *
 * It is bound without SO_REUSEADDR, so that nobody else can have the port, and gets it afterwards: the container's
 * daemons, which set it too, may then listen there all the same. */
static int hold(uint16_t *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(*port)};
    socklen_t size = sizeof address;
    int yes = 1, made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (made < 0)
        return -1;
    if (bind(made, (struct sockaddr *)&address, size) || getsockname(made, (struct sockaddr *)&address, &size) ||
        setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes)) {
        int error = errno;
        close(made);
        errno = error;
        return -1;
    }
    *port = ntohs(address.sin_port);
    return made;
}

void ports_init(ports *held) {
    for (int i = 0; i < HERON_PORT_COUNT; i++) {
        held->numbers[i] = 0;
        held->sockets[i] = -1;
    }
}

int ports_hold(ports *held) {
    int error = 0;
    for (int i = 0; i < HERON_PORT_COUNT; i++) {
        held->sockets[i] = error ? -1 : hold(&held->numbers[i]);
        if (held->sockets[i] < 0 && held->numbers[i] == 0 && !error)
            error = errno;
    }
    if (error)
        ports_release(held);
    return error;
}

void ports_release(ports *held) {
    for (int i = 0; i < HERON_PORT_COUNT; i++)
        if (held->sockets[i] >= 0)
            close(held->sockets[i]);
    ports_init(held);
}
