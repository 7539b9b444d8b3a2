/* A library without revocation lists, time tokens and unlocks, and what a whole one has stored.
 *
 *   smaller write FILE    with the whole library: makes devices and stores their slots
 *   smaller read FILE     with the smaller one
 */
#include "device.h"

/* What the devices in FILE hold: a code and a list; a code under a counter; a code alone. */
enum { WITH_LIST, WITH_COUNTER, WITH_CODE, DEVICES };

static struct device device;
static lic2_engine engine;

static lic2_status open_engine(void)
{
    LIC2_INIT(&engine);
    return lic2_engine_open(&engine, &device.config);
}

/* Applies a document and returns the outcome, or the status with a minus. */
static long apply(const char *document)
{
    uint32_t outcome = 77;
    const lic2_status status = lic2_engine_apply(&engine, document, strlen(document), &outcome, NULL);

    return status == LIC2_STATUS_OK ? (long)outcome : -(long)status;
}

static int32_t check(void)
{
    lic2_decision decision;

    LIC2_INIT(&decision);
    CHECK(lic2_engine_check(&engine, &decision) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&decision) == (decision.status == LIC2_STATUS_OK));
    return decision.status;
}

static void store(FILE *file)
{
    CHECK(fwrite(device.slots, sizeof device.slots, 1, file) == 1);
    CHECK(fwrite(device.stored, sizeof device.stored, 1, file) == 1);
}

static void load(FILE *file)
{
    device_init(&device, 0);
    CHECK(fread(device.slots, sizeof device.slots, 1, file) == 1);
    CHECK(fread(device.stored, sizeof device.stored, 1, file) == 1);
}

static void write_devices(FILE *file)
{
    int number;

    for (number = 0; number < DEVICES; number++) {
        device_init(&device, number == WITH_COUNTER);
        CHECK(open_engine() == LIC2_STATUS_OK);
        CHECK(apply(sample_usual) == LIC2_OUTCOME_ACTIVATED && check() == LIC2_STATUS_OK);
        if (number == WITH_LIST) {
            CHECK(apply(sample_list) == LIC2_OUTCOME_LIST_ACCEPTED && check() == LIC2_STATUS_LICENSE_FROZEN);
        }
        store(file);
    }
}

/* What only the whole library understands is left alone, and grants nothing. */
static void what_is_stored_is_not_lost(FILE *file)
{
    unsigned char before[sizeof device.slots];
    int number;

    for (number = 0; number < DEVICES; number++) {
        lic2_decision decision;

        load(file);
        memcpy(before, device.slots, sizeof before);
        if (number == WITH_CODE) {
            CHECK(open_engine() == LIC2_STATUS_OK && check() == LIC2_STATUS_OK);
            continue;
        }
        CHECK(open_engine() == LIC2_STATUS_STATE_TOO_NEW);
        CHECK(apply(sample_usual) == -LIC2_STATUS_NOT_INITIALIZED);
        LIC2_INIT(&decision);
        CHECK(lic2_engine_check(&engine, &decision) == LIC2_STATUS_NOT_INITIALIZED && !LIC2_GRANTED(&decision));
        CHECK(device.writes == 0 && memcmp(before, device.slots, sizeof before) == 0);
    }
}

static void only_codes_are_taken_in(void)
{
    device_init(&device, 0);
    CHECK(open_engine() == LIC2_STATUS_OK);
    CHECK(apply(sample_list) == -LIC2_STATUS_DOCUMENT_KIND && apply(sample_token) == -LIC2_STATUS_DOCUMENT_KIND);
    CHECK(device.writes == 0 && check() == LIC2_STATUS_NOT_ACTIVATED);
    CHECK(apply(sample_usual) == LIC2_OUTCOME_ACTIVATED && check() == LIC2_STATUS_OK);
    CHECK(apply(sample_list) == -LIC2_STATUS_DOCUMENT_KIND && check() == LIC2_STATUS_OK);
    CHECK(apply(sample_rich) == LIC2_OUTCOME_RENEWED && open_engine() == LIC2_STATUS_OK && check() == LIC2_STATUS_OK);
}

static void a_counter_needs_unlocks(void)
{
    device_init(&device, 1);
    CHECK(open_engine() == LIC2_STATUS_INVALID_ARGUMENT && device.counted == 0 && device.writes == 0);
}

int main(int argc, char **argv)
{
    FILE *file;

    CHECK(argc == 3);
    file = fopen(argv[2], strcmp(argv[1], "write") == 0 ? "wb" : "rb");
    CHECK(file != NULL);
    if (strcmp(argv[1], "write") == 0) {
        write_devices(file);
    } else {
        what_is_stored_is_not_lost(file);
        only_codes_are_taken_in();
        a_counter_needs_unlocks();
    }
    CHECK(fclose(file) == 0);
    return check_report();
}
