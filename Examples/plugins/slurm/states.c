#define _GNU_SOURCE
#include "states.h"

#include <stdio.h>
#include <stdlib.h>

/* The value if a line is `name=value`, else NULL. */
static const char *value_of(const char *line, const char *name) {
    size_t length = strlen(name);
    return !strncmp(line, name, length) && line[length] == '=' ? line + length + 1 : NULL;
}

static void read_ports(const char *value, container_state *state) {
    char *end;
    for (state->port_count = 0; state->port_count < HERON_PORT_COUNT; value = end) {
        long port = strtol(value, &end, 10);
        if (end == value || port < 1 || port > 65535)
            break;
        state->ports[state->port_count++] = (uint16_t)port;
    }
    if (state->port_count != HERON_PORT_COUNT)
        state->port_count = 0;
}

static void read_line(const char *line, container_state *state) {
    const char *value;
    if ((value = value_of(line, "attempt")))
        state->attempt = (uint32_t)strtoul(value, NULL, 10);
    else if ((value = value_of(line, "state")))
        state->state = !strcmp(value, "running")   ? HERON_CONTAINER_RUNNING
                       : !strcmp(value, "waiting") ? HERON_CONTAINER_BACKING_OFF
                                                   : HERON_CONTAINER_PENDING;
    else if ((value = value_of(line, "pid")))
        state->pid = (int32_t)strtol(value, NULL, 10);
    else if ((value = value_of(line, "ports")))
        read_ports(value, state);
    else if ((value = value_of(line, "node")))
        snprintf(state->node, sizeof state->node, "%.255s", value);
    else if ((value = value_of(line, "reason")))
        snprintf(state->reason, sizeof state->reason, "%.255s", value);
}

void state_read(const settings *settings, const char *job, int32_t container, container_state *state) {
    text path = {0};
    char line[512];
    int is_of_job = 0;
    *state = (container_state){.state = HERON_CONTAINER_PENDING};
    text_format(&path, "%s/slurm-container-%d.state", text_string(&settings->directory), (int)container);
    FILE *file = fopen(text_string(&path), "re");
    text_free(&path);
    if (!file)
        return;
    while (fgets(line, sizeof line, file)) {
        line[strcspn(line, "\n")] = 0;
        const char *id = value_of(line, "job");
        if (id)
            is_of_job = !strcmp(id, job);
        else
            read_line(line, state);
    }
    fclose(file);
    if (!is_of_job)
        *state = (container_state){.state = HERON_CONTAINER_PENDING};
}
