#define _GNU_SOURCE
#include "tools.h"

#include "../common/run.h"

/* What Slurm's commands say when slurmctld does not answer. */
#define AWAY "Unable to contact slurm controller"

/* Adds what a command says to the reason, in one line, without its name in front of each: `squeue: error: `. Nobody
 * needs to be told of its help. */
static void add_reason(text *reason, text *said, const char *tool) {
    size_t name = strlen(tool);
    char *rest = said->data, *line;
    while (rest && (line = strsep(&rest, "\n"))) {
        if (!strncmp(line, tool, name) && !strncmp(line + name, ": ", 2))
            line += name + 2;
        if (!strncmp(line, "error: ", 7))
            line += 7;
        if (*line && strncmp(line, "Try ", 4))
            text_format(reason, "%s%s", reason->length ? "; " : "", line);
    }
}

static heron_status report_failure(const heron_host *host, const settings *settings, const char *tool,
                                   run_result *result) {
    text reason = {0};
    heron_status status;
    add_reason(&reason, &result->errors, tool);
    if (result->error)
        status = fail(host, HERON_UNAVAILABLE, "install Slurm's client tools on this machine", "cannot run %s: %s",
                      tool, strerror(result->error));
    else if (result->is_late)
        status = fail(host, HERON_TIMEOUT, "see whether slurmctld runs", "%s has not ended within %d seconds", tool,
                      settings->command_seconds);
    else if (strstr(text_string(&reason), AWAY))
        status = fail(host, HERON_UNAVAILABLE, "see whether slurmctld runs, and try again", "%s: %s", tool,
                      text_string(&reason));
    else
        status = fail(host, HERON_FAILED, NULL, "%s: %s (exit code %d)", tool,
                      reason.length ? text_string(&reason) : "failed", result->exit_code);
    text_free(&reason);
    return status;
}

heron_status run_tool(const heron_host *host, const settings *settings, const char *const *argv, const char *directory,
                      text *output) {
    run_result result = run(argv, directory, settings->command_seconds);
    heron_status status = HERON_OK;
    if (result.error || result.is_late || result.exit_code)
        status = report_failure(host, settings, argv[0], &result);
    else if (output)
        text_add(output, text_string(&result.output), result.output.length);
    run_free(&result);
    return status;
}
