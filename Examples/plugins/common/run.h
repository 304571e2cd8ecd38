/* Programs of the cluster, run to their end. */
#ifndef RUN_H
#define RUN_H

#include "text.h"

/* How a program ended. Freed with run_free. */
typedef struct run_result {
    int error;     /* An errno value if it could not be started, else 0. */
    int is_late;   /* Whether it was killed because its time was over. */
    int exit_code; /* Its exit code, or 128 and the signal that ended it. */
    text output;   /* What it wrote, the first megabyte. */
    text errors;   /* The same of its standard error. */
} run_result;

/* Runs a program, found on the PATH, without a shell, in a session of its own, which is killed when `seconds` are over.
 * Standard input is empty; the environment lacks the state's credentials. Blocks.
 * `argv` ends with NULL; `directory` may be NULL. */
run_result run(const char *const *argv, const char *directory, int seconds);

void run_free(run_result *result);

/* Runs a program that has to succeed. Reports why it did not: with the last line of its standard error, all of which is
 * added to `errors` unless that is NULL. `hint` is for a program that cannot be started: HERON_UNAVAILABLE. */
heron_status run_checked(const heron_host *host, const char *const *argv, int seconds, const char *hint, text *errors);

/* The last line of a text that is not empty, without what surrounds it; "" if there is none. Changes the text. */
const char *last_line(text *text);

#endif
