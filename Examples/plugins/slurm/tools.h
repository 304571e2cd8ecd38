/* Slurm's commands. */
#ifndef TOOLS_H
#define TOOLS_H

#include "settings.h"

/* Runs a command of Slurm in the working directory, or where the process is if that is NULL, and adds what it writes to
 * `output`, which may be NULL. Reports why it fails, in one line. */
heron_status run_tool(const heron_host *host, const settings *settings, const char *const *argv, const char *directory,
                      text *output);

#endif
