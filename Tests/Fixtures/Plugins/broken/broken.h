/* A plugin that breaks one rule of docs/plugin-rules.md, as FLAW says; without a flaw it keeps all of them.
 *
 *     cc -std=c11 -shared -fPIC -fvisibility=hidden -pthread -DFLAW=crash_in_init -I<heron>/include -o libbroken.so
 *        broken.c calls.c launcher.c
 *
 * Its containers exist on paper only.
 */
#ifndef BROKEN_H
#define BROKEN_H

#include <heron/plugin.h>

/* What can be wrong. Beside that, FLAW_EXPORTS and FLAW_UNDEFINED can be defined. */
enum flaw {
    no_flaw,
    /* The library. */
    crash_in_constructor,
    null_entry,
    other_major,
    older_minor,
    newer_minor,
    small_table,
    huge_table,
    no_get_factory,
    name_not_utf8,
    name_without_end,
    other_name,
    any_factory,
    missing_factory,
    small_factory,
    factory_without_create,
    other_class,
    class_of_negative_length,
    bad_signature,
    two_equal_operations,
    crash_in_init,
    exit_in_init,
    init_works_once,
    classes_not_for_threads,
    /* Instances. */
    crash_in_create,
    no_instance,
    any_class,
    huge_instance,
    no_on_kill,
    calls_host_in_create,
    crash_in_initialize,
    crash_at_zero,
    /* Calls. */
    crash_in_schedule,
    crash_in_own_thread,
    hang_in_schedule,
    exit_in_kill,
    throw_in_kill,
    crash_at_no_bytes,
    crash_in_kill_before_schedule,
    restarts_anything,
    leaves_directory,
    leaves_containers,
    mixes_instances_up,
    crash_after_close,
    reads_beyond_message,
    /* What calls bring. */
    unknown_status,
    negative_status,
    fails_silently,
    report_not_utf8,
    report_of_two_lines,
    log_of_negative_length,
    puts_late,
    puts_on_thread,
    puts_negative_length,
    puts_null,
    status_not_json,
    status_no_object,
    status_twice,
    link_is_none,
    any_extension,
    reports_strange_state,
    wrong_metric,
    unwatches_on_thread,
    /* What it leaves. */
    calls_after_destroy,
    leaks_memory,
    leaks_descriptors,
    leaks_threads,
    /* The process. */
    catches_signals,
    changes_directory,
    changes_environment,
    changes_umask,
    changes_locale,
    prints,
};

static const enum flaw flaw = FLAW;

typedef struct {
    heron_scheduler table; /* First, so that a pointer to one is a pointer to the other. */
    const heron_host *host;
    int is_scheduled;
    int is_closed;
} scheduler;

typedef struct {
    heron_launcher table;
    const heron_host *host;
} launcher;

/* Crashes with SIGSEGV. */
void crash(void);

/* Throws an exception of C++. Only where throw.cc is linked. */
__attribute__((weak)) void throw_exception(void);

/* Reports why a function fails, and returns the status. */
heron_status fail(const heron_host *host, heron_status status, const char *why);

/* Runs a function on a thread of its own and waits for it. */
void on_thread(void *(*function)(void *), void *argument);

/* Fills the tables of instances. */
void fill_scheduler(scheduler *self);
void fill_launcher(launcher *self);

/* The operation at an index, as heron_operations_factory.get. */
const heron_operation *operation_at(size_t index);

#endif
