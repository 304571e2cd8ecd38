/* A plugin for tests. Its scheduler does what the bytes that on_schedule gets tell it, one word and an argument, and
 * logs what came of it. Macros make the library wrong in one way each:
 *
 *   PROBE_MAJOR=n       states another major ABI version
 *   PROBE_NO_ENTRY      exports no entry
 *   PROBE_NO_ANSWER     serves no host
 *   PROBE_SMALL         tables of an older minor version, without the later, optional members
 *   PROBE_NO_KILL       a scheduler without on_kill
 *   PROBE_NO_FACTORY    has no factory
 *   PROBE_CLASS="…"     knows another class
 *   PROBE_NAME="…"      calls itself differently
 *   PROBE_INIT_FAILS    cannot be initialized
 *   PROBE_MISSING       needs a symbol that no library has
 */
#include "probe.h"
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#ifndef PROBE_MAJOR
#define PROBE_MAJOR HERON_ABI_MAJOR
#endif
#ifndef PROBE_CLASS
#define PROBE_CLASS "org.apache.heron.scheduler.probe.ProbeScheduler"
#endif
#ifndef PROBE_NAME
#define PROBE_NAME "probe"
#endif

void say(const heron_host *host, const char *what, const void *data, size_t length) {
    char line[2048];
    snprintf(line, sizeof line, "%s %.*s", what, (int)length, (const char *)data);
    host->log(host, HERON_LOG_INFO, heron_text(line));
}

void put_item(void *context, const void *data, size_t length) {
    say(context, "item", data, length);
}

static void put_pair(void *context, heron_string key, heron_string value) {
    say(context, key.data, value.data, value.length);
}

static void *call_host(void *context) {
    probe *self = context;
    self->host->report(self->host, HERON_FAILED, heron_text("said on another thread"), heron_text(NULL));
    return NULL;
}

/* Reports a container, as a plugin of ABI 1.0 if `size` ends before the details. */
static heron_status report(const heron_host *host, size_t size, size_t details, const char *name) {
    const heron_containers *containers = host->get_extension(host, HERON_HOST_CONTAINERS);
    heron_pair pairs[HERON_DETAIL_LIMIT + 1];
    for (size_t i = 0; i < details; i++)
        pairs[i] = (heron_pair){heron_text(name), heron_text("a-1")};
    heron_container container = {
        .size = (uint32_t)size,
        .id = 1,
        .state = HERON_CONTAINER_RUNNING,
        .attempt = 2,
        .reason = heron_text("why"),
        .detail_count = details,
        .details = pairs,
    };
    return containers->changed(host, &container);
}

static heron_status publish(const heron_host *host, bool once, const char *file) {
    const heron_packages *packages = host->get_extension(host, HERON_HOST_PACKAGES);
    heron_sink items = {(void *)host, put_item};
    if (!packages)
        return HERON_UNSUPPORTED;
    return (once ? packages->publish_once : packages->publish)(host, heron_text(file), items);
}

