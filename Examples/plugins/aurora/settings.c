#define _GNU_SOURCE
#include "settings.h"

#include <stdlib.h>

#define DIRECTORY_KEY "heron.scheduler.aurora.working.directory"
#define TEMPLATE_KEY "heron.scheduler.job.template"
#define PROPERTIES_KEY "heron.scheduler.properties"
#define CONTROLLER_KEY "heron.class.scheduler.aurora.controller.cli"

/* The host has checked that it is an integer. */
static heron_status read_number(const heron_host *host, const char *key, long least, long most, int *number) {
    text value = {0};
    heron_status status = read_config(host, key, 1, &value);
    if (status == HERON_OK) {
        long read = strtol(text_string(&value), NULL, 10);
        if (read < least || read > most)
            status = fail(host, HERON_INVALID_ARGUMENT, NULL, "%s must be %ld to %ld, not %s", key, least, most,
                          text_string(&value));
        *number = (int)read;
    }
    text_free(&value);
    return status;
}

static heron_status read_switch(const heron_host *host, const char *key, int *is_on) {
    text value = {0};
    heron_status status = read_config(host, key, 0, &value);
    *is_on = !strcasecmp(text_string(&value), "true");
    text_free(&value);
    return status;
}

/* Adds a part of the job's name, which is a word of the client's command line. */
static heron_status add_part(const heron_host *host, const char *fact, text *job) {
    text part = {0};
    heron_status status = read_fact(host, fact, 1, &part);
    for (size_t i = 0; i < part.length && status == HERON_OK; i++)
        if (part.data[i] <= ' ' || part.data[i] == '/' || part.data[i] == 0x7f || (i == 0 && part.data[i] == '-'))
            status = fail(host, HERON_INVALID_ARGUMENT, NULL, "%s '%s' cannot be part of the name of a job of Aurora's",
                          fact, text_string(&part));
    text_format(job, "%s%s", job->length ? "/" : "", text_string(&part));
    text_free(&part);
    return status;
}

static heron_status read_directory(const heron_host *host, text *directory) {
    /* A scheduler works where its launcher did. */
    heron_status status = read_fact(host, HERON_FACT_WORKING_DIRECTORY, 0, directory);
    if (status == HERON_OK && !directory->length)
        status = read_config(host, DIRECTORY_KEY, 1, directory);
    if (status == HERON_OK && directory->data[0] != '/')
        status = fail(host, HERON_INVALID_ARGUMENT, NULL, "%s must be an absolute path, not '%s'", DIRECTORY_KEY,
                      text_string(directory));
    return status;
}

/* Splits the properties: another job file, which lies beside the first one, and metadata. */
static heron_status read_properties(const heron_host *host, settings *settings) {
    heron_status status = read_config(host, PROPERTIES_KEY, 0, &settings->properties);
    if (status != HERON_OK || !settings->properties.length)
        return status;
    char *rest = settings->properties.data;
    const char *name = strsep(&rest, ",");
    if (!*name || strchr(name, '/'))
        return fail(host, HERON_INVALID_ARGUMENT, NULL, "%s must begin with the name of a job file, not '%s'",
                    PROPERTIES_KEY, name);
    const char *slash = strrchr(settings->template.data, '/');
    text other = {0};
    text_format(&other, "%.*s/%s", (int)(slash - settings->template.data), settings->template.data, name);
    text_free(&settings->template);
    settings->template = other;
    for (const char *value; rest && (value = strsep(&rest, ","));) {
        if (settings->metadata_count == MAX_METADATA)
            return fail(host, HERON_INVALID_ARGUMENT, NULL, "%s has more than %d values", PROPERTIES_KEY, MAX_METADATA);
        settings->metadata[settings->metadata_count++] = value;
    }
    return HERON_OK;
}

static heron_status read_template(const heron_host *host, settings *settings) {
    text written = {0};
    heron_status status = read_config(host, TEMPLATE_KEY, 1, &written);
    const char *path = text_string(&written);
    if (status == HERON_OK && !*path)
        status = fail(host, HERON_INVALID_ARGUMENT, NULL, "%s is empty", TEMPLATE_KEY);
    if (status == HERON_OK && *path != '/')
        text_format(&settings->template, "%s/%s", text_string(&settings->directory),
                    strncmp(path, "./", 2) ? path : path + 2);
    else if (status == HERON_OK)
        text_format(&settings->template, "%s", path);
    text_free(&written);
    return status == HERON_OK ? read_properties(host, settings) : status;
}

heron_status settings_read(const heron_host *host, settings *settings) {
    int uses_client = 1, milliseconds = 0;
    heron_status status = read_directory(host, &settings->directory);
    if (status == HERON_OK)
        status = read_template(host, settings);
    if (status == HERON_OK)
        status = read_config(host, "heron.scheduler.job.link.template", 0, &settings->link);
    if (status == HERON_OK)
        status = read_number(host, "heron.scheduler.job.max.kill.attempts", 1, 1000, &settings->kill_attempts);
    if (status == HERON_OK)
        status = read_number(host, "heron.scheduler.job.kill.retry.interval.ms", 0, 3600000, &settings->kill_pause_ms);
    if (status == HERON_OK)
        status = read_number(host, "heron.scheduler.aurora.command.timeout.ms", 1000, 86400000, &milliseconds);
    if (status == HERON_OK)
        status = read_switch(host, "heron.config.verbose", &settings->is_verbose);
    if (status == HERON_OK)
        status = read_switch(host, CONTROLLER_KEY, &uses_client);
    if (status == HERON_OK && !uses_client)
        status = fail(host, HERON_UNSUPPORTED, "set it to true",
                      "%s is false, but jobs are managed with Aurora's client", CONTROLLER_KEY);
    const char *const facts[] = {HERON_FACT_CLUSTER, HERON_FACT_ROLE, HERON_FACT_ENVIRON, HERON_FACT_TOPOLOGY_NAME};
    for (size_t i = 0; i < sizeof facts / sizeof *facts && status == HERON_OK; i++)
        status = add_part(host, facts[i], &settings->job);
    settings->command_seconds = milliseconds / 1000;
    return status;
}

void settings_free(settings *settings) {
    text *all[] = {&settings->directory, &settings->template, &settings->link, &settings->properties, &settings->job};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        text_free(all[i]);
    *settings = (struct settings){0};
}
