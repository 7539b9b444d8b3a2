/*
 * What a check costs, beside bare ed25519-dalek in the same process.
 *
 *     bench check N     checks the usual code N times
 *     bench strict N    verifies a message of the same length strictly N times, the key prepared
 *     bench both N      both in turn
 *     bench memory N    counts the calls of malloc, calloc, realloc and free during N checks
 *
 * Prints `NAME NUMBER`: nanoseconds of the fastest run of each, by the thread's own clock; for memory the calls.
 * Instructions: valgrind --tool=callgrind --toggle-collect=lic2_code_check_sized, or =lic2_bench_strict.
 */
#define _POSIX_C_SOURCE 200112L
#include <stdlib.h>
#include <time.h>

#include "known.h"

/* Length of the domain string in front of every signed message. */
#define DOMAIN_BYTES 16

#ifdef __cplusplus
extern "C" {
#endif
void lic2_bench_prepare(size_t message_len);
int lic2_bench_strict(void);
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void __wrap_free(void *memory);

/* Linked with --wrap for each of these: every call in the program passes here, the libraries' too. */
static unsigned long memory_calls;

void *__wrap_malloc(size_t size)
{
    memory_calls++;
    return __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    memory_calls++;
    return __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    memory_calls++;
    return __real_realloc(memory, size);
}

void __wrap_free(void *memory)
{
    memory_calls++;
    __real_free(memory);
}
#ifdef __cplusplus
}
#endif

static lic2_keyring ring;
static lic2_license license;
static lic2_component esn;
static lic2_facts facts;
static lic2_decision decision;

static int check(void)
{
    lic2_code_check(&ring, sample_usual, sizeof sample_usual - 1, &facts, &license, &decision);
    return LIC2_GRANTED(&decision);
}

static uint64_t nanoseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

/* The time of one call. */
static uint64_t measure(int (*call)(void))
{
    const uint64_t start = nanoseconds();
    const int granted = call();
    const uint64_t end = nanoseconds();

    CHECK(granted);
    return end - start;
}

int main(int argc, char **argv)
{
    const char *mode = argc == 3 ? argv[1] : "";
    const long rounds = argc == 3 ? atol(argv[2]) : 0;
    const int checks = strcmp(mode, "check") == 0 || strcmp(mode, "both") == 0 || strcmp(mode, "memory") == 0;
    const int strict = strcmp(mode, "strict") == 0 || strcmp(mode, "both") == 0;
    uint64_t best_check = UINT64_MAX, best_strict = UINT64_MAX;
    unsigned long before;
    long round;

    if (rounds < 1 || !(checks || strict)) {
        fprintf(stderr, "usage: bench check|strict|both|memory N\n");
        return 2;
    }
    sample_ring(&ring);
    sample_facts(&facts, &esn);
    LIC2_INIT(&license);
    LIC2_INIT(&decision);
    /* The document is what the 64-character alphabet says, less the check and the signature. */
    lic2_bench_prepare(DOMAIN_BYTES + (sizeof sample_usual - 1 - 6) * 3 / 4 - 4 - 64);
    before = memory_calls;
    for (round = 0; round < rounds; round++) {
        const uint64_t check_time = checks ? measure(check) : UINT64_MAX;
        const uint64_t strict_time = strict ? measure(lic2_bench_strict) : UINT64_MAX;

        best_check = check_time < best_check ? check_time : best_check;
        best_strict = strict_time < best_strict ? strict_time : best_strict;
    }
    if (strcmp(mode, "memory") == 0) {
        printf("allocations %lu\n", memory_calls - before);
        CHECK(before != 0);
    } else {
        if (checks) {
            printf("lic2_code_check %llu\n", (unsigned long long)best_check);
        }
        if (strict) {
            printf("dalek_verify_strict %llu\n", (unsigned long long)best_strict);
        }
    }
    return check_report();
}
