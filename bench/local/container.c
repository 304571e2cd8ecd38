/* What the benchmark of the local scheduler starts:
 *
 *     container <an executor's arguments>     waits for the end; if there is a file `listen` in its working directory,
 *                                             it listens on the ports that it is given
 *     container spawn <number> <program>      starts a program so often, as fast as posix_spawn does, and ends them
 *
 * A port that it cannot have it writes into the file `collisions` of its working directory. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static int is_listening(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int one = 1, file = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    return !bind(file, (struct sockaddr *)&address, sizeof address) && !listen(file, 1);
}

static int run_container(int argc, char **argv) {
    for (int i = 1; i < argc && !access("listen", F_OK); i++) {
        const char *value = strchr(argv[i], '=');
        if (!value || value - argv[i] < 5 || strncmp(value - 5, "-port", 5) || is_listening(atoi(value + 1)))
            continue;
        int file = open("collisions", O_WRONLY | O_CREAT | O_APPEND, 0600);
        dprintf(file, "%s: %s\n", argv[i], strerror(errno));
    }
    pause();
    return 0;
}

static int spawn(int count, char *program) {
    struct timespec start, end;
    pid_t *children = calloc((size_t)count, sizeof *children);
    char *argv[] = {program, NULL};
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < count; i++)
        if (posix_spawn(&children[i], program, NULL, NULL, argv, environ))
            return 1;
    clock_gettime(CLOCK_MONOTONIC, &end);
    printf("%f\n", (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9);
    for (int i = 0; i < count; i++)
        kill(children[i], SIGKILL);
    while (wait(NULL) > 0)
        ;
    free(children);
    return 0;
}

int main(int argc, char **argv) {
    return argc == 4 && !strcmp(argv[1], "spawn") ? spawn(atoi(argv[2]), argv[3]) : run_container(argc, argv);
}
