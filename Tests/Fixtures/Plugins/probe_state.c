/* The probe's orders about the state. Each is one call, and logs what the call puts and stores:
 *
 *   get PATH, exists PATH, children PATH, watch PATH, unwatch
 *   create PATH LIFETIME DATA, set PATH VERSION DATA, remove PATH VERSION
 *   multi KIND PATH NUMBER DATA;KIND PATH NUMBER DATA;…   NUMBER is a lifetime or a version
 *   fill PATH SIZE COUNT                                  creates PATH0, PATH1, … of SIZE bytes each in one multi
 *   count PATH THREADS                                    each thread adds 10 to the number in the node, one by one
 */
#include "probe.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST 8

typedef struct {
    char path[1024];
    int number;
    char data[1024];
} words;

static words parse(const char *text) {
    words found = {.number = HERON_ANY_VERSION};
    sscanf(text, "%1023s %d %1023[^\n]", found.path, &found.number, found.data);
    return found;
}

static void say_number(const heron_host *host, const char *what, int32_t number) {
    char text[16];
    snprintf(text, sizeof text, "%d", number);
    say(host, what, text, strlen(text));
}

static heron_bytes text_bytes(const char *text) {
    return (heron_bytes){text, strlen(text)};
}

static void on_change(void *context, heron_status status, heron_string path, int32_t exists, heron_bytes data,
                      int32_t version) {
    (void)path;
    if (status != HERON_OK)
        say_number(context, "broken", status);
    else if (exists)
        say(context, "changed", data.data, data.length), say_number(context, "to", version);
    else
        say(context, "absent", data.data, data.length);
}

static heron_status perform(const heron_host *host, const heron_state *state, char *text) {
    heron_state_step steps[MOST];
    words arguments[MOST];
    size_t count = 0;
    for (char *step = text; step && count < MOST; count++) {
        char *end = strchr(step, ';');
        int kind = 0, length = 0;
        if (end)
            *end = 0;
        sscanf(step, "%d%n", &kind, &length);
        words *given = &arguments[count];
        *given = parse(step + length);
        steps[count] = (heron_state_step){
            .kind = kind,
            .version = kind == HERON_STATE_CREATE ? 0 : given->number,
            .lifetime = kind == HERON_STATE_CREATE ? given->number : 0,
            .path = heron_text(given->path),
            .data = text_bytes(given->data),
        };
        step = end ? end + 1 : NULL;
    }
    return state->multi(host, steps, count);
}

static heron_status fill(const heron_host *host, const heron_state *state, const words *given) {
    heron_state_step steps[MOST];
    char paths[MOST][1040];
    size_t count = strtoul(given->data, NULL, 10), size = given->number;
    void *data = calloc(1, size);
    for (size_t i = 0; i < count && i < MOST; i++) {
        snprintf(paths[i], sizeof paths[i], "%s%zu", given->path, i);
        steps[i] = (heron_state_step){
            .kind = HERON_STATE_CREATE,
            .path = heron_text(paths[i]),
            .data = {data, size},
        };
    }
    heron_status status = state->multi(host, steps, count);
    free(data);
    return status;
}

typedef struct {
    const heron_host *host;
    const heron_state *state;
    heron_string path;
} counter;

static void copy_number(void *context, const void *data, size_t length) {
    snprintf(context, 16, "%.*s", (int)length, (const char *)data);
}

static void *count_up(void *context) {
    counter *self = context;
    heron_status status = HERON_OK;
    for (int added = 0; added < 10 && (status == HERON_OK || status == HERON_BAD_VERSION);) {
        char number[16] = "", next[16];
        int32_t version = 0;
        status = self->state->get(self->host, self->path, (heron_sink){number, copy_number}, &version);
        if (status != HERON_OK)
            break;
        snprintf(next, sizeof next, "%d", atoi(number) + 1);
        status = self->state->set(self->host, self->path, text_bytes(next), version, NULL);
        added += status == HERON_OK;
    }
    return (void *)(intptr_t)status;
}

static heron_status count(const heron_host *host, const heron_state *state, const words *given) {
    counter counting = {host, state, heron_text(given->path)};
    pthread_t threads[MOST];
    for (int i = 0; i < given->number && i < MOST; i++)
        pthread_create(&threads[i], NULL, count_up, &counting);
    heron_status status = HERON_OK;
    for (int i = 0; i < given->number && i < MOST; i++) {
        void *result;
        pthread_join(threads[i], &result);
        if ((intptr_t)result != HERON_OK)
            status = (heron_status)(intptr_t)result;
    }
    return status;
}

heron_status use_state(probe *self, const char *operation, char *argument) {
    const heron_host *host = self->host;
    const heron_state *state = host->get_extension(host, HERON_HOST_STATE);
    heron_sink items = {(void *)host, put_item};
    heron_status status = HERON_FAILED;
    int32_t version = -1;
    if (!state)
        return HERON_UNSUPPORTED;
    if (!strcmp(operation, "multi"))
        return perform(host, state, argument);
    words given = parse(argument);
    heron_string path = heron_text(given.path);
    heron_bytes data = text_bytes(given.data);
    if (!strcmp(operation, "get"))
        status = state->get(host, path, items, &version);
    if (!strcmp(operation, "exists"))
        status = state->exists(host, path);
    if (!strcmp(operation, "children"))
        status = state->children(host, path, items);
    if (!strcmp(operation, "create"))
        status = state->create(host, path, data, given.number);
    if (!strcmp(operation, "set"))
        status = state->set(host, path, data, given.number, &version);
    if (!strcmp(operation, "remove"))
        status = state->remove(host, path, given.number);
    if (!strcmp(operation, "fill"))
        status = fill(host, state, &given);
    if (!strcmp(operation, "count"))
        status = count(host, state, &given);
    if (!strcmp(operation, "watch"))
        status = state->watch(host, path, on_change, (void *)host, &self->watch);
    if (!strcmp(operation, "unwatch")) {
        state->unwatch(host, self->watch);
        status = HERON_OK;
    }
    if (version >= 0)
        say_number(host, "version", version);
    return status;
}
