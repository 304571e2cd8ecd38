#define _GNU_SOURCE
#include "job.h"

#include "../common/run.h"
#include "scripts.h"
#include "tools.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MAX_ARGUMENTS 64
#define POLL_MICROSECONDS 100000

/* How long Slurm is given to say why a job does not start, in polls. */
#define START_POLLS 30

static heron_status read_comment(const heron_host *host, text *comment) {
    text id = {0};
    heron_status status = read_fact(host, HERON_FACT_TOPOLOGY_ID, 1, &id);
    if (status == HERON_OK && !is_word(&id))
        status = fail(host, HERON_INVALID_ARGUMENT, "give the topology another name",
                      "Slurm cannot have a job for the topology '%s'", text_string(&id));
    text_clear(comment);
    text_format(comment, "heron:%s", text_string(&id));
    text_free(&id);
    return status;
}

/* Copies a field up to `|`; stores where the next one begins. */
static void take_field(const char **line, char *field, size_t size) {
    size_t length = strcspn(*line, "|");
    snprintf(field, size, "%.*s", (int)length, *line);
    *line += length + ((*line)[length] == '|');
}

/* Asks squeue for the user's jobs and gives each one that has the topology's comment to `use`. */
static heron_status each_job(const heron_host *host, const settings *settings, void (*use)(void *, const job *),
                             void *context) {
    const char *argv[] = {"squeue", "--noheader", "--me", "--states=all", "--format=%i|%T|%r|%P|%L|%N|%k", NULL};
    text output = {0}, comment = {0};
    heron_status status = read_comment(host, &comment);
    if (status == HERON_OK)
        status = run_tool(host, settings, argv, NULL, &output);
    char *rest = output.data, *line;
    while (status == HERON_OK && rest && (line = strsep(&rest, "\n"))) {
        job found = {0};
        const char *next = line;
        take_field(&next, found.id, sizeof found.id);
        take_field(&next, found.state, sizeof found.state);
        take_field(&next, found.reason, sizeof found.reason);
        take_field(&next, found.partition, sizeof found.partition);
        take_field(&next, found.time_left, sizeof found.time_left);
        take_field(&next, found.nodes, sizeof found.nodes);
        if (!strcmp(next, text_string(&comment)))
            use(context, &found);
    }
    text_free(&output);
    text_free(&comment);
    return status;
}

