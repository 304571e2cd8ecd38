#include "settings.h"

#include <stdio.h>
#include <stdlib.h>

#define KEY "heron.scheduler.slurm."
#define PORTS_KEY KEY "ports"

int is_word(const text *value) {
    for (size_t i = 0; i < value->length; i++)
        if ((unsigned char)value->data[i] <= ' ' || value->data[i] == 0x7f)
            return 0;
    return value->length == 0 || value->data[0] != '-';
}

static heron_status read_word(const heron_host *host, const char *key, text *value) {
    heron_status status = read_config(host, key, 0, value);
    if (status == HERON_OK && !is_word(value))
        return fail(host, HERON_INVALID_ARGUMENT, NULL, "%s must be one word, not '%s'", key, text_string(value));
    return status;
}

static heron_status read_file_name(const heron_host *host, const char *key, text *value) {
    heron_status status = read_word(host, key, value);
    if (status == HERON_OK && (!value->length || value->data[0] == '.' || strchr(value->data, '/')))
        return fail(host, HERON_INVALID_ARGUMENT, NULL, "%s must be a file name, not '%s'", key, text_string(value));
    return status;
}

/* The host has checked the type. */
static heron_status read_number(const heron_host *host, const char *key, double least, double most, double *number) {
    text value = {0};
    heron_status status = read_config(host, key, 1, &value);
    if (status == HERON_OK) {
        *number = strtod(text_string(&value), NULL);
        if (!(*number >= least && *number <= most))
            status = fail(host, HERON_INVALID_ARGUMENT, NULL, "%s must be %g to %g, not %s", key, least, most,
                          text_string(&value));
    }
    text_free(&value);
    return status;
}

static heron_status read_ports(const heron_host *host, settings *settings) {
    text value = {0};
    char rest;
    heron_status status = read_config(host, PORTS_KEY, 1, &value);
    if (status == HERON_OK &&
        (sscanf(text_string(&value), "%d-%d%c", &settings->first_port, &settings->last_port, &rest) != 2 ||
         settings->first_port < 1 || settings->last_port > 65535 ||
         settings->last_port - settings->first_port + 1 < HERON_PORT_COUNT))
        status = fail(host, HERON_INVALID_ARGUMENT, "such as 20000-29999",
                      "%s must be a range of nine ports or more, not '%s'", PORTS_KEY, text_string(&value));
    text_free(&value);
    return status;
}

static heron_status read_directory(const heron_host *host, settings *settings) {
    const char *key = KEY "working.directory";
    /* A scheduler works where its launcher did. */
    heron_status status = read_fact(host, HERON_FACT_WORKING_DIRECTORY, 0, &settings->directory);
    if (status == HERON_OK && !settings->directory.length)
        status = read_config(host, key, 1, &settings->directory);
    if (status == HERON_OK && settings->directory.data[0] != '/')
        status = fail(host, HERON_INVALID_ARGUMENT, NULL, "%s must be an absolute path, not '%s'", key,
                      text_string(&settings->directory));
    return status;
}

heron_status settings_read(const heron_host *host, settings *settings) {
    double cpus = 0, megabytes = 0, milliseconds = 0;
    text memory = {0};
    heron_status status = read_directory(host, settings);
    if (status == HERON_OK)
        status = read_file_name(host, KEY "shell.script", &settings->script);
    if (status == HERON_OK)
        status = read_file_name(host, KEY "job.id", &settings->job_file);
    if (status == HERON_OK)
        status = read_word(host, KEY "partition", &settings->partition);
    if (status == HERON_OK)
        status = read_word(host, KEY "account", &settings->account);
    if (status == HERON_OK)
        status = read_word(host, KEY "time.limit", &settings->time_limit);
    if (status == HERON_OK)
        status = read_config(host, KEY "sbatch.options", 0, &settings->options);
    if (status == HERON_OK)
        status = read_config(host, KEY "job.link.template", 0, &settings->link_template);
    if (status == HERON_OK)
        status = read_config(host, KEY "memory", 1, &memory);
    if (status == HERON_OK)
        status = read_number(host, KEY "tmanager.cpus", 0.001, 10000, &cpus);
    if (status == HERON_OK)
        status = read_number(host, KEY "tmanager.ram.mb", 1, 1 << 30, &megabytes);
    if (status == HERON_OK)
        status = read_number(host, KEY "command.timeout.ms", 1000, 3600000, &milliseconds);
    if (status == HERON_OK)
        status = read_ports(host, settings);
    settings->requests_memory = !strcmp(text_string(&memory), "true");
    settings->tmanager_cpus = (int)cpus + (cpus > (int)cpus);
    settings->tmanager_megabytes = (int)megabytes;
    settings->command_seconds = (int)(milliseconds / 1000);
    text_free(&memory);
    return status;
}

void settings_free(settings *settings) {
    text *all[] = {&settings->directory, &settings->script,     &settings->job_file, &settings->partition,
                   &settings->account,   &settings->time_limit, &settings->options,  &settings->link_template};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        text_free(all[i]);
}
