/*
 * What the engine costs after the usual code was activated.
 *
 *     bench_engine recheck N   asks an open engine N times
 *     bench_engine full N      opens the engine and asks it N times, every signature checked
 *     bench_engine sealed N    the same with a keyed seal in place of the signatures
 *     bench_engine bytes 1     prints the size of a slot, and how much of it is used
 *
 * Instructions: valgrind --tool=callgrind --toggle-collect=bench_recheck, or =bench_start.
 */
#include <stdlib.h>

#include "device.h"

static const uint8_t secret[] = "a secret of this device";
static struct device device;
static lic2_engine engine;
static lic2_decision decision;

__attribute__((noinline)) int bench_recheck(void);
__attribute__((noinline)) int bench_start(void);

/* May this run? */
int bench_recheck(void)
{
    lic2_engine_check(&engine, &decision);
    return LIC2_GRANTED(&decision);
}

/* The start of a program: read what is stored, and ask. */
int bench_start(void)
{
    LIC2_INIT(&engine);
    return lic2_engine_open(&engine, &device.config) == LIC2_STATUS_OK && bench_recheck();
}

int main(int argc, char **argv)
{
    const char *mode = argc == 3 ? argv[1] : "";
    const long rounds = argc == 3 ? atol(argv[2]) : 0;
    uint32_t outcome = 0;
    lic2_engine_info info;
    long round;

    device_init(&device, 0);
    if (strcmp(mode, "sealed") == 0) {
        device.config.identity.secret = secret;
        device.config.identity.secret_len = sizeof secret - 1;
    }
    LIC2_INIT(&engine);
    LIC2_INIT(&decision);
    LIC2_INIT(&info);
    CHECK(lic2_engine_open(&engine, &device.config) == LIC2_STATUS_OK);
    CHECK(lic2_engine_apply(&engine, sample_usual, sizeof sample_usual - 1, &outcome, NULL) == LIC2_STATUS_OK);
    CHECK(outcome == LIC2_OUTCOME_ACTIVATED);
    for (round = 0; round < rounds; round++) {
        CHECK(strcmp(mode, "recheck") == 0 ? bench_recheck() : bench_start());
    }
    if (strcmp(mode, "bytes") == 0) {
        CHECK(lic2_engine_status(&engine, &info) == LIC2_STATUS_OK);
        printf("state.bytes %u\nstate.usual_bytes %u\n", (unsigned)LIC2_STATE_BYTES, (unsigned)info.stored_bytes);
    }
    return check_report();
}
