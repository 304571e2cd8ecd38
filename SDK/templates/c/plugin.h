/* What all files of this plugin share. */
#ifndef PLUGIN_H
#define PLUGIN_H

#include <heron/plugin.h>

/* The same as in plugin.yaml. */
#define PLUGIN_NAME "@NAME@"
#define PLUGIN_VERSION "0.1.0"
#define SCHEDULER_CLASS "com.example.@CLASS@Scheduler"
#define LAUNCHER_CLASS "com.example.@CLASS@Launcher"

extern const heron_scheduler_factory scheduler_factory;
extern const heron_launcher_factory launcher_factory;
extern const heron_operations_factory operations_factory;

/* Says why a function is about to fail, and what the user can do (or NULL); returns the status. */
heron_status fail(const heron_host *host, heron_status status, const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Store a fact of heron/facts.h, or the value of a configuration key, in a buffer of PATH_MAX bytes: whether there is
 * one that fits. */
int find_fact(const heron_host *host, const char *name, char *value);
int find_config(const heron_host *host, const char *key, char *value);

/* The same, failing if there is none. */
heron_status get_fact(const heron_host *host, const char *name, char *value);
heron_status get_config(const heron_host *host, const char *key, char *value);

/* The value of a key that must be a number of milliseconds, at most a day. */
heron_status get_milliseconds(const heron_host *host, const char *key, int *value);

#endif
