/* Reads protobuf messages: https://protobuf.dev/programming-guides/encoding. */
#include "plan.h"

#include <stdlib.h>

/* A field: the value of a number in `varint`, that of a message or text in `bytes`. */
typedef struct {
    uint32_t number;
    uint32_t type;
    uint64_t varint;
    heron_bytes bytes;
} field;

enum { VARINT = 0, FIXED64 = 1, BYTES = 2, FIXED32 = 5 };

/* Takes bytes off the front of a message: 0 if there are too few. */
static int take_bytes(heron_bytes *message, uint64_t length, heron_bytes *taken) {
    if (length > message->length)
        return 0;
    *taken = (heron_bytes){message->data, length};
    if (length)
        *message = (heron_bytes){(const uint8_t *)message->data + length, message->length - length};
    return 1;
}

static int take_varint(heron_bytes *message, uint64_t *value) {
    heron_bytes byte;
    *value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (!take_bytes(message, 1, &byte))
            return 0;
        uint8_t bits = *(const uint8_t *)byte.data;
        *value |= (uint64_t)(bits & 0x7f) << shift;
        if (bits < 0x80)
            return 1;
    }
    return 0;
}

/* Takes the next field off the front of a message: 0 if that is malformed. */
static int take_field(heron_bytes *message, field *next) {
    uint64_t key, length;
    if (!take_varint(message, &key) || key >> 3 == 0 || key >> 32)
        return 0;
    *next = (field){.number = (uint32_t)(key >> 3), .type = (uint32_t)(key & 7)};
    switch (next->type) {
    case VARINT:
        return take_varint(message, &next->varint);
    case FIXED64:
        return take_bytes(message, 8, &next->bytes);
    case BYTES:
        return take_varint(message, &length) && take_bytes(message, length, &next->bytes);
    case FIXED32:
        return take_bytes(message, 4, &next->bytes);
    default:
        return 0;
    }
}

/* Stores the int32 in a field of a message: 0 if it is not there, or if the message is malformed. */
static int get_int32(heron_bytes message, uint32_t number, int32_t *value) {
    int is_there = 0;
    field next;
    while (message.length) {
        if (!take_field(&message, &next))
            return 0;
        if (next.number == number && next.type == VARINT) {
            *value = (int32_t)next.varint;
            is_there = 1;
        }
    }
    return is_there;
}

int32_t *plan_containers(heron_bytes plan, size_t *count) {
    /* A container needs two bytes at least. */
    int32_t *ids = calloc(plan.length / 2 + 1, sizeof *ids);
    field next;
    *count = 0;
    while (ids && plan.length) {
        int is_valid = take_field(&plan, &next);
        if (is_valid && next.number == 2 && next.type == BYTES) /* PackingPlan.container_plans */
            /* ContainerPlan.id; container 0 is the topology manager's and not in the plan. */
            is_valid = get_int32(next.bytes, 1, &ids[*count]) && ids[(*count)++] > 0;
        if (!is_valid) {
            free(ids);
            ids = NULL;
        }
    }
    return ids;
}

int restart_container(heron_bytes request, int32_t *container) {
    return get_int32(request, 2, container); /* RestartTopologyRequest.container_index */
}
