#define _GNU_SOURCE
#include "run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define OUTPUT_LIMIT (1 << 20)
#define CREDENTIALS "HERON_ZOOKEEPER_AUTH="

extern char **environ;

static long long now_ms(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

/* The environment without the credentials; the caller frees it. */
static char **clean_environment(void) {
    size_t count = 0, kept = 0;
    while (environ[count])
        count++;
    char **clean = calloc(count + 1, sizeof *clean);
    if (!clean)
        abort();
    for (size_t i = 0; i < count; i++)
        if (strncmp(environ[i], CREDENTIALS, strlen(CREDENTIALS)))
            clean[kept++] = environ[i];
    return clean;
}

/* Starts the program with its output in two pipes. An errno value. */
static int start(const char *const *argv, const char *directory, int output, int errors, pid_t *pid) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t none, all;
    char **environment = clean_environment();
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&files);
    if (directory)
        posix_spawn_file_actions_addchdir_np(&files, directory);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&files, output, 1);
    posix_spawn_file_actions_adddup2(&files, errors, 2);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    int error = posix_spawnp(pid, argv[0], &files, &attributes, (char *const *)argv, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    free(environment);
    return error;
}

/* Takes what is there to read; 0 at the end. */
static int take(int pipe, text *into) {
    char bytes[4096];
    ssize_t count = read(pipe, bytes, sizeof bytes);
    if (count < 0)
        return errno == EINTR || errno == EAGAIN;
    size_t room = into->length < OUTPUT_LIMIT ? OUTPUT_LIMIT - into->length : 0;
    text_add(into, bytes, (size_t)count < room ? (size_t)count : room);
    return count > 0;
}

/* Reads both pipes until they are closed; 0 if the time was over before. */
static int read_all(int output, int errors, long long deadline, run_result *result) {
    struct pollfd pipes[2] = {{.fd = output, .events = POLLIN}, {.fd = errors, .events = POLLIN}};
    while (pipes[0].fd >= 0 || pipes[1].fd >= 0) {
        long long left = deadline - now_ms();
        if (left <= 0)
            return 0;
        if (poll(pipes, 2, (int)left) <= 0)
            continue;
        if (pipes[0].fd >= 0 && pipes[0].revents && !take(output, &result->output))
            pipes[0].fd = -1;
        if (pipes[1].fd >= 0 && pipes[1].revents && !take(errors, &result->errors))
            pipes[1].fd = -1;
    }
    return 1;
}

static void wait_for(pid_t pid, long long deadline, run_result *result) {
    int status = 0;
    pid_t ended = 0;
    while (!result->is_late && (ended = waitpid(pid, &status, WNOHANG)) == 0) {
        result->is_late = now_ms() >= deadline;
        poll(NULL, 0, 5);
    }
    if (result->is_late) {
        kill(-pid, SIGKILL);
        while ((ended = waitpid(pid, &status, 0)) < 0 && errno == EINTR)
            ;
    }
    result->exit_code = ended < 0 ? 255 : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

run_result run(const char *const *argv, const char *directory, int seconds) {
    run_result result = {0};
    int output[2], errors[2];
    pid_t pid;
    if (pipe2(output, O_CLOEXEC)) {
        result.error = errno;
        return result;
    }
    if (pipe2(errors, O_CLOEXEC)) {
        result.error = errno;
        close(output[0]);
        close(output[1]);
        return result;
    }
    long long deadline = now_ms() + seconds * 1000LL;
    result.error = start(argv, directory, output[1], errors[1], &pid);
    close(output[1]);
    close(errors[1]);
    if (!result.error) {
        result.is_late = !read_all(output[0], errors[0], deadline, &result);
        wait_for(pid, deadline, &result);
    }
    close(output[0]);
    close(errors[0]);
    return result;
}

void run_free(run_result *result) {
    text_free(&result->output);
    text_free(&result->errors);
}

const char *last_line(text *text) {
    while (text->length && strchr(" \t\r\n", text->data[text->length - 1]))
        text->data[--text->length] = 0;
    const char *line = text->length ? strrchr(text->data, '\n') : NULL;
    return line ? line + 1 : text_string(text);
}

heron_status run_checked(const heron_host *host, const char *const *argv, int seconds, const char *hint, text *errors) {
    run_result result = run(argv, NULL, seconds);
    heron_status status = HERON_OK;
    if (errors)
        text_add(errors, text_string(&result.errors), result.errors.length);
    if (result.error) {
        status = fail(host, HERON_UNAVAILABLE, hint, "cannot run %s: %s", argv[0], strerror(result.error));
    } else if (result.is_late) {
        status = fail(host, HERON_TIMEOUT, NULL, "%s has not ended within %d seconds", argv[0], seconds);
    } else if (result.exit_code) {
        const char *reason = last_line(&result.errors);
        status = fail(host, HERON_FAILED, NULL, "%s has failed (%d): %s", argv[0], result.exit_code,
                      *reason ? reason : last_line(&result.output));
    }
    run_free(&result);
    return status;
}
