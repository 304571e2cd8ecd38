#define _GNU_SOURCE
#include "processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* The variable that all processes of a container inherit: id, attempt, ports and working directory. */
#define VARIABLE "heron_@IDENTIFIER@_container="
#define CREDENTIALS "HERON_ZOOKEEPER_AUTH=" /* Those of whoever runs a command: no executor may get them. */

#define KILL_MILLISECONDS 5000

extern char **environ;

int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void pause_briefly(int milliseconds) {
    nanosleep(&(struct timespec){.tv_nsec = milliseconds * 1000000L}, NULL);
}

static char *label_text(const char *directory, const label *of) {
    char *text, numbers[HERON_PORT_COUNT * 6 + 1];
    size_t length = 0;
    for (int i = 0; i < HERON_PORT_COUNT; i++)
        length += (size_t)snprintf(numbers + length, sizeof numbers - length, "%u ", (unsigned)of->ports[i]);
    int size = asprintf(&text, VARIABLE "%d %u %s%s", (int)of->id, (unsigned)of->attempt, numbers, directory);
    return size < 0 ? NULL : text;
}

/* Reads what label_text wrote: whether it is that, for this directory. */
static int parse_label(const char *text, const char *directory, label *of) {
    char *next;
    if (strncmp(text, VARIABLE, strlen(VARIABLE)))
        return 0;
    of->id = (int32_t)strtol(text + strlen(VARIABLE), &next, 10);
    of->attempt = (uint32_t)strtoul(next, &next, 10);
    for (int i = 0; i < HERON_PORT_COUNT; i++)
        of->ports[i] = (uint16_t)strtoul(next, &next, 10);
    return *next == ' ' && !strcmp(next + 1, directory);
}

/* Reads a process's label: whether it has one. Processes that have ended have none, also when nobody waited for them.
 */
static int read_label(pid_t pid, const char *directory, label *of) {
    char path[64], *variable = NULL;
    size_t room = 0;
    int is_found = 0;
    snprintf(path, sizeof path, "/proc/%d/environ", (int)pid);
    FILE *file = fopen(path, "re");
    while (file && !is_found && getdelim(&variable, &room, 0, file) > 0)
        is_found = parse_label(variable, directory, of);
    free(variable);
    if (file)
        fclose(file);
    return is_found;
}

static int open_handle(pid_t pid) {
    return (int)syscall(SYS_pidfd_open, pid, 0);
}

static void send_signal(int handle, int signal) {
    syscall(SYS_pidfd_send_signal, handle, signal, NULL, 0);
}

/* The environment of an executor, in an array that the caller frees. */
static char **make_environment(char *variable) {
    size_t count = 0, used = 0;
    while (environ && environ[count])
        count++;
    char **made = calloc(count + 2, sizeof *made);
    if (!made)
        return NULL;
    made[used++] = variable;
    for (size_t i = 0; i < count && environ[i]; i++)
        if (strncmp(environ[i], VARIABLE, strlen(VARIABLE)) && strncmp(environ[i], CREDENTIALS, strlen(CREDENTIALS)))
            made[used++] = environ[i];
    return made;
}

