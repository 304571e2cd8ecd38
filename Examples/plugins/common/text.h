/* Text that grows, and what plugins say to their host. */
#ifndef TEXT_H
#define TEXT_H

#include <heron/plugin.h>

/* NUL-terminated once something was added; `{0}` is an empty one. Freed with text_free. */
typedef struct text {
    char *data; /* May be NULL if length is 0. */
    size_t length;
    size_t room;
} text;

/* The text as a C string; valid until the text changes. */
const char *text_string(const text *text);

/* Both end the process if there is no memory left, as nothing sensible can be done then. */
void text_add(text *text, const void *data, size_t length);
void text_format(text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

void text_clear(text *text);
void text_free(text *text);

/* A word for a POSIX shell: in single quotes, whatever it holds. */
void text_add_quoted(text *text, const char *word);

/* A sink that adds what is put; items of lists follow each other without a separator. */
heron_sink text_sink(text *text);

/* Reports why a function fails, with a hint or NULL, and returns the status. */
heron_status fail(const heron_host *host, heron_status status, const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

void log_line(const heron_host *host, int32_t level, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The value of a configuration key in place of the text's content. A key that is not set, or a fact that is not known,
 * gives an empty text and, unless `is_needed`, is no failure. */
heron_status read_config(const heron_host *host, const char *key, int is_needed, text *value);
heron_status read_fact(const heron_host *host, const char *name, int is_needed, text *value);

#endif
