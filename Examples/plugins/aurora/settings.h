/* The plugin's configuration, checked; keys and defaults are declared in plugin.yaml. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include "../common/text.h"

#define MAX_METADATA 16

typedef struct settings {
    text directory;  /* The working directory on this machine, absolute. */
    text template;   /* The job file, absolute. */
    text link;       /* Empty if there is none. */
    text properties; /* What `metadata` points into. */
    const char *metadata[MAX_METADATA];
    size_t metadata_count;
    text job; /* <cluster>/<role>/<environ>/<topology>. */
    int kill_attempts;
    int kill_pause_ms;
    int command_seconds;
    int is_verbose;
} settings;

/* Reads all of them; reports the first mistake. */
heron_status settings_read(const heron_host *host, settings *settings);
void settings_free(settings *settings);

#endif
