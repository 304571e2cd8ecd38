#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

// MARK: Spawning

static int add_file_actions(posix_spawn_file_actions_t *actions, const struct cprocess_request *request) {
    int code = posix_spawn_file_actions_addfchdir_np(actions, request->directory);
    if (code == 0)
        code = posix_spawn_file_actions_adddup2(actions, request->input, STDIN_FILENO);
    if (code == 0)
        code = posix_spawn_file_actions_adddup2(actions, request->output, STDOUT_FILENO);
    if (code == 0)
        code = posix_spawn_file_actions_adddup2(actions, request->error, STDERR_FILENO);
    if (code == 0)
        code = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    return code;
}

static int set_attributes(posix_spawnattr_t *attributes, bool new_session) {
    sigset_t all, none;
    sigfillset(&all);
    sigemptyset(&none);
    int code = posix_spawnattr_setsigdefault(attributes, &all);
    if (code == 0)
        code = posix_spawnattr_setsigmask(attributes, &none);
    if (code == 0) {
        short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK;
        if (new_session)
            flags |= POSIX_SPAWN_SETSID;
        code = posix_spawnattr_setflags(attributes, flags);
    }
    return code;
}

int cprocess_spawn(const struct cprocess_request *request, pid_t *pid) {
    posix_spawn_file_actions_t actions;
    int code = posix_spawn_file_actions_init(&actions);
    if (code != 0)
        return code;
    posix_spawnattr_t attributes;
    code = posix_spawnattr_init(&attributes);
    if (code != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return code;
    }
    code = add_file_actions(&actions, request);
    if (code == 0)
        code = set_attributes(&attributes, request->new_session);
    if (code == 0)
        code = posix_spawn(pid, request->path, &actions, &attributes, request->arguments, request->environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

void cprocess_keep_exit_statuses(void) {
    struct sigaction current;
    if (sigaction(SIGCHLD, NULL, &current) != 0)
        return;
    if (current.sa_handler != SIG_IGN && !(current.sa_flags & SA_NOCLDWAIT))
        return;
    current.sa_flags &= ~SA_NOCLDWAIT;
    if (current.sa_handler == SIG_IGN)
        current.sa_handler = SIG_DFL;
    sigaction(SIGCHLD, &current, NULL);
}

// MARK: Descriptors

int cprocess_open_directory(const char *path) {
    return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

int cprocess_open_pipe(int ends[2]) {
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    return fcntl(ends[0], F_SETFL, O_NONBLOCK);
}

// MARK: Signals

static int signal_pipe[2] = {-1, -1};
static pthread_once_t signal_pipe_once = PTHREAD_ONCE_INIT;

static void make_signal_pipe(void) {
    if (pipe2(signal_pipe, O_CLOEXEC) != 0)
        return;
    // A handler must not block: when the pipe is full, nobody has read the 64 Ki signals before this one.
    fcntl(signal_pipe[1], F_SETFL, O_NONBLOCK);
}

int cprocess_signal_pipe(void) {
    pthread_once(&signal_pipe_once, make_signal_pipe);
    return signal_pipe[0];
}

static void write_signal(int number) {
    int saved = errno;
    unsigned char byte = (unsigned char)number;
    ssize_t written = write(signal_pipe[1], &byte, 1);
    (void)written;
    errno = saved;
}

static int set_handler(int number, void (*handler)(int)) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, NULL) == 0 ? 0 : errno;
}

void cprocess_share_heap(void) {
    mallopt(M_ARENA_MAX, 1);
}

long cprocess_heap_in_use(void) {
    struct mallinfo2 info = mallinfo2();
    return (long)(info.uordblks + info.hblkhd);
}

int cprocess_catch_signal(int number) {
    if (cprocess_signal_pipe() < 0)
        return EMFILE;
    return set_handler(number, write_signal);
}

void cprocess_release_signal(int number) {
    set_handler(number, SIG_DFL);
}

// MARK: Texts

char *const *cprocess_environment(void) {
    return environ;
}

const char *cprocess_error_text(int code) {
    const char *text = strerrordesc_np(code);
    return text ? text : "unknown error";
}

const char *cprocess_signal_name(int number) {
    return sigabbrev_np(number);
}

bool cprocess_separate_descriptors(void) {
    return unshare(CLONE_FILES) == 0 && close_range(STDERR_FILENO + 1, UINT_MAX, 0) == 0;
}
