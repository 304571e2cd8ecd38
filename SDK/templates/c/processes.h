/* Containers as processes of this machine.
 *
 * This is the part to replace by your cluster: start a container, notice that it ended, end it, and find again what
 * runs. Whatever a cluster calls a job's name or label is an environment variable here: it says to which container a
 * process belongs, so that any process on this machine can find them, without a record that could be wrong. */
#ifndef PROCESSES_H
#define PROCESSES_H

#include "ports.h"

#include <sys/types.h>

/* What a container's processes are known by, beside the working directory. */
typedef struct {
    int32_t id;
    uint32_t attempt;
    uint16_t ports[HERON_PORT_COUNT];
} label;

/* A container's executor. */
typedef struct {
    pid_t pid;
    int handle; /* Becomes readable when it ends (pidfd_open). */
} process;

/* Starts a program in a directory, with a session of its own and its output in a file there. An errno value. */
int process_start(const char *directory, const label *of, char *const *argv, process *started);

int process_has_ended(const process *of);

/* Ends a process, if it has not ended by itself, lets go of it, and says how it ended. */
void process_reap(process *of, char *how, size_t room);

/* Lets go of a process that goes on. */
void process_release(process *of);

/* Calls a function for each executor that runs in a directory; it says whether it takes the process over. */
typedef int (*process_visit)(void *context, const label *of, process found);
void processes_find(const char *directory, process_visit take, void *context);

/* Ends the processes of the containers that a function picks: SIGTERM for the executors, which end what they started,
 * patience, SIGKILL for everything. Returns whether none is left. */
typedef int (*label_filter)(const void *context, const label *of);
int processes_end(const char *directory, label_filter picks, const void *context, int milliseconds);

/* Milliseconds of a clock that only goes forward. */
int64_t now(void);

#endif
