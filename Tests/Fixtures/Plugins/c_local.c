/* A complete plugin in C: containers as process groups of this machine.
 *
 * It shows that the ABI's headers are all that a plugin needs, and serves as an example. Beside what the headers demand
 * it leaves out whatever the real local plugin has: it neither restarts what ends nor knows what another process
 * started.
 *
 *     cc -std=c11 -shared -fPIC -fvisibility=hidden -I<heron>/include -o libc-local.so c_local.c
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <heron/plugin.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define SCHEDULER_CLASS "com.example.CLocalScheduler"
#define LAUNCHER_CLASS "com.example.CLocalLauncher"
#define MAX_CONTAINERS 64
#define MAX_ARGUMENTS 128
#define GRACE_SECONDS 10

extern char **environ;

/* Whether a text of the host is the one that is wanted. */
static int is(heron_string text, const char *wanted) {
    return text.length == strlen(wanted) && !memcmp(text.data, wanted, text.length);
}

/* Tells the user why a function fails, and returns the status. */
static heron_status fail(const heron_host *host, heron_status status, const char *what, const char *why) {
    char message[1024];
    snprintf(message, sizeof message, "%s: %s", what, why);
    host->report(host, status, heron_text(message), heron_text(NULL));
    return status;
}

/* A sink for one text; longer ones are cut off. */
static void put_text(void *context, const void *data, size_t length) {
    snprintf(context, PATH_MAX, "%.*s", (int)length, (const char *)data);
}

static heron_sink text_sink(char *buffer) {
    return (heron_sink){buffer, put_text};
}

/* ---- Protobuf, as much as is needed: https://protobuf.dev/programming-guides/encoding ---- */

typedef struct {
    const uint8_t *next, *end;
} reader;

/* Reads a varint; 0 at the end. */
static uint64_t read_varint(reader *in) {
    uint64_t value = 0;
    for (int shift = 0; in->next < in->end && shift < 64; shift += 7) {
        uint8_t byte = *in->next++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            break;
    }
    return value;
}

/* Goes to the next field: its number, with its value in `varint`, or its bytes in `content`. 0 at the end. */
static uint32_t read_field(reader *in, uint64_t *varint, reader *content) {
    if (in->next >= in->end)
        return 0;
    uint64_t key = read_varint(in);
    uint64_t length = 0;
    *content = (reader){in->next, in->next};
    switch (key & 7) {
    case 0:
        *varint = read_varint(in);
        break;
    case 1:
        length = 8;
        break;
    case 2:
        length = read_varint(in);
        break;
    case 5:
        length = 4;
        break;
    default:
        return 0;
    }
    if (length > (uint64_t)(in->end - in->next))
        return 0;
    if (length)
        *content = (reader){in->next, in->next + length};
    in->next += length;
    return (uint32_t)(key >> 3);
}

/* The number in a field of a message, or `otherwise`. */
static int32_t number_in(reader message, uint32_t wanted, int32_t otherwise) {
    uint64_t value;
    reader content;
    for (uint32_t field; (field = read_field(&message, &value, &content));)
        if (field == wanted)
            otherwise = (int32_t)value;
    return otherwise;
}

/* ---- The scheduler ---- */

typedef struct {
    int32_t id;
    uint32_t attempt;
    pid_t pid; /* Leads a group of its own; 0 if it does not run. */
    uint16_t ports[HERON_PORT_COUNT];
} container;

typedef struct {
    heron_scheduler table; /* First, so that a pointer to one is a pointer to the other. */
    const heron_host *host;
    const heron_containers *service;
    char directory[PATH_MAX];
    container containers[MAX_CONTAINERS];
    size_t count;
} scheduler;

/* The arguments that the host puts one after the other. */
typedef struct {
    char *argv[MAX_ARGUMENTS + 1];
    size_t count;
} command;

static void put_argument(void *context, const void *data, size_t length) {
    command *to = context;
    if (to->count < MAX_ARGUMENTS)
        to->argv[to->count++] = strndup(data, length);
}

/* Finds nine free ports. They are not kept: see the local plugin for that. */
static int find_ports(uint16_t *ports) {
    int sockets[HERON_PORT_COUNT], found = 0;
    for (; found < HERON_PORT_COUNT; found++) {
        struct sockaddr_in address = {.sin_family = AF_INET};
        socklen_t size = sizeof address;
        sockets[found] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (sockets[found] < 0)
            break;
        if (bind(sockets[found], (struct sockaddr *)&address, size) ||
            getsockname(sockets[found], (struct sockaddr *)&address, &size)) {
            close(sockets[found]);
            break;
        }
        ports[found] = ntohs(address.sin_port);
    }
    for (int i = 0; i < found; i++)
        close(sockets[i]);
    return found == HERON_PORT_COUNT;
}

