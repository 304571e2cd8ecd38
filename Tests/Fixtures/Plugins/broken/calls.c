/* The functions of instances. */
#define _GNU_SOURCE
#include "broken.h"
#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

heron_status fail(const heron_host *host, heron_status status, const char *why) {
    if (flaw == report_not_utf8)
        why = "\xFF\xFE";
    if (flaw == report_of_two_lines)
        why = "first\nsecond";
    if (flaw != fails_silently)
        host->report(host, status, heron_text(why), heron_text(NULL));
    return status;
}

/* A sink's function for one text, which is cut off. */
static void take(void *context, const void *data, size_t length) {
    snprintf(context, PATH_MAX, "%.*s", (int)length, (const char *)data);
}

/* ---- The scheduler ---- */

/* The host of whichever instance was initialized last. */
static const heron_host *last_host;

static void *log_later(void *argument) {
    const heron_host *host = argument;
    usleep(50000);
    host->log(host, HERON_LOG_INFO, heron_text("still here"));
    return NULL;
}

static void *crash_on_thread(void *argument) {
    (void)argument;
    crash();
    return NULL;
}

static void spoil_process(void) {
    if (flaw == catches_signals)
        signal(SIGTERM, SIG_IGN);
    if (flaw == changes_directory && chdir("/"))
        abort();
    if (flaw == changes_environment)
        setenv("BROKEN", "1", 1);
    if (flaw == changes_umask)
        umask(0);
    if (flaw == changes_locale)
        setlocale(LC_ALL, "C.UTF-8");
    if (flaw == prints)
        printf("hello\n");
}

static heron_status initialize(heron_scheduler *table) {
    scheduler *self = (scheduler *)table;
    char text[PATH_MAX] = "";
    last_host = self->host;
    spoil_process();
    heron_status status = self->host->config(self->host, heron_text("broken.size"), (heron_sink){text, take});
    if (status != HERON_OK)
        return status;
    if (flaw == crash_in_initialize || (flaw == crash_at_zero && atoi(text) == 0))
        crash();
    return atoi(text) < 1 ? fail(self->host, HERON_INVALID_ARGUMENT, "broken.size is less than 1") : HERON_OK;
}

static void *unwatch(void *argument) {
    const heron_host *host = argument;
    const heron_state *state = host->get_extension(host, HERON_HOST_STATE);
    state->unwatch(host, 1);
    return NULL;
}

/* Tells the host what became of a container. */
static heron_status tell(scheduler *self, int32_t state) {
    const heron_containers *containers = self->host->get_extension(self->host, HERON_HOST_CONTAINERS);
    heron_container report = {.size = sizeof report, .id = 0, .state = state, .attempt = 1};
    return containers->changed(self->host, &report);
}

static void start_container(void) {
    char *argv[] = {"sleep", "100", NULL};
    pid_t pid;
    posix_spawnp(&pid, "sleep", NULL, NULL, argv, environ);
}

static void use_host_wrongly(scheduler *self) {
    const heron_host *host = self->host;
    if (flaw == log_of_negative_length)
        host->log(host, HERON_LOG_INFO, (heron_string){"x", (size_t)-5});
    if (flaw == reports_strange_state)
        tell(self, 42);
    if (flaw == wrong_metric) {
        const heron_metrics *metrics = host->get_extension(host, HERON_HOST_METRICS);
        metrics->add(host, heron_text("Not A Metric"), 1);
    }
    if (flaw == unwatches_on_thread)
        on_thread(unwatch, (void *)host);
}

