#define _GNU_SOURCE
#include "text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

const char *text_string(const text *text) {
    return text->data ? text->data : "";
}

static void make_room(text *text, size_t more) {
    size_t needed = text->length + more + 1;
    if (needed <= text->room)
        return;
    size_t room = needed < 128 ? 128 : needed * 2;
    char *data = realloc(text->data, room);
    if (!data)
        abort();
    text->data = data;
    text->room = room;
}

void text_add(text *text, const void *data, size_t length) {
    make_room(text, length);
    if (length)
        memcpy(text->data + text->length, data, length);
    text->length += length;
    text->data[text->length] = 0;
}

static void add_formatted(text *text, const char *format, va_list arguments) {
    char *line;
    int length = vasprintf(&line, format, arguments);
    if (length < 0)
        abort();
    text_add(text, line, (size_t)length);
    free(line);
}

void text_format(text *text, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    add_formatted(text, format, arguments);
    va_end(arguments);
}

void text_clear(text *text) {
    text->length = 0;
    if (text->data)
        text->data[0] = 0;
}

void text_free(text *text) {
    free(text->data);
    *text = (struct text){0};
}

void text_add_quoted(text *text, const char *word) {
    text_add(text, "'", 1);
    for (; *word; word++) {
        if (*word == '\'')
            text_add(text, "'\\''", 4);
        else
            text_add(text, word, 1);
    }
    text_add(text, "'", 1);
}

static void put(void *context, const void *data, size_t length) {
    text_add(context, data, length);
}

heron_sink text_sink(text *text) {
    return (heron_sink){text, put};
}

/* The length of the UTF-8 character at the front, 0 if there is none: RFC 3629. */
static size_t character(const unsigned char *at, size_t left) {
    static const struct {
        unsigned char first, last, least, most; /* Of the first byte, and of the second one. */
        size_t length;
    } kinds[] = {
        {0x20, 0x7e, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (*at < kinds[i].first || *at > kinds[i].last || left < kinds[i].length)
            continue;
        size_t length = 1;
        while (length < kinds[i].length && at[length] >= (length == 1 ? kinds[i].least : 0x80) &&
               at[length] <= (length == 1 ? kinds[i].most : 0xbf))
            length++;
        return length == kinds[i].length ? length : 0;
    }
    return 0;
}

/* Whatever a command or a user has written becomes one line of UTF-8, with a question mark for each other byte. */
static void make_line(text *line) {
    unsigned char *bytes = (unsigned char *)line->data;
    for (size_t i = 0, length; i < line->length; i += length) {
        length = character(bytes + i, line->length - i);
        if (!length) {
            bytes[i] = bytes[i] == '\n' || bytes[i] == '\t' ? ' ' : '?';
            length = 1;
        }
    }
}

heron_status fail(const heron_host *host, heron_status status, const char *hint, const char *format, ...) {
    text message = {0};
    va_list arguments;
    va_start(arguments, format);
    add_formatted(&message, format, arguments);
    va_end(arguments);
    make_line(&message);
    host->report(host, status, heron_text(text_string(&message)), heron_text(hint));
    text_free(&message);
    return status;
}

void log_line(const heron_host *host, int32_t level, const char *format, ...) {
    text message = {0};
    va_list arguments;
    va_start(arguments, format);
    add_formatted(&message, format, arguments);
    va_end(arguments);
    make_line(&message);
    host->log(host, level, heron_text(text_string(&message)));
    text_free(&message);
}

heron_status read_config(const heron_host *host, const char *key, int is_needed, text *value) {
    text_clear(value);
    heron_status status = host->config(host, heron_text(key), text_sink(value));
    return status == HERON_NOT_FOUND && !is_needed ? HERON_OK : status;
}

heron_status read_fact(const heron_host *host, const char *name, int is_needed, text *value) {
    text_clear(value);
    heron_status status = host->fact(host, name, text_sink(value));
    if (status == HERON_NOT_FOUND)
        return is_needed ? fail(host, status, NULL, "the host does not know %s", name) : HERON_OK;
    return status;
}
