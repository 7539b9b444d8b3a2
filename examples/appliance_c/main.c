/*
 * An appliance that is never online: it exchanges texts with the seller, carried by hand. Plain C99, also C++11.
 * run.sh plays through its whole life.
 *
 *     appliance_c DIRECTORY ESN COMMAND [ARGUMENT]...
 *
 * Exit code: 0 granted or done, 3 refused, 1 anything else.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lic2.h"

#include "anchor.h"
#include "device.h"

#define DONE 0
#define FAILED 1
#define REFUSED 3

static const char product[] = "vision-appliance";

/* 2026-01-01: when this program was built. */
static const uint64_t built_at = 1767225600;

/* Prints why not, and what to do about it. */
static int refused(int32_t status)
{
    printf("refused: %d %s: %s; %s\n", (int)status, lic2_status_name(status), lic2_status_text(status),
           lic2_status_advice(status));
    return REFUSED;
}

/* Prints a document for the seller. */
static int print_document(lic2_status status, const char *text)
{
    if (status != LIC2_STATUS_OK) {
        return refused(status);
    }
    printf("%s\n", text);
    return DONE;
}

/* request: asks the seller for a license, or for the unlock of a device that needs one. */
static int make_request(lic2_engine *engine, const char *license_id)
{
    char text[LIC2_DOCUMENT_BYTES];
    size_t text_len;
    lic2_ask ask;

    LIC2_INIT(&ask);
    ask.license_id = license_id;
    ask.license_id_len = strlen(license_id);
    return print_document(lic2_engine_request(engine, &ask, text, sizeof text, &text_len), text);
}

/* apply FILE: applies any text from the seller: a code, a revocation list, a time token, an unlock. */
static int apply(lic2_engine *engine, const char *path)
{
    static char text[LIC2_TEXT_RAW_MAX + 1];
    FILE *file = fopen(path, "rb");
    lic2_status status;
    uint32_t outcome;
    size_t text_len;

    if (file == NULL) {
        fprintf(stderr, "appliance_c: cannot open %s\n", path);
        return FAILED;
    }
    text_len = fread(text, 1, sizeof text, file);
    fclose(file);
    status = lic2_engine_apply(engine, text, text_len, &outcome, NULL);
    if (status != LIC2_STATUS_OK) {
        return refused(status);
    }
    printf("applied: %s: %s\n", lic2_outcome_name(outcome), lic2_outcome_text(outcome));
    return DONE;
}

/* check: decides whether the product may run. Call it at every start, and again no later than next_deadline. */
static int check(lic2_engine *engine)
{
    lic2_decision decision;

    lic2_engine_check(engine, &decision);
    if (!LIC2_GRANTED(&decision)) {
        return refused(decision.status);
    }
    printf("granted: %s serial %u%s\n", decision.license_id, (unsigned)decision.serial,
           (decision.flags & LIC2_DECISION_IN_GRACE) != 0 ? ", on grace: renew soon" : "");
    if (decision.clock == LIC2_CLOCK_AHEAD) {
        printf("warning: the clock is far ahead of the last known time\n");
    }
    return DONE;
}

/* feature NAME: decides whether a feature may be used, and how much of it. */
static int show_feature(lic2_engine *engine, const char *name)
{
    lic2_feature feature;

    lic2_engine_feature(engine, name, strlen(name), &feature);
    if (!LIC2_GRANTED(&feature)) {
        return refused(feature.status);
    }
    printf("granted: %s, value %llu\n", feature.name, (unsigned long long)feature.value);
    return DONE;
}

/*
 * use NAME AMOUNT: uses some of a quota. The use is stored before it is granted. A program that keeps running passes a
 * reservation, which saves most of the flash writes.
 */
static int use(lic2_engine *engine, const char *name, const char *amount)
{
    lic2_meter meter;

    lic2_engine_consume(engine, name, strlen(name), strtoull(amount, NULL, 10), 0, &meter);
    if (!LIC2_GRANTED(&meter)) {
        return refused(meter.status);
    }
    printf("granted: %llu of %llu used\n", (unsigned long long)meter.used, (unsigned long long)meter.total);
    return DONE;
}

