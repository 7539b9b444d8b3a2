/* Reading vector files: `[name]`, then `key = value` lines. tests/vectors/README.md describes the form. */
#ifndef STANZA_H
#define STANZA_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIELDS_MAX 128

/* One case: its fields point into the text of the file. */
struct stanza {
    char *name;
    char *keys[FIELDS_MAX];
    char *values[FIELDS_MAX];
    int count;
};

static void give_up(const char *what, const char *where)
{
    fprintf(stderr, "vectors: %s: %s\n", what, where);
    exit(2);
}

/* The value number `index` of `key`, or NULL. */
static const char *stanza_get(const struct stanza *stanza, const char *key, int index)
{
    int field;

    for (field = 0; field < stanza->count; field++) {
        if (strcmp(stanza->keys[field], key) == 0 && index-- == 0) {
            return stanza->values[field];
        }
    }
    return NULL;
}

/* A decimal number. */
static uint64_t decimal(const char *text)
{
    char *end = NULL;
    const uint64_t value = strtoull(text, &end, 10);

    if (*text < '0' || *text > '9' || *end != '\0') {
        give_up("not a number", text);
    }
    return value;
}

/* The number under `key`, or 0 if there is none. */
static uint64_t stanza_number(const struct stanza *stanza, const char *key)
{
    const char *text = stanza_get(stanza, key, 0);

    return text == NULL ? 0 : decimal(text);
}

static int digit(char character)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = character == '\0' ? NULL : strchr(digits, character);

    if (found == NULL) {
        give_up("not a hex digit", digits);
    }
    return (int)(found - digits);
}

/* Decodes hex into memory of the caller's, which is freed with free(). */
static uint8_t *unhex(const char *text, size_t *length)
{
    const size_t count = strlen(text) / 2;
    uint8_t *bytes = (uint8_t *)malloc(count + 1);
    size_t index;

    if (bytes == NULL || strlen(text) % 2 != 0) {
        give_up("not hex", text);
    }
    for (index = 0; index < count; index++) {
        bytes[index] = (uint8_t)(digit(text[2 * index]) << 4 | digit(text[2 * index + 1]));
    }
    *length = count;
    return bytes;
}

/* The whole file with a NUL behind it. */
static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text;
    long size = -1;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (size = ftell(file)) < 0) {
        give_up("cannot read", path);
    }
    rewind(file);
    text = (char *)malloc((size_t)size + 1);
    if (text == NULL || fread(text, 1, (size_t)size, file) != (size_t)size) {
        give_up("cannot read", path);
    }
    fclose(file);
    text[size] = '\0';
    return text;
}

/* Adds a `key = value` line to the case. */
static void stanza_add(struct stanza *stanza, char *line)
{
    char *split = strstr(line, " =");

    if (split == NULL || stanza->name == NULL || stanza->count == FIELDS_MAX) {
        give_up("not a field, or one too many", line);
    }
    *split = '\0';
    stanza->keys[stanza->count] = line;
    stanza->values[stanza->count++] = split[2] == ' ' ? split + 3 : split + 2;
}

/* Reads a file and hands every case to `run`. */
static void stanza_each(const char *path, void (*run)(const char *path, const struct stanza *stanza))
{
    char *const text = read_file(path);
    char *line = text;
    struct stanza stanza;

    memset(&stanza, 0, sizeof stanza);
    while (line != NULL) {
        char *next = strchr(line, '\n');
        size_t length;

        if (next != NULL) {
            *next++ = '\0';
        }
        length = strlen(line);
        if (line[0] == '[' && line[length - 1] == ']') {
            if (stanza.name != NULL) {
                run(path, &stanza);
            }
            memset(&stanza, 0, sizeof stanza);
            line[length - 1] = '\0';
            stanza.name = line + 1;
        } else if (length != 0 && line[0] != '#') {
            stanza_add(&stanza, line);
        }
        line = next;
    }
    if (stanza.name != NULL) {
        run(path, &stanza);
    }
    free(text);
}

#endif