static int spawn(const char *directory, int32_t id, char *const *argv, char *const *environment, pid_t *pid) {
    char log[64];
    sigset_t none, all;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    snprintf(log, sizeof log, "heron-executor-%d.stderr", (int)id);
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
    int error = posix_spawn_file_actions_addchdir_np(&files, directory);
    if (!error)
        error = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    if (!error)
        error = posix_spawn_file_actions_addopen(&files, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (!error)
        error = posix_spawn_file_actions_adddup2(&files, 1, 2);
    if (!error)
        error = posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    if (!error)
        error = posix_spawn(pid, argv[0], &files, &attributes, argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

/* Waits until a process that was just started can be found; an errno value. */
static int wait_for_label(const char *directory, const process *started) {
    label of;
    for (int64_t limit = now() + 1000; now() < limit; pause_briefly(1))
        if (read_label(started->pid, directory, &of) || process_has_ended(started))
            return 0;
    return ETIMEDOUT;
}

int process_start(const char *directory, const label *of, char *const *argv, process *started) {
    char *variable = label_text(directory, of);
    char **environment = variable ? make_environment(variable) : NULL;
    int error = environment ? spawn(directory, of->id, argv, environment, &started->pid) : ENOMEM;
    free(environment);
    free(variable);
    if (error)
        return error;
    started->handle = open_handle(started->pid);
    error = started->handle < 0 ? errno : wait_for_label(directory, started);
    if (!error)
        return 0;
    kill(started->pid, SIGKILL);
    waitpid(started->pid, NULL, 0);
    process_release(started);
    return error;
}

int process_has_ended(const process *of) {
    struct pollfd entry = {.fd = of->handle, .events = POLLIN};
    return poll(&entry, 1, 0) > 0;
}

void process_reap(process *of, char *how, size_t room) {
    siginfo_t info;
    int result;
    send_signal(of->handle, SIGKILL);
    do
        result = waitid(P_PIDFD, (id_t)of->handle, &info, WEXITED);
    while (result && errno == EINTR);
    if (result) /* Another process started it: only that one is told more. */
        snprintf(how, room, "its executor ended");
    else if (info.si_code == CLD_EXITED)
        snprintf(how, room, "its executor ended with status %d", info.si_status);
    else
        snprintf(how, room, "its executor was ended by signal %d", info.si_status);
    process_release(of);
}

void process_release(process *of) {
    if (of->pid)
        close(of->handle);
    *of = (process){0, -1};
}

/* Calls a function for each process with a label for a directory; the function says whether it keeps the handle. */
static void visit_processes(const char *directory, process_visit visit, void *context) {
    DIR *folder = opendir("/proc");
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
        label of;
        /* The handle first: the label is then that of the process behind it, or of a later one, which it cannot hit. */
        process found = {pid, pid > 0 ? open_handle(pid) : -1};
        if (found.handle >= 0 && (!read_label(pid, directory, &of) || !visit(context, &of, found)))
            close(found.handle);
    }
    if (folder)
        closedir(folder);
}

static int is_executor(process found) {
    return getsid(found.pid) == found.pid;
}

typedef struct {
    process_visit take;
    void *context;
} finding;

static int find(void *context, const label *of, process found) {
    const finding *wanted = context;
    return is_executor(found) && wanted->take(wanted->context, of, found);
}

void processes_find(const char *directory, process_visit take, void *context) {
    finding wanted = {take, context};
    visit_processes(directory, find, &wanted);
}

typedef struct {
    label_filter picks;
    const void *context;
    int is_killing; /* Whether it is the time of SIGKILL. */
    pid_t *asked;   /* The executors that got a SIGTERM. */
    size_t asked_count;
    size_t left; /* How many processes were seen. */
} ending;

/* Notes that an executor gets a SIGTERM: whether it is the first. */
static int ask(ending *how, pid_t pid) {
    for (size_t i = 0; i < how->asked_count; i++)
        if (how->asked[i] == pid)
            return 0;
    pid_t *grown = realloc(how->asked, (how->asked_count + 1) * sizeof *grown);
    if (!grown)
        return 0;
    how->asked = grown;
    how->asked[how->asked_count++] = pid;
    return 1;
}

static int end(void *context, const label *of, process found) {
    ending *how = context;
    if (!how->picks(how->context, of))
        return 0;
    how->left++;
    if (how->is_killing)
        send_signal(found.handle, SIGKILL);
    else if (is_executor(found) && ask(how, found.pid))
        send_signal(found.handle, SIGTERM);
    return 0;
}

int processes_end(const char *directory, label_filter picks, const void *context, int milliseconds) {
    ending how = {.picks = picks, .context = context};
    int64_t limit = now() + milliseconds;
    int is_given_up = 0;
    /* Two looks have to find nothing: one may miss a process that is just executing a program. */
    for (int empty = 0; empty < 2 && !is_given_up;) {
        how.left = 0;
        visit_processes(directory, end, &how);
        empty = how.left ? 0 : empty + 1;
        if (how.left && now() >= limit) {
            is_given_up = how.is_killing;
            how.is_killing = 1;
            limit = now() + KILL_MILLISECONDS;
        }
        pause_briefly(how.left ? 10 : 1);
    }
    free(how.asked);
    return !is_given_up;
}
