/*
 * A desktop program that keeps its activation in a directory of its own and is bound to this machine: the ports of the
 * system come with the library. Plain C99, also C++11. Compile with -DLIC2_HOST and link liblic2_host.a.
 *
 *     desktop_host_c DIRECTORY request | apply FILE | check | fingerprint
 *
 * Exit code: 0 granted or done, 3 refused, 1 anything else.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lic2.h"

#include "anchor.h"

static const char product[] = "vision-appliance";

static int refused(int32_t status)
{
    printf("refused: %d %s: %s; %s\n", (int)status, lic2_status_name(status), lic2_status_text(status),
           lic2_status_advice(status));
    return 3;
}

/* Asks the seller for a license that is bound to this machine. Says so if the machine is a virtual one. */
static int make_request(lic2_host *host, lic2_engine *engine)
{
    char text[LIC2_DOCUMENT_BYTES];
    uint8_t random[16];
    size_t text_len;
    lic2_status status;
    lic2_ask ask;

    LIC2_INIT(&ask);
    if (lic2_host_signs(host, &ask.signs) == LIC2_STATUS_OK &&
        lic2_host_random(host, random, sizeof random) == LIC2_STATUS_OK) {
        ask.entropy = random;
        ask.entropy_len = sizeof random;
    }
    status = lic2_engine_request(engine, &ask, text, sizeof text, &text_len);
    if (status != LIC2_STATUS_OK) {
        return refused(status);
    }
    printf("%s\n", text);
    return 0;
}

/* Takes in whatever the seller sent. */
static int apply(lic2_engine *engine, const char *path)
{
    static char text[LIC2_TEXT_RAW_MAX + 1];
    FILE *file = fopen(path, "rb");
    lic2_status status;
    uint32_t outcome;
    size_t text_len;

    if (file == NULL) {
        fprintf(stderr, "desktop_host_c: cannot open %s\n", path);
        return 1;
    }
    text_len = fread(text, 1, sizeof text, file);
    fclose(file);
    status = lic2_engine_apply(engine, text, text_len, &outcome);
    if (status != LIC2_STATUS_OK) {
        return refused(status);
    }
    printf("applied: %s: %s\n", lic2_outcome_name(outcome), lic2_outcome_text(outcome));
    return 0;
}

/* May this run? */
static int check(lic2_engine *engine)
{
    lic2_decision decision;

    LIC2_INIT(&decision);
    lic2_engine_check(engine, &decision);
    if (!LIC2_GRANTED(&decision)) {
        return refused(decision.status);
    }
    printf("granted: %s serial %u\n", decision.license_id, (unsigned)decision.serial);
    return 0;
}

/* What the marketplace asks buyers for. */
static int show_fingerprint(lic2_host *host)
{
    char text[LIC2_DOCUMENT_BYTES];
    size_t text_len;
    const lic2_status status = lic2_host_fingerprint(host, text, sizeof text, &text_len);

    if (status != LIC2_STATUS_OK) {
        return refused(status);
    }
    printf("%s\n", text);
    return 0;
}

static int run(lic2_host *host, lic2_engine *engine, int argc, char **argv)
{
    if (argc == 3 && strcmp(argv[2], "request") == 0) {
        return make_request(host, engine);
    }
    if (argc == 4 && strcmp(argv[2], "apply") == 0) {
        return apply(engine, argv[3]);
    }
    if (argc == 3 && strcmp(argv[2], "check") == 0) {
        return check(engine);
    }
    if (argc == 3 && strcmp(argv[2], "fingerprint") == 0) {
        return show_fingerprint(host);
    }
    fprintf(stderr, "desktop_host_c: request | apply FILE | check | fingerprint\n");
    return 1;
}

int main(int argc, char **argv)
{
    static lic2_host host;
    static lic2_keyring ring;
    static lic2_engine engine;
    lic2_config config;
    lic2_status status;
    int result;

    if (argc < 3) {
        fprintf(stderr, "usage: desktop_host_c DIRECTORY COMMAND [ARGUMENT]\n");
        return 1;
    }
    LIC2_INIT(&host), LIC2_INIT(&ring);
    LIC2_INIT(&engine), LIC2_INIT(&config);
    config.product = product;
    config.product_len = strlen(product);
    config.ring = &ring;
    status = lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors);
    if (status == LIC2_STATUS_OK) {
        /* Sealed with the machine id: a copy of the directory alone does not work elsewhere. */
        status = lic2_host_open(&host, argv[1], strlen(argv[1]), LIC2_HOST_SEAL);
    }
    if (status == LIC2_STATUS_OK) {
        status = lic2_host_configure(&host, &config);
    }
    if (status == LIC2_STATUS_OK) {
        status = lic2_engine_open(&engine, &config);
    }
    result = status == LIC2_STATUS_OK ? run(&host, &engine, argc, argv) : refused(status);
    lic2_host_close(&host);
    return result;
}