/* Slurm remembers jobs for a while after they have ended. */
static int has_ended(const job *job) {
    static const char *const states[] = {"BOOT_FAIL", "CANCELLED",     "COMPLETED", "DEADLINE", "FAILED",
                                         "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED",  "TIMEOUT"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (!strcmp(job->state, states[i]))
            return 1;
    return 0;
}

int job_is_ending(const job *job) {
    return !strcmp(job->state, "COMPLETING");
}

static void keep_living(void *context, const job *found) {
    if (!has_ended(found))
        *(job *)context = *found;
}

heron_status job_find(const heron_host *host, const settings *settings, job *found) {
    *found = (job){0};
    return each_job(host, settings, keep_living, found);
}

/* The words of sbatch's command line; those that are made here end up in `made`, which the caller frees. */
typedef struct arguments {
    const char *argv[MAX_ARGUMENTS + 1];
    size_t count;
    text made[8];
    size_t made_count;
} arguments;

static void add(arguments *to, const char *word) {
    if (to->count < MAX_ARGUMENTS)
        to->argv[to->count++] = word;
}

static text *make(arguments *to) {
    return &to->made[to->made_count++];
}

static void add_option(arguments *to, const char *name, const text *value) {
    if (!value->length)
        return;
    text *word = make(to);
    text_format(word, "%s=%s", name, text_string(value));
    add(to, text_string(word));
}

/* The user's options, first, so that ours win. A word that is no option can be an option's value; the first one cannot,
 * and sbatch would take it for a script. */
static heron_status add_users_options(const heron_host *host, text *options, arguments *to) {
    char *rest = options->data, *word;
    while (rest && (word = strsep(&rest, " \t"))) {
        if (!*word)
            continue;
        if (*word != '-' && to->argv[to->count - 1][0] != '-')
            return fail(host, HERON_INVALID_ARGUMENT, "such as --qos high", "'%s' in %s is no option of sbatch", word,
                        "heron.scheduler.slurm.sbatch.options");
        add(to, word);
    }
    return HERON_OK;
}

static heron_status build_command(const heron_host *host, const settings *settings, const plan *plan, text *options,
                                  arguments *to) {
    text name = {0}, comment = {0};
    add(to, "sbatch");
    text_add(options, text_string(&settings->options), settings->options.length);
    heron_status status = add_users_options(host, options, to);
    if (status == HERON_OK)
        status = read_fact(host, HERON_FACT_TOPOLOGY_NAME, 1, &name);
    if (status == HERON_OK)
        status = read_comment(host, &comment);
    add(to, "--parsable");
    add(to, "--requeue");
    add(to, "--output=slurm-job.log");
    add(to, "--open-mode=append");
    text *tasks = make(to), *cpus = make(to);
    text_format(tasks, "--ntasks=%zu", plan->count);
    text_format(cpus, "--cpus-per-task=%d", plan->cpus);
    add(to, text_string(tasks));
    add(to, text_string(cpus));
    if (settings->requests_memory) {
        text *memory = make(to);
        text_format(memory, "--mem-per-cpu=%dM", (plan->megabytes + plan->cpus - 1) / plan->cpus);
        add(to, text_string(memory));
    }
    add_option(to, "--job-name", &name);
    add_option(to, "--comment", &comment);
    add_option(to, "--partition", &settings->partition);
    add_option(to, "--account", &settings->account);
    add_option(to, "--time", &settings->time_limit);
    add(to, text_string(&settings->script));
    text_free(&name);
    text_free(&comment);
    if (status == HERON_OK && to->count == MAX_ARGUMENTS)
        status = fail(host, HERON_INVALID_ARGUMENT, NULL, "heron.scheduler.slurm.sbatch.options has too many words");
    return status;
}

heron_status job_submit(const heron_host *host, const settings *settings, const plan *plan, job *made) {
    arguments command = {0};
    text options = {0}, output = {0};
    *made = (job){0};
    heron_status status = build_command(host, settings, plan, &options, &command);
    if (status == HERON_OK)
        status = run_tool(host, settings, command.argv, text_string(&settings->directory), &output);
    if (status == HERON_OK) {
        /* "5" or, on one of several clusters, "5;name". */
        snprintf(made->id, sizeof made->id, "%.*s", (int)strcspn(last_line(&output), ";"), last_line(&output));
        if (!*made->id || strspn(made->id, "0123456789") != strlen(made->id))
            status = fail(host, HERON_FAILED, NULL, "sbatch says '%s' instead of a job's id", text_string(&output));
    }
    if (status == HERON_OK) {
        text line = {0};
        text_format(&line, "%s\n", made->id);
        status = file_write(host, text_string(&settings->directory), text_string(&settings->job_file), &line);
        text_free(&line);
        if (status != HERON_OK) {
            const char *argv[] = {"scancel", made->id, NULL};
            run_result ended = run(argv, NULL, settings->command_seconds);
            run_free(&ended);
        }
    }
    for (size_t i = 0; i < command.made_count; i++)
        text_free(&command.made[i]);
    text_free(&options);
    text_free(&output);
    return status;
}

heron_status job_await_start(const heron_host *host, const settings *settings, job *job) {
    for (int i = 0; i < START_POLLS; i++) {
        heron_status status = job_find(host, settings, job);
        if (status != HERON_OK || strcmp(job->state, "PENDING") || strcmp(job->reason, "None"))
            return status;
        usleep(POLL_MICROSECONDS);
    }
    return HERON_OK;
}

heron_status job_cancel(const heron_host *host, const settings *settings) {
    int polls = settings->command_seconds * (1000000 / POLL_MICROSECONDS);
    job job;
    char cancelled[sizeof job.id] = "";
    for (int i = 0; i < polls; i++) {
        heron_status status = job_find(host, settings, &job);
        if (status != HERON_OK || !*job.id)
            return status;
        if (strcmp(cancelled, job.id)) {
            const char *argv[] = {"scancel", job.id, NULL};
            status = run_tool(host, settings, argv, NULL, NULL);
            if (status != HERON_OK)
                return status;
            snprintf(cancelled, sizeof cancelled, "%s", job.id);
        }
        usleep(POLL_MICROSECONDS);
    }
    return fail(host, HERON_TIMEOUT, "try again, or see squeue", "job %s is still %s after %d seconds", job.id,
                job.state, settings->command_seconds);
}

heron_status job_steps(const heron_host *host, const settings *settings, const job *job, step *steps, size_t room,
                       size_t *count) {
    text jobs = {0}, output = {0};
    text_format(&jobs, "--jobs=%s", job->id);
    const char *argv[] = {"squeue", "--noheader", "--steps", text_string(&jobs), "--Format=StepID:|,StepName:|,Nodes:|",
                          NULL};
    *count = 0;
    heron_status status = run_tool(host, settings, argv, NULL, &output);
    char *rest = output.data, *line;
    while (status == HERON_OK && rest && (line = strsep(&rest, "\n")) && *count < room) {
        char name[64], *end = NULL;
        const char *next = line;
        step *found = &steps[*count];
        take_field(&next, found->id, sizeof found->id);
        take_field(&next, name, sizeof name);
        take_field(&next, found->node, sizeof found->node);
        if (strncmp(name, "heron-", 6))
            continue;
        found->container = (int32_t)strtol(name + 6, &end, 10);
        if (end != name + 6 && !*end)
            ++*count;
    }
    text_free(&jobs);
    text_free(&output);
    return status;
}

heron_status step_end(const heron_host *host, const settings *settings, const step *step, int is_forced) {
    const char *argv[] = {"scancel", is_forced ? "--signal=KILL" : "--signal=TERM", step->id, NULL};
    return run_tool(host, settings, argv, NULL, NULL);
}
