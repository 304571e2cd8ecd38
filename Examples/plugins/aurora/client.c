#define _GNU_SOURCE
#include "client.h"

#include "../common/run.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLIENT_HINT "install Aurora's client on this machine"
/* All at once: Aurora would else end them one after the other. */
#define BATCH_SIZE "2147483647"
#define MAX_WORDS 96

/* A command line that is being put together; the words that are made for it are freed with it. */
typedef struct command {
    const char *argv[MAX_WORDS + 1];
    size_t count;
    text made[MAX_WORDS];
    size_t made_count;
} command;

static void add(command *to, const char *word) {
    if (to->count < MAX_WORDS)
        to->argv[to->count++] = word;
}

static void command_free(command *command) {
    for (size_t i = 0; i < command->made_count; i++)
        text_free(&command->made[i]);
}

static text *make(command *to) {
    return &to->made[to->made_count++];
}

/* `--bind NAME=value`; the value is what the caller adds to the text. */
static text *bind(command *to, const char *name) {
    text *word = make(to);
    text_format(word, "%s=", name);
    return word;
}

static void add_binding(command *to, const text *word) {
    add(to, "--bind");
    add(to, text_string(word));
}

static heron_status bind_fact(const heron_host *host, command *to, const char *name, const char *fact) {
    text value = {0};
    text *word = bind(to, name);
    heron_status status = read_fact(host, fact, 1, &value);
    text_format(word, "%s", text_string(&value));
    add_binding(to, word);
    text_free(&value);
    return status;
}

/* Agents fetch packages with curl. */
static heron_status bind_package(const heron_host *host, command *to, const char *name, const char *fact) {
    static const char *const schemes[] = {"http://", "https://", "ftp://", "file://"};
    heron_status status = bind_fact(host, to, name, fact);
    const char *uri = to->argv[to->count - 1] + strlen(name) + 1;
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (!strncmp(uri, schemes[i], strlen(schemes[i])))
            return status;
    return status == HERON_OK ? fail(host, HERON_INVALID_ARGUMENT, "choose an uploader that gives http, https or ftp",
                                     "Aurora's agents fetch packages with curl, which cannot fetch %s", uri)
                              : status;
}

/* The executor's command line: the program, and the arguments that are the same for every container. */
typedef struct executor {
    text program;
    text arguments;
    size_t count;
} executor;