static void tell(scheduler *self, const container *box, int32_t state) {
    heron_container report = {.size = sizeof report, .id = box->id, .state = state, .attempt = box->attempt};
    if (state == HERON_CONTAINER_RUNNING) {
        report.pid = box->pid;
        report.ports = box->ports;
        report.port_count = HERON_PORT_COUNT;
        report.host = heron_text("localhost");
    }
    self->service->changed(self->host, &report);
}

/* Starts a program in the working directory, with a session of its own and its output in a file. An errno value. */
static int spawn(const scheduler *self, char **argv, const char *log, pid_t *pid) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addchdir_np(&files, self->directory);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    int error = posix_spawn(pid, argv[0], &files, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&files);
    return error;
}

static heron_status start(scheduler *self, container *box) {
    if (!find_ports(box->ports))
        return fail(self->host, HERON_EXHAUSTED, "cannot find free ports", strerror(errno));
    command line = {.count = 0};
    heron_sink sink = {&line, put_argument};
    heron_status status = self->service->executor_command(self->host, box->id, box->ports, HERON_PORT_COUNT, sink);
    int error = 0;
    if (status == HERON_OK && line.count > 0) {
        char log[64];
        snprintf(log, sizeof log, "heron-executor-%d.stderr", box->id);
        error = spawn(self, line.argv, log, &box->pid);
        if (error) {
            box->pid = 0;
            status = fail(self->host, HERON_FAILED, line.argv[0], strerror(error));
        }
    }
    for (size_t i = 0; i < line.count; i++)
        free(line.argv[i]);
    if (status != HERON_OK)
        return status;
    box->attempt++;
    tell(self, box, HERON_CONTAINER_RUNNING);
    return HERON_OK;
}

/* Ends a container's group: SIGTERM, patience, SIGKILL. */
static void stop(scheduler *self, container *box) {
    if (!box->pid)
        return;
    kill(-box->pid, SIGTERM);
    int ended = 0;
    for (int i = 0; i < GRACE_SECONDS * 100 && !ended; i++) {
        ended = waitpid(box->pid, NULL, WNOHANG) == box->pid;
        if (!ended)
            usleep(10000);
    }
    kill(-box->pid, SIGKILL);
    if (!ended)
        waitpid(box->pid, NULL, 0);
    box->pid = 0;
    tell(self, box, HERON_CONTAINER_STOPPED);
}

static heron_status scheduler_initialize(heron_scheduler *table) {
    scheduler *self = (scheduler *)table;
    self->service = self->host->get_extension(self->host, HERON_HOST_CONTAINERS);
    if (!self->service)
        return fail(self->host, HERON_UNSUPPORTED, "this heron lacks", HERON_HOST_CONTAINERS);
    return self->host->fact(self->host, HERON_FACT_WORKING_DIRECTORY, text_sink(self->directory));
}

static heron_status scheduler_on_kill(heron_scheduler *table, heron_bytes request) {
    scheduler *self = (scheduler *)table;
    (void)request;
    for (size_t i = 0; i < self->count; i++)
        stop(self, &self->containers[i]);
    return HERON_OK;
}

static heron_status scheduler_on_schedule(heron_scheduler *table, heron_bytes plan) {
    scheduler *self = (scheduler *)table;
    self->containers[0].id = 0; /* The topology manager's, which is not in the plan. */
    self->count = 1;
    reader in = {plan.data, (const uint8_t *)plan.data + plan.length}, content;
    uint64_t value;
    for (uint32_t field; (field = read_field(&in, &value, &content));) {
        if (field != 2)
            continue; /* PackingPlan.container_plans */
        if (self->count == MAX_CONTAINERS)
            return fail(self->host, HERON_EXHAUSTED, "plan", "too many containers");
        self->containers[self->count++].id = number_in(content, 1, -1); /* ContainerPlan.id */
    }
    for (size_t i = 0; i < self->count; i++) {
        heron_status status = start(self, &self->containers[i]);
        if (status != HERON_OK) {
            scheduler_on_kill(table, (heron_bytes){NULL, 0});
            return status;
        }
    }
    return HERON_OK;
}

static heron_status scheduler_on_restart(heron_scheduler *table, heron_bytes request) {
    scheduler *self = (scheduler *)table;
    reader message = {request.data, (const uint8_t *)request.data + request.length};
    int32_t wanted = number_in(message, 2, -1); /* RestartTopologyRequest.container_index */
    heron_status status = wanted == -1 ? HERON_OK : HERON_NOT_FOUND;
    for (size_t i = 0; i < self->count; i++) {
        if (wanted != -1 && wanted != self->containers[i].id)
            continue;
        stop(self, &self->containers[i]);
        status = start(self, &self->containers[i]);
        if (status != HERON_OK)
            return status;
    }
    return status == HERON_NOT_FOUND ? fail(self->host, status, "restart", "there is no such container") : status;
}

static void scheduler_destroy(heron_scheduler *table) {
    free(table);
}

static void scheduler_classes(heron_sink names) {
    names.put(names.context, SCHEDULER_CLASS, strlen(SCHEDULER_CLASS));
}

