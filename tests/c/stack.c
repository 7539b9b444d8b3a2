/*
 * The most stack that each call uses, in bytes: a thread's stack is painted before the call and read after it.
 * Counted from the caller's frame. Prints `NAME BYTES`, one a line; `nothing` is what a thread itself uses.
 */
#define _POSIX_C_SOURCE 200112L
#include <pthread.h>
#include <stdlib.h>

#include "device.h"

#define STACK_BYTES ((size_t)256 * 1024)
#define PAINT 0xA5

enum task {
    NOTHING, INIT_RING, ADD_ISSUER, CHECK_CODE, DECIDE, SELFTEST,
    APPLY, OPEN, REVERIFY, CHECK_ENGINE, CONSUME, ACQUIRE, STATUS_TEXT, USAGE, REQUEST, SETTLE,
    /* The store fails, and is read again. */
    APPLY_FAILS, CONSUME_FAILS, USAGE_FAILS, DEACTIVATE_FAILS,
    DEACTIVATE, TASKS
};

/* The figure of each call in the header, for x86-64. */
static const struct {
    const char *name;
    size_t documented;
} calls[TASKS] = {{"nothing", 1024},
                  {"lic2_keyring_init", 3300},
                  {"lic2_keyring_add_issuer", 11500},
                  {"lic2_code_check", 12800},
                  {"lic2_license_decide", 4200},
                  {"lic2_selftest", 16300},
                  {"lic2_engine_apply", 15000},
                  {"lic2_engine_open", 13500},
                  {"lic2_engine_reverify", 13500},
                  {"lic2_engine_check", 7500},
                  {"lic2_engine_consume", 7500},
                  {"lic2_engine_acquire", 7500},
                  {"lic2_engine_status_text", 7500},
                  {"lic2_engine_usage", 8500},
                  {"lic2_engine_request", 8500},
                  {"lic2_engine_settle", 7500},
                  {"lic2_engine_apply-failing", 15000},
                  {"lic2_engine_consume-failing", 13500},
                  {"lic2_engine_usage-failing", 15500},
                  {"lic2_engine_deactivate-failing", 15500},
                  {"lic2_engine_deactivate", 8500}};

static lic2_keyring ring;
static lic2_keyring other;
static lic2_license license;
static lic2_component esn;
static lic2_facts facts;
static lic2_decision decision;
static const unsigned char *frame;
static struct device device;
static lic2_engine engine;
static lic2_meter meter;
static lic2_seat seats[2];
static char text[LIC2_DOCUMENT_BYTES];

static lic2_status work_of_engine(int task)
{
    static const char id[] = "PL-20261122-00000042";
    size_t text_len = 0;
    uint32_t number = 0;

    switch (task) {
    case APPLY:
        return lic2_engine_apply(&engine, sample_metered, sizeof sample_metered - 1, &number, NULL);
    case APPLY_FAILS:
        return lic2_engine_apply(&engine, sample_token, sizeof sample_token - 1, &number, NULL);
    case OPEN:
        return lic2_engine_open(&engine, &device.config);
    case REVERIFY:
        return lic2_engine_reverify(&engine);
    case CHECK_ENGINE:
        return lic2_engine_check(&engine, &decision);
    case CONSUME:
    case CONSUME_FAILS:
        return lic2_engine_consume(&engine, "scans", 5, 1, 0, &meter);
    case ACQUIRE:
        return lic2_engine_acquire(&engine, "channels", 8, seats, 2, 1, 60, &meter);
    case STATUS_TEXT:
        return lic2_engine_status_text(&engine, text, sizeof text, &text_len);
    case USAGE:
    case USAGE_FAILS:
        return lic2_engine_usage(&engine, NULL, 0, NULL, 0, text, sizeof text, &text_len, &number);
    case REQUEST:
        return lic2_engine_request(&engine, NULL, text, sizeof text, &text_len);
    case DEACTIVATE:
    case DEACTIVATE_FAILS:
        return lic2_engine_deactivate(&engine, id, sizeof id - 1, NULL, 0, text, sizeof text, &text_len);
    default:
        return lic2_engine_settle(&engine);
    }
}

static void *work(void *argument)
{
    lic2_status status = LIC2_STATUS_OK;

    frame = (const unsigned char *)(const void *)&status;
    switch (*(const int *)argument) {
    case INIT_RING:
        status = lic2_keyring_init(&other, lic2_anchors, sizeof lic2_anchors);
        break;
    case ADD_ISSUER:
        status = lic2_keyring_add_issuer(&other, sample_certificate, sizeof sample_certificate - 1);
        break;
    case CHECK_CODE:
        status = lic2_code_check(&ring, sample_rich, sizeof sample_rich - 1, &facts, &license, &decision);
        break;
    case DECIDE:
        status = lic2_license_decide(&license, &facts, &decision);
        break;
    case SELFTEST:
        status = lic2_selftest();
        break;
    case NOTHING:
        break;
    default:
        status = work_of_engine(*(const int *)argument);
        break;
    }
    CHECK(status == (device.write_fails ? LIC2_STATUS_STORE_WRITE : LIC2_STATUS_OK));
    return NULL;
}

/* Runs the task on a painted stack and counts the bytes that lost their paint. */
static size_t measure(int task)
{
    unsigned char *stack;
    void *memory = NULL;
    pthread_attr_t attributes;
    pthread_t thread;
    size_t untouched = 0;

    if (posix_memalign(&memory, 4096, STACK_BYTES) != 0) {
        abort();
    }
    stack = (unsigned char *)memory;
    memset(stack, PAINT, STACK_BYTES);
    CHECK(pthread_attr_init(&attributes) == 0);
    CHECK(pthread_attr_setstack(&attributes, stack, STACK_BYTES) == 0);
    CHECK(pthread_create(&thread, &attributes, work, &task) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    pthread_attr_destroy(&attributes);
    while (untouched < STACK_BYTES && stack[untouched] == PAINT) {
        untouched++;
    }
    CHECK(untouched != 0 && frame > stack + untouched);
    untouched = (size_t)(frame - stack) - untouched;
    free(memory);
    return untouched;
}

int main(void)
{
    size_t largest = 0;
    int task;

    sample_ring(&ring);
    LIC2_INIT(&other);
    LIC2_INIT(&license);
    LIC2_INIT(&decision);
    sample_facts(&facts, &esn);
    device_init(&device, 0);
    LIC2_INIT(&engine);
    LIC2_INIT(&meter);
    CHECK(lic2_engine_open(&engine, &device.config) == LIC2_STATUS_OK);
    for (task = NOTHING; task < TASKS; task++) {
        size_t used;

        device.write_fails = task >= APPLY_FAILS && task <= DEACTIVATE_FAILS;
        used = measure(task);

        printf("%s %lu\n", calls[task].name, (unsigned long)used);
        CHECK(used <= calls[task].documented);
        largest = used > largest ? used : largest;
    }
    printf("largest %lu\n", (unsigned long)largest);
    return check_report();
}