/* Whether a word can stand in a shell's line as it is. */
static int is_plain(const char *word) {
    return !word[strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:,=@%+")];
}

/* The job file gives the container's number and ports, which Aurora chooses. */
static int is_instances(const char *word) {
    const char *value = strchr(word, '=');
    return !strncmp(word, "--shard=", 8) || (value && value - word > 5 && !strncmp(value - 5, "-port", 5));
}

static void put_argument(void *context, const void *data, size_t length) {
    executor *to = context;
    char *word = strndup(data, length);
    if (!word)
        abort();
    if (to->count++ == 0) {
        text_format(&to->program, "%s", word);
    } else if (!is_instances(word)) {
        if (to->arguments.length)
            text_add(&to->arguments, " ", 1);
        if (is_plain(word))
            text_format(&to->arguments, "%s", word);
        else
            text_add_quoted(&to->arguments, word);
    }
    free(word);
}

static heron_status bind_executor(const heron_host *host, command *to) {
    const heron_containers *containers = host->get_extension(host, HERON_HOST_CONTAINERS);
    uint16_t ports[HERON_PORT_COUNT];
    executor executor = {0};
    if (!containers)
        return fail(host, HERON_UNSUPPORTED, NULL, "this heron does not offer %s", HERON_HOST_CONTAINERS);
    for (int i = 0; i < HERON_PORT_COUNT; i++)
        ports[i] = (uint16_t)(1 + i);
    heron_status status =
        containers->executor_command(host, 0, ports, HERON_PORT_COUNT, (heron_sink){&executor, put_argument});
    text *program = bind(to, "EXECUTOR_BINARY"), *arguments = bind(to, "TOPOLOGY_ARGUMENTS");
    text_format(program, "%s", text_string(&executor.program));
    text_format(arguments, "%s", text_string(&executor.arguments));
    add_binding(to, program);
    add_binding(to, arguments);
    text_free(&executor.program);
    text_free(&executor.arguments);
    return status;
}

static void bind_number(command *to, const char *name, const char *format, long long number) {
    text *word = bind(to, name);
    text_format(word, format, number);
    add_binding(to, word);
}

static heron_status bind_all(const heron_host *host, const settings *settings, const needs *needs, command *to) {
    heron_status status = bind_fact(host, to, "CLUSTER", HERON_FACT_CLUSTER);
    if (status == HERON_OK)
        status = bind_package(host, to, "CORE_PACKAGE_URI", HERON_FACT_CORE_PACKAGE_URI);
    if (status == HERON_OK)
        status = bind_fact(host, to, "ENVIRON", HERON_FACT_ENVIRON);
    if (status == HERON_OK)
        status = bind_executor(host, to);
    if (status == HERON_OK)
        status = bind_fact(host, to, "ROLE", HERON_FACT_ROLE);
    if (status == HERON_OK)
        status = bind_fact(host, to, "TOPOLOGY_NAME", HERON_FACT_TOPOLOGY_NAME);
    if (status == HERON_OK)
        status = bind_package(host, to, "TOPOLOGY_PACKAGE_URI", HERON_FACT_TOPOLOGY_PACKAGE_URI);
    if (status != HERON_OK)
        return status;
    text *cpus = bind(to, "CPUS_PER_CONTAINER"), *tier = bind(to, "TIER"), environ = {0};
    /* As Java writes a double: with a fraction. */
    text_format(cpus, needs->cpus == (double)(int64_t)needs->cpus ? "%.1f" : "%.15g", needs->cpus);
    add_binding(to, cpus);
    bind_number(to, "RAM_PER_CONTAINER", "%lld", needs->ram);
    bind_number(to, "DISK_PER_CONTAINER", "%lld", needs->disk);
    bind_number(to, "NUM_CONTAINERS", "%lld", needs->containers);
    status = read_fact(host, HERON_FACT_ENVIRON, 1, &environ);
    text_format(tier, "%s", strcmp(text_string(&environ), "prod") ? "preemptible" : "preferred");
    add_binding(to, tier);
    text_free(&environ);
    for (size_t i = 0; i < settings->metadata_count; i++) {
        text *metadata = make(to);
        text_format(metadata, "AURORA_METADATA_%zu=%s", i + 1, settings->metadata[i]);
        add_binding(to, metadata);
    }
    return status;
}

static heron_status run_client(const heron_host *host, const settings *settings, command *command) {
    return run_checked(host, command->argv, settings->command_seconds, CLIENT_HINT, NULL);
}

static void begin(command *to, const char *verb) {
    add(to, "aurora");
    add(to, "job");
    add(to, verb);
}

/* The file that says that there may be a job. */
static text created_mark(const settings *settings) {
    text path = {0};
    text_format(&path, "%s/.aurora-job", text_string(&settings->directory));
    return path;
}

static heron_status run_create(const heron_host *host, const settings *settings, command *command) {
    text mark = created_mark(settings);
    int file = open(text_string(&mark), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    heron_status status = HERON_OK;
    if (file < 0) {
        status = fail(host, HERON_FAILED, NULL, "cannot write %s: %s", text_string(&mark), strerror(errno));
    } else {
        text errors = {0};
        close(file);
        status = run_checked(host, command->argv, settings->command_seconds, CLIENT_HINT, &errors);
        if (status == HERON_UNAVAILABLE || strcasestr(text_string(&errors), "already exists"))
            unlink(text_string(&mark));
        text_free(&errors);
    }
    text_free(&mark);
    return status;
}

heron_status job_create(const heron_host *host, const settings *settings, const needs *needs) {
    command command = {0};
    if (access(text_string(&settings->template), R_OK))
        return fail(host, HERON_NOT_FOUND, "see heron.scheduler.job.template", "there is no job file %s",
                    text_string(&settings->template));
    begin(&command, "create");
    add(&command, "--wait-until");
    add(&command, "RUNNING");
    heron_status status = bind_all(host, settings, needs, &command);
    add(&command, text_string(&settings->job));
    add(&command, text_string(&settings->template));
    if (settings->is_verbose)
        add(&command, "--verbose");
    if (status == HERON_OK)
        status = run_create(host, settings, &command);
    command_free(&command);
    return status;
}

/* `killall` and `restart`: the same options behind the job. */
static heron_status change(const heron_host *host, const settings *settings, const char *verb, const char *target) {
    command command = {0};
    begin(&command, verb);
    add(&command, target);
    if (settings->is_verbose)
        add(&command, "--verbose");
    add(&command, "--batch-size");
    add(&command, BATCH_SIZE);
    heron_status status = run_client(host, settings, &command);
    command_free(&command);
    return status;
}

heron_status job_kill(const heron_host *host, const settings *settings) {
    heron_status status = HERON_OK;
    text mark = created_mark(settings);
    int is_none = !access(text_string(&settings->directory), F_OK) && access(text_string(&mark), F_OK);
    text_free(&mark);
    if (is_none)
        return HERON_OK;
    for (int attempt = 1; attempt <= settings->kill_attempts; attempt++) {
        status = change(host, settings, "killall", text_string(&settings->job));
        if (status == HERON_OK || status == HERON_UNAVAILABLE)
            return status;
        if (attempt < settings->kill_attempts) {
            log_line(host, HERON_LOG_WARNING, "the kill of %s has failed, trying again in %d ms",
                     text_string(&settings->job), settings->kill_pause_ms);
            usleep((useconds_t)settings->kill_pause_ms * 1000);
        }
    }
    return status;
}

heron_status job_restart(const heron_host *host, const settings *settings, int32_t container) {
    text target = {0};
    text_format(&target, "%s", text_string(&settings->job));
    if (container >= 0)
        text_format(&target, "/%d", (int)container);
    heron_status status = change(host, settings, "restart", text_string(&target));
    text_free(&target);
    return status;
}