static heron_status on_schedule(heron_scheduler *table, heron_bytes plan) {
    scheduler *self = (scheduler *)table;
    if (flaw == crash_in_schedule)
        crash();
    if (flaw == crash_in_own_thread)
        on_thread(crash_on_thread, NULL);
    while (flaw == hang_in_schedule)
        pause();
    if (flaw == crash_at_no_bytes && !plan.data)
        crash();
    if (flaw == reads_beyond_message && plan.length)
        self->is_closed = ((const volatile char *)plan.data)[plan.length] * 0;
    if (!plan.length)
        return fail(self->host, HERON_INVALID_ARGUMENT, "the plan is empty");
    if (flaw == leaves_containers)
        start_container();
    use_host_wrongly(self);
    self->is_scheduled = 1;
    return flaw == mixes_instances_up
               ? last_host->config(last_host, heron_text("broken.size"), (heron_sink){(char[PATH_MAX]){0}, take})
               : tell(self, HERON_CONTAINER_RUNNING);
}

static heron_status on_kill(heron_scheduler *table, heron_bytes request) {
    scheduler *self = (scheduler *)table;
    (void)request;
    if (flaw == exit_in_kill)
        exit(0);
    if (flaw == throw_in_kill)
        throw_exception();
    if (flaw == crash_in_kill_before_schedule && !self->is_scheduled)
        crash();
    if (flaw == unknown_status || flaw == negative_status)
        return fail(self->host, flaw == unknown_status ? 77 : -1, "what?");
    return HERON_OK;
}

static heron_status on_restart(heron_scheduler *table, heron_bytes request) {
    scheduler *self = (scheduler *)table;
    const uint8_t *data = request.data;
    if (flaw == crash_after_close && self->is_closed)
        crash();
    /* The container's index comes last. */
    int container = request.length ? (int8_t)data[request.length - 1] : 99;
    if (container < -1 || (container > 2 && flaw != restarts_anything))
        return fail(self->host, HERON_NOT_FOUND, "there is no such container");
    return HERON_OK;
}

static heron_status get_job_links(heron_scheduler *table, heron_sink links) {
    const char *link = flaw == link_is_none ? "look elsewhere" : "http://localhost/";
    (void)table;
    if (flaw == puts_negative_length)
        links.put(links.context, link, (size_t)-1);
    if (flaw == puts_null)
        links.put(links.context, NULL, 5);
    links.put(links.context, link, strlen(link));
    return HERON_OK;
}

static void *put_later(void *argument) {
    heron_sink *sink = argument;
    sink->put(sink->context, "{}", 2);
    return NULL;
}

static heron_status get_status(heron_scheduler *table, heron_sink json) {
    static heron_sink last;
    const char *text = flaw == status_not_json ? "{\"a\":" : flaw == status_no_object ? "[]" : "{\"containers\": []}";
    (void)table;
    if (flaw == puts_late && last.put)
        put_later(&last);
    last = json;
    if (flaw == puts_on_thread) {
        on_thread(put_later, &json);
        return HERON_OK;
    }
    json.put(json.context, text, strlen(text));
    if (flaw == status_twice)
        json.put(json.context, text, strlen(text));
    return HERON_OK;
}

static const void *get_extension(heron_scheduler *table, const char *id) {
    static const heron_scheduler_status status = {.size = sizeof status, .get_status = get_status};
    (void)table;
    return strcmp(id, HERON_SCHEDULER_STATUS) && flaw != any_extension ? NULL : &status;
}

static heron_status close_scheduler(heron_scheduler *table) {
    ((scheduler *)table)->is_closed = 1;
    return HERON_OK;
}

static void destroy(heron_scheduler *table) {
    scheduler *self = (scheduler *)table;
    pthread_t thread;
    if (flaw == calls_after_destroy && !pthread_create(&thread, NULL, log_later, (void *)self->host))
        pthread_detach(thread);
    free(self);
}

void fill_scheduler(scheduler *self) {
    self->table = (heron_scheduler){
        .size = flaw == huge_instance ? 1 << 30 : sizeof self->table,
        .destroy = destroy,
        .initialize = initialize,
        .on_schedule = on_schedule,
        .on_kill = flaw == no_on_kill ? NULL : on_kill,
        .on_restart = on_restart,
        .get_job_links = get_job_links,
        .close = close_scheduler,
        .get_extension = get_extension,
    };
}
