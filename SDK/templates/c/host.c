/* Talking to the host. */
#include "plugin.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

heron_status fail(const heron_host *host, heron_status status, const char *hint, const char *format, ...) {
    char message[2 * PATH_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    for (char *next = message; *next; next++)
        if ((unsigned char)*next < ' ')
            *next = '?'; /* A report is one line, whatever is in a path. */
    host->report(host, status, heron_text(message), heron_text(hint));
    return status;
}

/* The one text that the host puts into a sink. */
typedef struct {
    char *buffer; /* PATH_MAX bytes. */
    int fits;
} answer;

static void put_answer(void *context, const void *data, size_t length) {
    answer *to = context;
    to->fits = length < PATH_MAX && (length == 0 || !memchr(data, 0, length));
    snprintf(to->buffer, PATH_MAX, "%.*s", to->fits ? (int)length : 0, length ? (const char *)data : "");
}

int find_fact(const heron_host *host, const char *name, char *value) {
    answer to = {value, 0};
    return host->fact(host, name, (heron_sink){&to, put_answer}) == HERON_OK && to.fits;
}

int find_config(const heron_host *host, const char *key, char *value) {
    answer to = {value, 0};
    return host->config(host, heron_text(key), (heron_sink){&to, put_answer}) == HERON_OK && to.fits;
}

heron_status get_fact(const heron_host *host, const char *name, char *value) {
    return find_fact(host, name, value) ? HERON_OK : fail(host, HERON_NOT_FOUND, NULL, "the host has no %s", name);
}

heron_status get_config(const heron_host *host, const char *key, char *value) {
    return find_config(host, key, value)
               ? HERON_OK
               : fail(host, HERON_INVALID_ARGUMENT, "set it in scheduler.yaml", "%s is not set, or too long", key);
}

heron_status get_milliseconds(const heron_host *host, const char *key, int *value) {
    char text[PATH_MAX], *end;
    heron_status status = get_config(host, key, text);
    if (status != HERON_OK)
        return status;
    errno = 0;
    long number = strtol(text, &end, 10);
    if (errno || end == text || *end || number < 0 || number > 24 * 60 * 60 * 1000)
        return fail(host, HERON_INVALID_ARGUMENT, NULL, "%s must be 0 to 86400000 milliseconds, not '%s'", key, text);
    *value = (int)number;
    return HERON_OK;
}