static heron_status run(probe *self, const char *word, char *argument) {
    const heron_host *host = self->host;
    heron_sink items = {(void *)host, put_item};
    if (!strcmp(word, "config"))
        return host->config(host, heron_text(argument), items);
    if (!strcmp(word, "entries"))
        return host->config_each(host, (heron_pair_sink){(void *)host, put_pair});
    if (!strcmp(word, "fact"))
        return host->fact(host, argument, items);
    if (!strncmp(word, "state-", 6))
        return use_state(self, word + 6, argument);
    if (!strcmp(word, "command")) {
        const heron_containers *containers = host->get_extension(host, HERON_HOST_CONTAINERS);
        uint16_t ports[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
        return containers->executor_command(host, atoi(argument), ports, 9, items);
    }
    if (!strcmp(word, "report"))
        return report(host, sizeof(heron_container), (size_t)atoi(argument), "agent");
    if (!strcmp(word, "report-nameless"))
        return report(host, sizeof(heron_container), 1, "");
    if (!strcmp(word, "report-1.0"))
        return report(host, offsetof(heron_container, detail_count), 1, "agent");
    if (!strncmp(word, "publish", 7))
        return publish(host, !strcmp(word, "publish-once"), argument);
    if (!strcmp(word, "metric")) {
        const heron_metrics *metrics = host->get_extension(host, HERON_HOST_METRICS);
        return metrics->add(host, heron_text(argument), 2);
    }
    if (!strcmp(word, "extension"))
        return host->get_extension(host, argument) ? HERON_OK : HERON_NOT_FOUND;
    if (!strcmp(word, "shutdown"))
        host->request_shutdown(host, 1, heron_text(argument));
    if (!strcmp(word, "crash"))
        raise(SIGSEGV);
    if (!strcmp(word, "thread")) {
        pthread_t thread;
        pthread_create(&thread, NULL, call_host, self);
        pthread_join(thread, NULL);
    }
    if (!strcmp(word, "fail")) {
        host->report(host, HERON_EXHAUSTED, heron_text(argument), heron_text("make room"));
        return HERON_EXHAUSTED;
    }
    return HERON_OK;
}

static heron_status on_schedule(heron_scheduler *table, heron_bytes text) {
    char word[32] = "", argument[2048] = "", line[2080];
    snprintf(line, sizeof line, "%.*s", (int)text.length, (const char *)text.data);
    sscanf(line, "%31s %2047[^\n]", word, argument);
    return run((probe *)table, word, argument);
}

static heron_status initialize(heron_scheduler *table) {
    say(((probe *)table)->host, "initialize", NULL, 0);
    return HERON_OK;
}

static heron_status ignore(heron_scheduler *table, heron_bytes request) {
    (void)table, (void)request;
    return HERON_OK;
}

static heron_status get_job_links(heron_scheduler *table, heron_sink links) {
    (void)table;
    links.put(links.context, "http://a", 8);
    links.put(links.context, "http://b", 8);
    return HERON_OK;
}

static heron_status get_status(heron_scheduler *table, heron_sink json) {
    (void)table;
    json.put(json.context, "{}", 2);
    return HERON_OK;
}

static const void *get_extension(heron_scheduler *table, const char *id) {
    static const heron_scheduler_status status = {.size = sizeof status, .get_status = get_status};
    (void)table;
    return strcmp(id, HERON_SCHEDULER_STATUS) ? NULL : &status;
}

static void destroy(heron_scheduler *table) {
    say(((probe *)table)->host, "destroy", NULL, 0);
    free(table);
}

static void classes(heron_sink names) {
    names.put(names.context, PROBE_CLASS, strlen(PROBE_CLASS));
}

static heron_status create(const heron_host *host, heron_string class_name, heron_scheduler **made) {
    probe *self = calloc(1, sizeof *self);
    (void)class_name;
    self->host = host;
    self->table = (heron_scheduler){
#ifdef PROBE_SMALL
        .size = offsetof(heron_scheduler, on_update),
#else
        .size = sizeof self->table,
#endif
        .destroy = destroy,
        .initialize = initialize,
        .on_schedule = on_schedule,
#ifndef PROBE_NO_KILL
        .on_kill = ignore,
#endif
        .on_restart = ignore,
        .on_update = ignore,
        .get_job_links = get_job_links,
        .get_extension = get_extension,
    };
    *made = &self->table;
    return HERON_OK;
}

static const void *get_factory(const char *id) {
    static const heron_scheduler_factory factory = {.size = sizeof factory, .classes = classes, .create = create};
#ifdef PROBE_NO_FACTORY
    return NULL;
#endif
    return strcmp(id, HERON_SCHEDULER_FACTORY) ? NULL : &factory;
}

static heron_status init(heron_string folder, heron_sink error) {
    (void)folder, (void)error;
#ifdef PROBE_INIT_FAILS
    error.put(error.context, "out of luck", 11);
    return HERON_UNAVAILABLE;
#endif
    return HERON_OK;
}

static const heron_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = PROBE_MAJOR,
    .abi_minor = 0,
    .name = PROBE_NAME,
    .version = "1.0",
    .init = init,
    .get_factory = get_factory,
};

#ifdef PROBE_MISSING
extern int heron_test_no_such_symbol(void);
int probe_missing(void) {
    return heron_test_no_such_symbol();
}
#endif

#ifdef PROBE_NO_ENTRY
HERON_EXPORT const heron_plugin *some_other_entry(void) {
    return &plugin;
}
#else
const heron_plugin *heron_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    (void)host_major, (void)host_minor;
#ifdef PROBE_NO_ANSWER
    return NULL;
#endif
    return &plugin;
}
#endif
