/* The plugin's configuration, checked; keys and defaults are declared in plugin.yaml. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "../common/text.h"

typedef struct settings {
    text directory; /* The working directory, absolute. */
    text script;    /* File names in it. */
    text job_file;
    text partition; /* Empty if not set, like the next four. */
    text account;
    text time_limit;
    text options;
    text link_template;
    int requests_memory;
    int tmanager_cpus; /* Whole processors. */
    int tmanager_megabytes;
    int first_port, last_port;
    int command_seconds;
} settings;

/* Reads all of them; reports the first mistake. */
heron_status settings_read(const heron_host *host, settings *settings);
void settings_free(settings *settings);

/* Whether a text can be one word of a command line of Slurm's, or is empty: nothing that it or a log could misread. */
int is_word(const text *value);

#endif
