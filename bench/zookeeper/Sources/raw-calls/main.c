/* Times the asynchronous calls of ZooKeeper's C client, which are what ours is made of.
 *   raw-calls HOST:PORT ROOT
 * Reads lines `operation callers count`, answers each with a line of JSON. A caller is a request under way: its
 * completion sends the next one. The nodes below ROOT are those that run.py makes. */
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zookeeper/zookeeper.h>

enum { MAX_CALLERS = 64, MULTI_SIZE = 8, DATA_SIZE = 256, PATH_SIZE = 128 };

struct caller {
    int number;
    uint64_t started;
    char paths[MULTI_SIZE][PATH_SIZE];
    zoo_op_result_t results[MULTI_SIZE];
};

static zhandle_t *handle;
static const char *root;
static char operation[16];
static char data[DATA_SIZE];
static struct caller callers[MAX_CALLERS];

/* Guards what follows, which the main thread and the C client's completion thread share. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int connected;
static int sent, done, total;
static long created;
static uint32_t *latencies;

static uint64_t nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void fail(const char *what, int code) {
    fprintf(stderr, "raw-calls: %s: %s\n", what, zerror(code));
    exit(1);
}

static void on_event(zhandle_t *zh, int type, int state, const char *path, void *context) {
    (void)zh, (void)path, (void)context;
    pthread_mutex_lock(&mutex);
    if (type == ZOO_SESSION_EVENT)
        connected = state == ZOO_CONNECTED_STATE;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void send_next(struct caller *caller);

static void finish(int code, const struct caller *context) {
    struct caller *caller = &callers[context->number];
    if (code != ZOK)
        fail(operation, code);
    pthread_mutex_lock(&mutex);
    latencies[done++] = (uint32_t)(nanoseconds() - caller->started);
    if (sent < total)
        send_next(caller);
    else if (done == total)
        pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static void on_data(int code, const char *value, int length, const struct Stat *stat, const void *context) {
    (void)value, (void)length, (void)stat;
    finish(code, context);
}

static void on_stat(int code, const struct Stat *stat, const void *context) {
    (void)stat;
    finish(code, context);
}

static void on_strings(int code, const struct String_vector *strings, const void *context) {
    (void)strings;
    finish(code, context);
}

static void on_string(int code, const char *value, const void *context) {
    (void)value;
    finish(code, context);
}

static void on_end(int code, const void *context) {
    finish(code, context);
}

static int send_multi(struct caller *caller) {
    zoo_op_t steps[MULTI_SIZE];
    for (int i = 0; i < MULTI_SIZE; i++) {
        snprintf(caller->paths[i], PATH_SIZE, "%s/topologies/node-%d", root, (caller->number + i) % MAX_CALLERS);
        zoo_set_op_init(&steps[i], caller->paths[i], data, DATA_SIZE, -1, NULL);
    }
    return zoo_amulti(handle, MULTI_SIZE, steps, caller->results, on_end, caller);
}

static void send_next(struct caller *caller) {
    char path[PATH_SIZE];
    int code;
    sent++;
    caller->started = nanoseconds();
    snprintf(path, sizeof path, "%s/topologies/node-%d", root, caller->number);
    if (!strcmp(operation, "get")) {
        code = zoo_aget(handle, path, 0, on_data, caller);
    } else if (!strcmp(operation, "set")) {
        code = zoo_aset(handle, path, data, DATA_SIZE, -1, on_stat, caller);
    } else if (!strcmp(operation, "children")) {
        snprintf(path, sizeof path, "%s/pplans", root);
        code = zoo_aget_children(handle, path, 0, on_strings, caller);
    } else if (!strcmp(operation, "create")) {
        snprintf(path, sizeof path, "%s/executionstate/%ld", root, created++);
        code = zoo_acreate(handle, path, data, DATA_SIZE, &ZOO_OPEN_ACL_UNSAFE, 0, on_string, caller);
    } else if (!strcmp(operation, "multi")) {
        code = send_multi(caller);
    } else {
        fprintf(stderr, "raw-calls: no operation %s\n", operation);
        exit(2);
    }
    if (code != ZOK)
        fail(operation, code);
}

static int ascending(const void *a, const void *b) {
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    return (left > right) - (left < right);
}

static void run(int count_callers) {
    pthread_mutex_lock(&mutex);
    latencies = calloc((size_t)total, sizeof *latencies);
    sent = done = 0;
    uint64_t start = nanoseconds();
    for (int i = 0; i < count_callers; i++) {
        callers[i].number = i;
        send_next(&callers[i]);
    }
    while (done < total)
        pthread_cond_wait(&changed, &mutex);
    double seconds = (double)(nanoseconds() - start) / 1e9;
    qsort(latencies, (size_t)total, sizeof *latencies, ascending);
    printf("{\"p50\": %.1f, \"p99\": %.1f, \"rate\": %.0f}\n", latencies[total / 2] / 1e3,
           latencies[total * 99 / 100] / 1e3, total / seconds);
    fflush(stdout);
    free(latencies);
    pthread_mutex_unlock(&mutex);
}

int main(int count, char **arguments) {
    if (count != 3) {
        fprintf(stderr, "usage: raw-calls HOST:PORT ROOT\n");
        return 2;
    }
    root = arguments[2];
    memset(data, 'x', sizeof data);
    zoo_set_debug_level(0);
    handle = zookeeper_init(arguments[1], on_event, 30000, NULL, NULL, 0);
    if (!handle) {
        perror("raw-calls: zookeeper_init");
        return 1;
    }
    pthread_mutex_lock(&mutex);
    while (!connected)
        pthread_cond_wait(&changed, &mutex);
    pthread_mutex_unlock(&mutex);
    int caller_count;
    while (scanf("%15s %d %d", operation, &caller_count, &total) == 3) {
        if (caller_count < 1 || caller_count > MAX_CALLERS || total < caller_count) {
            fprintf(stderr, "raw-calls: 1 to %d callers, and a call for each\n", MAX_CALLERS);
            return 2;
        }
        run(caller_count);
    }
    zookeeper_close(handle);
    return 0;
}
