/* What Swift's Glibc module lacks of Linux. */
#ifndef LINUX_PROCESSES_H
#define LINUX_PROCESSES_H

#include <sys/eventfd.h>
#include <sys/types.h>

/* The environment of this process. */
char **linux_environment(void);

/* Starts a program in a directory, with a session of its own and its output in a file there. An errno value. */
int linux_spawn(const char *directory, char *const *arguments, char *const *environment, const char *log, pid_t *pid);

/* A descriptor that stands for one process and becomes readable when it ends; -1 and errno if there is none. */
int linux_open(pid_t pid);

/* Sends a signal to that very process. */
int linux_signal(int process, int signal);

/* Waits for the end of a process. Whether it was started by this one: then `code` is its exit status or, negative, the
 * signal that ended it. */
int linux_wait(int process, int *code);

#endif
