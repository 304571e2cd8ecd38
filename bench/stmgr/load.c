/* Sends, receives and relays packets of tuples, faster than a stream manager does. `run.py` starts this program with
 * connections that have been set up already:
 *
 *     load send <fd> <file> <seconds> <tuples per second, 0: as many as are taken>
 *     load sink <fd> <bytes per second, 0: as many as come>
 *     load relay <fd> <fd>
 *
 * The file has one packet, a `HeronTupleSet` whose tuples have values of MARK, room for a time and for a number.
 * `send` prints the number of tuples that it has sent. `sink` ends with SIGTERM, and prints how many tuples came, how
 * many did not come where their number was due, the nanoseconds from the first to the last, and percentiles of those
 * from each one's departure to its arrival. */
#define _GNU_SOURCE
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MARK "HERON\x01\x02\x03"
#define MARK_SIZE 8
#define SET_TYPE "heron.proto.system.HeronTupleSet2"
/* Packets leave together until there are so many bytes of them. */
#define BATCH (256 << 10)
#define LATENCIES (16 << 20)

static void die(const char *what) {
    perror(what);
    exit(1);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static void pause_until(uint64_t time) {
    struct timespec until = {.tv_sec = (time_t)(time / 1000000000u), .tv_nsec = (long)(time % 1000000000u)};
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static void write_all(int file, const uint8_t *bytes, size_t count) {
    while (count) {
        ssize_t written = write(file, bytes, count);
        if (written < 0 && errno == EAGAIN) {
            struct pollfd waiting = {.fd = file, .events = POLLOUT};
            poll(&waiting, 1, -1);
        } else if (written < 0) {
            die("write");
        } else {
            bytes += written;
            count -= (size_t)written;
        }
    }
}

/* ---- Sending ---- */

typedef struct packets {
    uint8_t *bytes;
    size_t size;
    size_t copies;
    size_t *stamps; /* Where the marks are. */
    size_t count;
} packets;

/* Several copies of a file's packet, one behind the other. */
static packets read_packets(const char *path) {
    packets all = {0};
    struct stat info;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &info))
        die(path);
    size_t size = (size_t)info.st_size;
    all.copies = size < BATCH ? BATCH / size : 1;
    all.size = size * all.copies;
    all.bytes = malloc(all.size);
    if (!all.bytes || read(file, all.bytes, size) != (ssize_t)size)
        die(path);
    close(file);
    for (size_t i = 1; i < all.copies; i++)
        memcpy(all.bytes + i * size, all.bytes, size);
    all.stamps = malloc(all.size / MARK_SIZE * sizeof *all.stamps);
    if (!all.stamps)
        die("malloc");
    for (uint8_t *at = all.bytes, *end = all.bytes + all.size; (at = memmem(at, (size_t)(end - at), MARK, MARK_SIZE));
         at += MARK_SIZE)
        all.stamps[all.count++] = (size_t)(at - all.bytes) + MARK_SIZE;
    return all;
}

/* How many tuples are due: all of a batch, or at a rate those of the packets that should have left by now. */
static size_t due(const packets *all, uint64_t start, uint64_t sent, double rate) {
    if (rate == 0)
        return all->count;
    pause_until(start + (uint64_t)((double)sent / rate * 1e9));
    size_t in_packet = all->count / all->copies;
    size_t packets = (size_t)(((double)(now() - start) * rate / 1e9 - (double)sent) / (double)in_packet) + 1;
    return in_packet * (packets < all->copies ? packets : all->copies);
}

static int send_packets(int file, const char *path, double seconds, double rate) {
    packets all = read_packets(path);
    uint64_t start = now(), end = start + (uint64_t)(seconds * 1e9), sent = 0;
    while (now() < end) {
        size_t count = due(&all, start, sent, rate);
        uint64_t time = now();
        for (size_t i = 0; i < count; i++) {
            uint64_t number = sent + i;
            memcpy(all.bytes + all.stamps[i], &time, sizeof time);
            memcpy(all.bytes + all.stamps[i] + sizeof time, &number, sizeof number);
        }
        write_all(file, all.bytes, all.size / all.copies * (count / (all.count / all.copies)));
        sent += count;
    }
    printf("%llu\n", (unsigned long long)sent);
    return 0;
}

/* ---- Receiving ---- */

typedef struct counts {
    uint64_t tuples, misplaced, expected;
    uint64_t first, last; /* When they came. */
    uint32_t *latencies;
    size_t latency_count;
} counts;

static volatile sig_atomic_t is_over;

static void note_end(int number) {
    (void)number;
    is_over = 1;
}

static uint64_t varint(const uint8_t **at) {
    uint64_t value = 0;
    for (int shift = 0;; shift += 7) {
        uint8_t byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        if (byte < 0x80)
            return value;
    }
}