/* A receipt or usage report with many quotas has several texts. All of them go to the seller. */
static int print_documents(lic2_engine *engine, lic2_status status, char text[LIC2_DOCUMENT_BYTES], size_t text_len)
{
    int result = print_document(status, text);

    while (result == DONE && text_len > 0) {
        status = lic2_engine_next_part(engine, text, LIC2_DOCUMENT_BYTES, &text_len);
        if (status != LIC2_STATUS_OK || text_len > 0) {
            result = print_document(status, text);
        }
    }
    return result;
}

/* usage: prints a usage report for the seller. */
static int report_usage(lic2_engine *engine)
{
    char text[LIC2_DOCUMENT_BYTES];
    size_t text_len;
    uint32_t number;

    return print_documents(engine, lic2_engine_usage(engine, NULL, 0, NULL, 0, text, sizeof text, &text_len, &number),
                           text, text_len);
}

/* accepted NUMBER: the seller has accepted that report. */
static int accepted(lic2_engine *engine, const char *number)
{
    const lic2_status status = lic2_engine_usage_accepted(engine, (uint32_t)strtoul(number, NULL, 10));

    if (status != LIC2_STATUS_OK) {
        return refused(status);
    }
    printf("noted\n");
    return DONE;
}

/* deactivate LICENSE: returns a license and prints the receipt. */
static int deactivate(lic2_engine *engine, const char *license_id)
{
    char text[LIC2_DOCUMENT_BYTES];
    size_t text_len;

    return print_documents(
        engine, lic2_engine_deactivate(engine, license_id, strlen(license_id), NULL, 0, text, sizeof text, &text_len),
        text, text_len);
}

/* status: prints the status text for support staff. */
static int show_status(lic2_engine *engine)
{
    static char text[8192];
    size_t text_len;
    const lic2_status status = lic2_engine_status_text(engine, text, sizeof text, &text_len);

    if (status != LIC2_STATUS_OK) {
        return refused(status);
    }
    fputs(text, stdout);
    return DONE;
}

static int run(lic2_engine *engine, int count, char **arguments)
{
    const char *command = arguments[0];

    if (strcmp(command, "request") == 0 && count <= 2) {
        return make_request(engine, count == 2 ? arguments[1] : "");
    }
    if (strcmp(command, "apply") == 0 && count == 2) {
        return apply(engine, arguments[1]);
    }
    if (strcmp(command, "check") == 0 && count == 1) {
        return check(engine);
    }
    if (strcmp(command, "feature") == 0 && count == 2) {
        return show_feature(engine, arguments[1]);
    }
    if (strcmp(command, "use") == 0 && count == 3) {
        return use(engine, arguments[1], arguments[2]);
    }
    if (strcmp(command, "usage") == 0 && count == 1) {
        return report_usage(engine);
    }
    if (strcmp(command, "accepted") == 0 && count == 2) {
        return accepted(engine, arguments[1]);
    }
    if (strcmp(command, "deactivate") == 0 && count == 2) {
        return deactivate(engine, arguments[1]);
    }
    if (strcmp(command, "status") == 0 && count == 1) {
        return show_status(engine);
    }
    fprintf(stderr, "appliance_c: request [LICENSE] | apply FILE | check | feature NAME | use NAME AMOUNT | usage | "
                    "accepted NUMBER | deactivate LICENSE | status\n");
    return FAILED;
}

int main(int argc, char **argv)
{
    static lic2_keyring ring;
    static lic2_engine engine;
    struct device device;
    lic2_config config;
    lic2_status status;

    if (argc < 4 || !device_init(&device, argv[1], argv[2])) {
        fprintf(stderr, "usage: appliance_c DIRECTORY ESN COMMAND [ARGUMENT]...\n");
        return FAILED;
    }
    LIC2_INIT(&config);
    config.built_at = built_at;
    config.product = product;
    config.product_len = strlen(product);
    config.ring = &ring;
    device_lend(&device, &config);
    status = lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors);
    if (status == LIC2_STATUS_OK) {
        status = lic2_engine_open(&engine, &config);
    }
    return status == LIC2_STATUS_OK ? run(&engine, argc - 3, argv + 3) : refused(status);
}
