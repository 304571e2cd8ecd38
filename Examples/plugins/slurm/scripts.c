#define _GNU_SOURCE
#include "scripts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Ports for which the executor's command is asked; the batch script puts those of the node in their place. */
#define PLACEHOLDER 65527

/* The batch script without its settings. */
static const char batch_script[] =
#include "slurm.sh.inc"
    ;

heron_status file_write(const heron_host *host, const char *directory, const char *name, const text *content) {
    text path = {0}, temporary = {0};
    text_format(&path, "%s/%s", directory, name);
    text_format(&temporary, "%s/.%s.new", directory, name);
    int file = open(text_string(&temporary), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    int error = file < 0 ? errno : 0;
    for (size_t done = 0; !error && done < content->length;) {
        ssize_t count = write(file, content->data + done, content->length - done);
        if (count >= 0)
            done += (size_t)count;
        else if (errno != EINTR)
            error = errno;
    }
    if (file >= 0 && close(file) && !error)
        error = errno;
    if (!error && rename(text_string(&temporary), text_string(&path)))
        error = errno;
    if (error && file >= 0)
        unlink(text_string(&temporary));
    heron_status status = HERON_OK;
    if (error)
        status = fail(host, error == ENOSPC ? HERON_EXHAUSTED : HERON_FAILED, NULL, "cannot write %s: %s",
                      text_string(&path), strerror(error));
    text_free(&path);
    text_free(&temporary);
    return status;
}

/* ---- The executors' commands ---- */

/* An argument that the host puts, as a word of a shell on a line of its own. */
static void put_argument(void *context, const void *data, size_t length) {
    text *words = context;
    char *word = strndup(data, length), *end = NULL;
    if (!word)
        abort();
    char *value = strrchr(word, '=');
    long port = value ? strtol(value + 1, &end, 10) : 0;
    int is_port = value && value - word > 5 && !strncmp(value - 5, "-port", 5) && !*end && port >= PLACEHOLDER;
    if (is_port)
        value[1] = 0;
    text_add(words, "    ", 4);
    text_add_quoted(words, word);
    if (is_port)
        text_format(words, "\"${ports[%ld]}\"", port - PLACEHOLDER);
    text_add(words, "\n", 1);
    free(word);
}

static heron_status write_command(const heron_host *host, const settings *settings, const heron_containers *containers,
                                  int32_t container) {
    uint16_t ports[HERON_PORT_COUNT];
    text words = {0}, name = {0};
    for (int i = 0; i < HERON_PORT_COUNT; i++)
        ports[i] = (uint16_t)(PLACEHOLDER + i);
    text_format(&name, "slurm-container-%d.sh", (int)container);
    text_format(&words, "# The executor of container %d; `ports` are free ones of its node.\ncommand=(\n",
                (int)container);
    heron_status status =
        containers->executor_command(host, container, ports, HERON_PORT_COUNT, (heron_sink){&words, put_argument});
    text_format(&words, ")\n");
    if (status == HERON_OK)
        status = file_write(host, text_string(&settings->directory), text_string(&name), &words);
    text_free(&words);
    text_free(&name);
    return status;
}

/* ---- The batch script ---- */

static void add_setting(text *script, const char *name, const text *value) {
    text_format(script, "%s=", name);
    text_add_quoted(script, text_string(value));
    text_add(script, "\n", 1);
}

static heron_status write_batch_script(const heron_host *host, const settings *settings, const plan *plan) {
    text script = {0}, topology = {0};
    heron_status status = read_fact(host, HERON_FACT_TOPOLOGY_ID, 1, &topology);
    if (status == HERON_OK) {
        text_format(&script, "#!/bin/bash\n# The job of a topology, written by heron's plugin for Slurm.\n");
        add_setting(&script, "topology", &topology);
        add_setting(&script, "directory", &settings->directory);
        add_setting(&script, "script", &settings->script);
        text_format(&script, "containers=(");
        for (size_t i = 0; i < plan->count; i++)
            text_format(&script, i ? " %d" : "%d", (int)plan->ids[i]);
        text_format(&script, ")\nstep_options=(--cpus-per-task=%d", plan->cpus);
        if (settings->requests_memory)
            text_format(&script, " --mem=%dM", plan->megabytes);
        text_format(&script, ")\nfirst_port=%d last_port=%d port_count=%d\n\n%s", settings->first_port,
                    settings->last_port, HERON_PORT_COUNT, batch_script);
        status = file_write(host, text_string(&settings->directory), text_string(&settings->script), &script);
    }
    text_free(&script);
    text_free(&topology);
    return status;
}

heron_status scripts_write(const heron_host *host, const settings *settings, const plan *plan) {
    const heron_containers *containers = host->get_extension(host, HERON_HOST_CONTAINERS);
    if (!containers)
        return fail(host, HERON_UNSUPPORTED, NULL, "this heron does not offer %s", HERON_HOST_CONTAINERS);
    heron_status status = write_batch_script(host, settings, plan);
    for (size_t i = 0; i < plan->count && status == HERON_OK; i++)
        status = write_command(host, settings, containers, plan->ids[i]);
    return status;
}

heron_status scripts_mark_restart(const heron_host *host, const settings *settings, int32_t container) {
    text name = {0}, nothing = {0};
    text_format(&name, ".slurm-restart-%d", (int)container);
    heron_status status = file_write(host, text_string(&settings->directory), text_string(&name), &nothing);
    text_free(&name);
    return status;
}