static void take_tuple(counts *all, const uint8_t *tuple, size_t size, uint64_t time) {
    const uint8_t *mark = memmem(tuple, size, MARK, MARK_SIZE);
    uint64_t sent, number;
    if (!mark)
        return;
    memcpy(&sent, mark + MARK_SIZE, sizeof sent);
    memcpy(&number, mark + MARK_SIZE + sizeof sent, sizeof number);
    if (!all->tuples++)
        all->first = time;
    all->last = time;
    all->misplaced += number != all->expected;
    all->expected = number + 1;
    if (all->latency_count < LATENCIES)
        all->latencies[all->latency_count++] = time - sent < UINT32_MAX ? (uint32_t)(time - sent) : UINT32_MAX;
}

/* The tuples of a HeronTupleSet2, which come as field 2 of its field 1. */
static void take_set(counts *all, const uint8_t *at, const uint8_t *end, uint64_t time) {
    while (at < end) {
        uint64_t tag = varint(&at);
        if ((tag & 7) != 2) {
            varint(&at);
            continue;
        }
        uint64_t size = varint(&at);
        const uint8_t *inner = at, *inner_end = at + size;
        while (tag >> 3 == 1 && inner < inner_end) {
            uint64_t inner_tag = varint(&inner), inner_size = varint(&inner);
            if (inner_tag >> 3 == 2)
                take_tuple(all, inner, inner_size, time);
            inner += inner_size;
        }
        at += size;
    }
}

static uint32_t big_endian(const uint8_t *at) {
    uint32_t value;
    memcpy(&value, at, sizeof value);
    return be32toh(value);
}

/* Takes the complete packets of some bytes; returns how many bytes they have. */
static size_t take_packets(counts *all, const uint8_t *bytes, size_t count) {
    size_t taken = 0;
    uint64_t time = now();
    while (count - taken >= 4 && count - taken - 4 >= big_endian(bytes + taken)) {
        const uint8_t *packet = bytes + taken + 4;
        size_t size = big_endian(bytes + taken), name = big_endian(packet), body = 4 + name + 32 + 4;
        if (name == strlen(SET_TYPE) && !memcmp(packet + 4, SET_TYPE, name))
            take_set(all, packet + body, packet + size, time);
        taken += 4 + size;
    }
    return taken;
}

static int compare(const void *one, const void *other) {
    uint32_t a = *(const uint32_t *)one, b = *(const uint32_t *)other;
    return a < b ? -1 : a > b;
}

static void print_counts(counts *all) {
    qsort(all->latencies, all->latency_count, sizeof *all->latencies, compare);
    printf("%llu %llu %llu", (unsigned long long)all->tuples, (unsigned long long)all->misplaced,
           (unsigned long long)(all->last - all->first));
    const double parts[] = {0.5, 0.99, 1};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t index = (size_t)((double)all->latency_count * parts[i]);
        if (index == all->latency_count && index)
            index--;
        printf(" %u", all->latency_count ? all->latencies[index] : 0);
    }
    printf("\n");
}

static int receive(int file, double rate) {
    size_t room = 16 << 20, held = 0;
    uint8_t *bytes = malloc(room);
    counts all = {.latencies = malloc(LATENCIES * sizeof(uint32_t))};
    if (!bytes || !all.latencies)
        die("malloc");
    sigaction(SIGTERM, &(struct sigaction){.sa_handler = note_end}, NULL);
    for (uint64_t start = now(), received = 0; !is_over;) {
        size_t wanted = rate > 0 && room - held > 4096 ? 4096 : room - held;
        if (rate > 0)
            pause_until(start + (uint64_t)((double)received / rate * 1e9));
        struct pollfd waiting = {.fd = file, .events = POLLIN};
        if (poll(&waiting, 1, 100) <= 0)
            continue;
        ssize_t count = read(file, bytes + held, wanted);
        if (count <= 0)
            break;
        received += (uint64_t)count;
        held += (size_t)count;
        size_t taken = take_packets(&all, bytes, held);
        memmove(bytes, bytes + taken, held - taken);
        held -= taken;
    }
    print_counts(&all);
    return 0;
}

static int relay(int from, int to) {
    static uint8_t bytes[256 << 10];
    for (ssize_t count; (count = read(from, bytes, sizeof bytes)) > 0;)
        write_all(to, bytes, (size_t)count);
    return 0;
}

int main(int argc, char **argv) {
    const char *what = argc > 1 ? argv[1] : "";
    if (argc == 6 && !strcmp(what, "send"))
        return send_packets(atoi(argv[2]), argv[3], atof(argv[4]), atof(argv[5]));
    if (argc == 4 && !strcmp(what, "sink"))
        return receive(atoi(argv[2]), atof(argv[3]));
    if (argc == 4 && !strcmp(what, "relay"))
        return relay(atoi(argv[2]), atoi(argv[3]));
    fprintf(stderr, "see the head of load.c\n");
    return 2;
}
