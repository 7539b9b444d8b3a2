/*
 * A desktop program that stores a license which is bound to this computer: the library provides the files, the clock
 * and the identity. Plain C99, also C++11. Compile with -DLIC2_HOST and link liblic2_host.a.
 *
 *     desktop_host_c DIRECTORY apply FILE | check | try FILE | use FEATURE | request | fingerprint | uninstall
 *
 * Exit code: 0 granted or done, 3 refused, 1 anything else.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lic2.h"

#include "anchor.h"

#define PRODUCT "vision-appliance"

/* remember: begin */
static lic2_host host;
static lic2_engine engine;
/* remember: end */
static lic2_host_options options;
static char pasted[LIC2_TEXT_RAW_MAX + 1];

static int refused(lic2_status status)
{
    printf("refused: %d %s: %s; %s\n", (int)status, lic2_status_name(status), lic2_status_text(status),
           lic2_status_advice(status));
    return 3;
}

static int granted(const lic2_decision *decision)
{
    printf("granted: %s serial %u\n", decision->license_id, (unsigned)decision->serial);
    return 0;
}

static lic2_status open_all(const char *directory)
{
    return lic2_host_open(&host, &engine, PRODUCT, LIC2_TERMINATED, directory, LIC2_TERMINATED, lic2_anchors,
                          sizeof lic2_anchors, &options);
}

/* Remembers a license: opens everything, stores the pasted code, and checks whether the program may run. */
static int apply(const char *directory, const char *text)
{
    /* remember: begin */
    lic2_decision decision;
    uint32_t outcome;
    lic2_status status = lic2_host_open(&host, &engine, PRODUCT, LIC2_TERMINATED, directory, LIC2_TERMINATED,
                                        lic2_anchors, sizeof lic2_anchors, &options);
    if (status == LIC2_STATUS_OK)
        status = lic2_engine_apply(&engine, text, LIC2_TERMINATED, &outcome, NULL);
    if (status != LIC2_STATUS_OK)
        return refused(status);
    printf("applied: %s: %s\n", lic2_outcome_name(outcome), lic2_outcome_text(outcome));
    lic2_engine_check(&engine, &decision);
    return LIC2_GRANTED(&decision) ? granted(&decision) : refused(decision.status);
    /* remember: end */
}

/* Checks whether the program may run. A program without a license starts its trial, if it has a trial code. */
static int check(const char *trial)
{
    lic2_decision decision;
    uint32_t outcome;

    lic2_engine_check(&engine, &decision);
    /* trial: begin */
    if (decision.status == LIC2_STATUS_NOT_ACTIVATED && trial != NULL &&
        lic2_engine_apply(&engine, trial, LIC2_TERMINATED, &outcome, NULL) == LIC2_STATUS_OK)
        lic2_engine_check(&engine, &decision);
    /* trial: end */
    return LIC2_GRANTED(&decision) ? granted(&decision) : refused(decision.status);
}

/* Uses a feature once. */
static int use(const char *feature)
{
    lic2_meter meter;

    lic2_engine_consume(&engine, feature, LIC2_TERMINATED, 1, 0, &meter);
    if (!LIC2_GRANTED(&meter))
        return refused(meter.status);
    printf("granted: %llu of %llu used\n", (unsigned long long)meter.used, (unsigned long long)meter.total);
    return 0;
}

/* Requests a license that is bound to this computer. The request says whether it is a virtual machine. */
static int make_request(void)
{
    char text[LIC2_DOCUMENT_BYTES];
    uint8_t random[16];
    size_t text_len;
    lic2_status status;
    lic2_ask ask;

    LIC2_INIT(&ask);
    if (lic2_host_signs(&host, &ask.signs) == LIC2_STATUS_OK &&
        lic2_host_random(&host, random, sizeof random) == LIC2_STATUS_OK) {
        ask.entropy = random;
        ask.entropy_len = sizeof random;
    }
    status = lic2_engine_request(&engine, &ask, text, sizeof text, &text_len);
    if (status != LIC2_STATUS_OK)
        return refused(status);
    printf("%s\n", text);
    return 0;
}

/* The fingerprint that the marketplace asks buyers for. */
static int show_fingerprint(void)
{
    char text[LIC2_DOCUMENT_BYTES];
    size_t text_len;
    const lic2_status status = lic2_host_fingerprint(&host, text, sizeof text, &text_len);

    if (status != LIC2_STATUS_OK)
        return refused(status);
    printf("%s\n", text);
    return 0;
}

/* The text that the customer pasted; NULL if there is no such file. */
static const char *read_text(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t length;

    if (file == NULL) {
        fprintf(stderr, "desktop_host_c: cannot open %s\n", path);
        return NULL;
    }
    length = fread(pasted, 1, sizeof pasted - 1, file);
    pasted[length] = '\0';
    fclose(file);
    return pasted;
}

static int run(const char *command, const char *argument)
{
    const char *text;

    if (argument == NULL) {
        if (strcmp(command, "check") == 0)
            return check(NULL);
        if (strcmp(command, "request") == 0)
            return make_request();
        if (strcmp(command, "fingerprint") == 0)
            return show_fingerprint();
    } else if (strcmp(command, "use") == 0) {
        return use(argument);
    } else if (strcmp(command, "try") == 0) {
        text = read_text(argument);
        return text == NULL ? 1 : check(text);
    }
    fprintf(stderr, "desktop_host_c: no command %s\n", command);
    return 1;
}

int main(int argc, char **argv)
{
    const char *text;
    lic2_status status;
    int result;

    if (argc != 3 && argc != 4) {
        fprintf(stderr, "usage: desktop_host_c DIRECTORY COMMAND [ARGUMENT]\n");
        return 1;
    }
    /* Sealed with the machine id: a copy of the directory alone does not work elsewhere. */
    LIC2_INIT(&options);
    options.flags = LIC2_HOST_SEAL;
    if (strcmp(argv[2], "uninstall") == 0) {
        status = lic2_host_erase(&host, PRODUCT, LIC2_TERMINATED, argv[1], LIC2_TERMINATED, &options);
        if (status != LIC2_STATUS_OK)
            return refused(status);
        printf("removed\n");
        return 0;
    }
    if (strcmp(argv[2], "apply") == 0 && argc == 4) {
        text = read_text(argv[3]);
        return text == NULL ? 1 : apply(argv[1], text);
    }
    status = open_all(argv[1]);
    result = status == LIC2_STATUS_OK ? run(argv[2], argc == 4 ? argv[3] : NULL) : refused(status);
    lic2_host_close(&host);
    return result;
}