static heron_status scheduler_create(const heron_host *host, heron_string class_name, heron_scheduler **made) {
    if (!is(class_name, SCHEDULER_CLASS))
        return fail(host, HERON_NOT_FOUND, "create", "there is no such scheduler class");
    scheduler *self = calloc(1, sizeof *self);
    if (!self)
        return fail(host, HERON_EXHAUSTED, "scheduler", strerror(errno));
    self->host = host;
    self->table = (heron_scheduler){
        .size = sizeof self->table,
        .destroy = scheduler_destroy,
        .initialize = scheduler_initialize,
        .on_schedule = scheduler_on_schedule,
        .on_kill = scheduler_on_kill,
        .on_restart = scheduler_on_restart,
    };
    *made = &self->table;
    return HERON_OK;
}

/* ---- The launcher ---- */

typedef struct {
    heron_launcher table;
    const heron_host *host;
    const heron_launching *service;
    char directory[PATH_MAX];
} launcher;

static heron_status launcher_initialize(heron_launcher *table) {
    launcher *self = (launcher *)table;
    self->service = self->host->get_extension(self->host, HERON_HOST_LAUNCHING);
    if (!self->service)
        return fail(self->host, HERON_UNSUPPORTED, "this heron lacks", HERON_HOST_LAUNCHING);
    return self->host->config(self->host, heron_text("c.local.working.directory"), text_sink(self->directory));
}

/* Puts the core package into the working directory. */
static heron_status fetch_core(launcher *self) {
    char core[PATH_MAX], link[PATH_MAX + 16];
    if (self->host->fact(self->host, HERON_FACT_CORE_PACKAGE_DIRECTORY, text_sink(core)) == HERON_OK) {
        snprintf(link, sizeof link, "%s/heron-core", self->directory);
        return symlink(core, link) ? fail(self->host, HERON_FAILED, link, strerror(errno)) : HERON_OK;
    }
    heron_status status = self->host->fact(self->host, HERON_FACT_CORE_PACKAGE_URI, text_sink(core));
    if (status != HERON_OK)
        return fail(self->host, status, "launch", "there is no core package");
    return self->service->fetch_package(self->host, heron_text(core), heron_text(self->directory));
}

static int remove_entry(const char *path, const struct stat *info, int kind, struct FTW *walk) {
    (void)info, (void)kind, (void)walk;
    return remove(path);
}

static heron_status launcher_launch(heron_launcher *table, heron_bytes plan) {
    launcher *self = (launcher *)table;
    heron_string directory = heron_text(self->directory);
    char package[PATH_MAX];
    (void)plan;
    if (mkdir(self->directory, 0755))
        return fail(self->host, HERON_FAILED, self->directory, strerror(errno));
    heron_status status = fetch_core(self);
    if (status == HERON_OK)
        status = self->host->fact(self->host, HERON_FACT_TOPOLOGY_PACKAGE_URI, text_sink(package));
    if (status == HERON_OK)
        status = self->service->fetch_package(self->host, heron_text(package), directory);
    if (status == HERON_OK)
        status = self->service->start_scheduler_service(self->host, directory);
    if (status != HERON_OK)
        nftw(self->directory, remove_entry, 16, FTW_DEPTH | FTW_PHYS); /* Leaves nothing behind. */
    return status;
}

static void launcher_destroy(heron_launcher *table) {
    free(table);
}

static void launcher_classes(heron_sink names) {
    names.put(names.context, LAUNCHER_CLASS, strlen(LAUNCHER_CLASS));
}

static heron_status launcher_create(const heron_host *host, heron_string class_name, heron_launcher **made) {
    if (!is(class_name, LAUNCHER_CLASS))
        return fail(host, HERON_NOT_FOUND, "create", "there is no such launcher class");
    launcher *self = calloc(1, sizeof *self);
    if (!self)
        return fail(host, HERON_EXHAUSTED, "launcher", strerror(errno));
    self->host = host;
    self->table = (heron_launcher){
        .size = sizeof self->table,
        .destroy = launcher_destroy,
        .initialize = launcher_initialize,
        .launch = launcher_launch,
    };
    *made = &self->table;
    return HERON_OK;
}

/* ---- The entry ---- */

static const heron_scheduler_factory schedulers = {
    .size = sizeof schedulers, .classes = scheduler_classes, .create = scheduler_create};
static const heron_launcher_factory launchers = {
    .size = sizeof launchers, .classes = launcher_classes, .create = launcher_create};

static const void *get_factory(const char *id) {
    if (!strcmp(id, HERON_SCHEDULER_FACTORY))
        return &schedulers;
    if (!strcmp(id, HERON_LAUNCHER_FACTORY))
        return &launchers;
    return NULL;
}

static const heron_plugin plugin = {
    .size = sizeof plugin,
    .abi_major = HERON_ABI_MAJOR,
    .abi_minor = HERON_ABI_MINOR,
    .name = "c-local",
    .version = "1.0",
    .get_factory = get_factory,
};

const heron_plugin *heron_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    (void)host_major, (void)host_minor;
    return &plugin;
}
