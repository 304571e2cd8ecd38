#define _GNU_SOURCE
#include "crash_guard.h"

#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

// C, because a signal handler may do next to nothing: no allocation, no locks, none of Swift's runtime.

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGSYS};
static const char *const names[] = {"SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT", "SIGTRAP", "SIGSYS"};
#define FATAL_SIGNALS (sizeof fatal_signals / sizeof *fatal_signals)

static struct sigaction previous[FATAL_SIGNALS];
static __thread const char *current_plugin;
static __thread const char *current_function;

static size_t append(char *line, size_t used, size_t size, const char *text) {
    while (*text && used < size)
        line[used++] = *text++;
    return used;
}

static void say(const char *signal_name) {
    char line[512];
    size_t used = append(line, 0, sizeof line - 1, "plugin ");
    used = append(line, used, sizeof line - 1, current_plugin);
    used = append(line, used, sizeof line - 1, " crashed in ");
    used = append(line, used, sizeof line - 1, current_function);
    used = append(line, used, sizeof line - 1, " (");
    used = append(line, used, sizeof line - 1, signal_name);
    used = append(line, used, sizeof line - 1, ")");
    line[used++] = '\n';
    ssize_t ignored = write(STDERR_FILENO, line, used);
    (void)ignored;
}

// Says who it was and hands the signal to whoever had it before: it is pending until this handler has returned.
static void on_fatal_signal(int number) {
    for (size_t i = 0; i < FATAL_SIGNALS; i++) {
        if (fatal_signals[i] != number)
            continue;
        if (current_plugin)
            say(names[i]);
        sigaction(number, &previous[i], NULL);
    }
    raise(number);
}

static void install(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_fatal_signal;
    action.sa_flags = SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < FATAL_SIGNALS; i++)
        sigaction(fatal_signals[i], &action, &previous[i]);
}

void heron_crash_guard_install(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
}

void heron_crash_guard_enter(const char *plugin, const char *function) {
    current_function = function;
    current_plugin = plugin;
}

void heron_crash_guard_leave(void) {
    current_plugin = NULL;
    current_function = NULL;
}
