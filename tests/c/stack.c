/*
 * The most stack that each call uses, in bytes: a thread's stack is painted before the call and read after it.
 * Counted from the caller's frame. Prints `NAME BYTES`, one a line; `nothing` is what a thread itself uses.
 */
#define _POSIX_C_SOURCE 200112L
#include <pthread.h>
#include <stdlib.h>

#include "known.h"

#define STACK_BYTES ((size_t)256 * 1024)
#define PAINT 0xA5

enum task { NOTHING, INIT_RING, ADD_ISSUER, CHECK_CODE, DECIDE, SELFTEST, TASKS };

/* The figure of each call in the header, for x86-64. */
static const struct {
    const char *name;
    size_t documented;
} calls[TASKS] = {{"nothing", 1024},
                  {"lic2_keyring_init", 3300},
                  {"lic2_keyring_add_issuer", 11500},
                  {"lic2_code_check", 12800},
                  {"lic2_license_decide", 3600},
                  {"lic2_selftest", 16300}};

static lic2_keyring ring;
static lic2_keyring other;
static lic2_license license;
static lic2_component esn;
static lic2_facts facts;
static lic2_decision decision;
static const unsigned char *frame;

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
    default:
        break;
    }
    CHECK(status == LIC2_STATUS_OK);
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
    for (task = NOTHING; task < TASKS; task++) {
        const size_t used = measure(task);

        printf("%s %lu\n", calls[task].name, (unsigned long)used);
        CHECK(used <= calls[task].documented);
        largest = used > largest ? used : largest;
    }
    printf("largest %lu\n", (unsigned long)largest);
    return check_report();
}
