/* The library: its entry, its factories, and how instances are made. */
#define _GNU_SOURCE
#include "broken.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#define SCHEDULER_CLASS "com.example.BrokenScheduler"
#define LAUNCHER_CLASS "com.example.BrokenLauncher"
#define FOREVER 100

void crash(void) {
    *(volatile int *)8 = 1;
}

void on_thread(void *(*function)(void *), void *argument) {
    pthread_t thread;
    pthread_create(&thread, NULL, function, argument);
    pthread_join(thread, NULL);
}

__attribute__((constructor)) static void construct(void) {
    if (flaw == crash_in_constructor)
        crash();
}

/* ---- Factories ---- */

static void put_class(heron_sink names, const char *name) {
    static atomic_int users;
    size_t length = flaw == class_of_negative_length ? (size_t)-1 : strlen(name);
    if (flaw == classes_not_for_threads && atomic_fetch_add(&users, 1))
        abort();
    names.put(names.context, name, length);
    if (flaw == classes_not_for_threads) {
        usleep(100);
        atomic_fetch_sub(&users, 1);
    }
}

static void scheduler_classes(heron_sink names) {
    put_class(names, flaw == other_class ? "com.example.Other" : SCHEDULER_CLASS);
}

static void launcher_classes(heron_sink names) {
    put_class(names, LAUNCHER_CLASS);
}

static int is(heron_string text, const char *wanted) {
    return text.length == strlen(wanted) && !memcmp(text.data, wanted, text.length);
}

static void *sleep_long(void *argument) {
    (void)argument;
    sleep(FOREVER);
    return NULL;
}

static void leak(void) {
    pthread_t thread;
    if (flaw == leaks_memory)
        *(volatile char *)malloc(40) = 1;
    if (flaw == leaks_descriptors)
        open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (flaw == leaks_threads && !pthread_create(&thread, NULL, sleep_long, NULL))
        pthread_detach(thread);
}

static heron_status scheduler_create(const heron_host *host, heron_string class_name, heron_scheduler **made) {
    if (!is(class_name, SCHEDULER_CLASS) && flaw != any_class)
        return fail(host, HERON_NOT_FOUND, "there is no such class");
    if (flaw == crash_in_create)
        crash();
    if (flaw == no_instance)
        return HERON_OK;
    if (flaw == calls_host_in_create)
        host->get_extension(host, HERON_HOST_STATE);
    leak();
    scheduler *self = calloc(1, sizeof *self);
    self->host = host;
    fill_scheduler(self);
    *made = &self->table;
    return HERON_OK;
}

static heron_status launcher_create(const heron_host *host, heron_string class_name, heron_launcher **made) {
    if (!is(class_name, LAUNCHER_CLASS))
        return fail(host, HERON_NOT_FOUND, "there is no such class");
    launcher *self = calloc(1, sizeof *self);
    self->host = host;
    fill_launcher(self);
    *made = &self->table;
    return HERON_OK;
}

static const void *get_factory(const char *id) {
    static const heron_scheduler_factory schedulers = {
        .size = flaw == small_factory ? 12 : sizeof schedulers,
        .classes = scheduler_classes,
        .create = flaw == factory_without_create ? NULL : scheduler_create,
    };
    static const heron_launcher_factory launchers = {
        .size = sizeof launchers, .classes = launcher_classes, .create = launcher_create};
    static const heron_operations_factory operations = {.size = sizeof operations, .get = operation_at};
    if (!strcmp(id, HERON_LAUNCHER_FACTORY))
        return &launchers;
    if (!strcmp(id, HERON_OPERATIONS_FACTORY))
        return &operations;
    if (!strcmp(id, HERON_SCHEDULER_FACTORY) ? flaw != missing_factory : flaw == any_factory)
        return &schedulers;
    return NULL;
}

/* ---- The entry ---- */

static heron_status init(heron_string folder, heron_sink error) {
    static int count;
    (void)folder, (void)error;
    if (flaw == crash_in_init || (flaw == init_works_once && count++))
        crash();
    if (flaw == exit_in_init)
        exit(3);
    return HERON_OK;
}

static char endless_name[512];

static const heron_plugin plugin = {
    .size = flaw == small_table  ? 40
            : flaw == huge_table ? 0xFFFFFFFF
                                 : sizeof plugin,
    .abi_major = flaw == other_major ? HERON_ABI_MAJOR + 1 : HERON_ABI_MAJOR,
    .abi_minor = flaw == older_minor   ? 0
                 : flaw == newer_minor ? HERON_ABI_MINOR + 7
                                       : HERON_ABI_MINOR,
    .name = flaw == name_not_utf8      ? "bro\xC3ken"
            : flaw == other_name       ? "whole"
            : flaw == name_without_end ? endless_name
                                       : "broken",
    .version = "1.0",
    .init = init,
    .get_factory = flaw == no_get_factory ? NULL : get_factory,
};

#ifdef FLAW_EXPORTS
HERON_EXPORT int broken_helper(void) {
    return 1;
}
#endif

#ifdef FLAW_UNDEFINED
extern int broken_no_such_symbol(void);
int broken_needs(void) {
    return broken_no_such_symbol();
}
#endif

const heron_plugin *heron_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    (void)host_major, (void)host_minor;
    memset(endless_name, 'x', sizeof endless_name);
    return flaw == null_entry ? NULL : &plugin;
}
