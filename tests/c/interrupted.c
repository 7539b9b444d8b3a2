/* A callback that jumps out of the call, and one that uses the engine that calls it; what a call says about what it stored. */
#include <setjmp.h>

#include "device.h"

static struct device device;
static lic2_engine engine;
static jmp_buf start;
static int jumps, reenters;
static lic2_status inner;

static int32_t write_or_leave(void *context, uint32_t slot, const uint8_t *bytes, size_t bytes_len)
{
    if (jumps) {
        longjmp(start, 1);
    }
    return device_write(context, slot, bytes, bytes_len);
}

static int32_t clock_in_use(void *context, lic2_reading *reading)
{
    if (reenters) {
        lic2_decision decision;

        inner = lic2_engine_check(&engine, &decision);
        CHECK(!LIC2_GRANTED(&decision) && decision.status == inner);
    }
    return device_clock(context, reading);
}

/* What the call left in the memory is not stored, and must not be granted. */
static void an_engine_that_was_left_grants_nothing(void)
{
    lic2_decision decision;
    uint32_t outcome = 0;

    device_init(&device, 0);
    device.config.store.write = write_or_leave;
    CHECK(lic2_engine_open(&engine, &device.config) == LIC2_STATUS_OK);
    jumps = 1;
    if (setjmp(start) == 0) {
        const lic2_status status = lic2_engine_apply(&engine, sample_usual, LIC2_TERMINATED, &outcome, NULL);

        CHECK(status == 0 && status != 0); /* It does not return. */
    }
    jumps = 0;
    CHECK(lic2_engine_check(&engine, &decision) == LIC2_STATUS_ENGINE_BUSY && !LIC2_GRANTED(&decision));
    CHECK(decision.status == LIC2_STATUS_ENGINE_BUSY && decision.quantity == 0);
    CHECK(lic2_engine_settle(&engine) == LIC2_STATUS_ENGINE_BUSY && device.writes == 0);
    CHECK(lic2_engine_open_status(&engine) == LIC2_STATUS_ENGINE_BUSY);
    CHECK(lic2_engine_open(&engine, &device.config) == LIC2_STATUS_OK);
    CHECK(lic2_engine_check(&engine, &decision) == LIC2_STATUS_OK && decision.status == LIC2_STATUS_NOT_ACTIVATED);
}

static void a_callback_cannot_use_its_engine(void)
{
    lic2_decision decision;
    uint32_t outcome = 0, days = 7;
    lic2_status usable = -1;

    device_init(&device, 0);
    device.config.clock.read = clock_in_use;
    CHECK(lic2_engine_open(&engine, &device.config) == LIC2_STATUS_OK);
    CHECK(lic2_engine_apply(&engine, sample_usual, LIC2_TERMINATED, &outcome, &usable) == LIC2_STATUS_OK);
    CHECK(outcome == LIC2_OUTCOME_ACTIVATED && usable == LIC2_STATUS_OK);
    reenters = 1;
    CHECK(lic2_engine_check(&engine, &decision) == LIC2_STATUS_OK && LIC2_GRANTED(&decision));
    CHECK(inner == LIC2_STATUS_ENGINE_BUSY);
    reenters = 0;
    CHECK(lic2_engine_days_left(&engine, &days) == LIC2_STATUS_OK &&
          days == (decision.expires_at - device.time + 86399) / 86400);
    CHECK(lic2_engine_confirm_version(&engine) == LIC2_STATUS_OK && device.writes > 0);
}

static void what_is_stored_and_not_usable_says_why(void)
{
    uint32_t outcome = 0;
    unsigned long writes;
    lic2_status usable = -1;

    device_init(&device, 0);
    device.config.version = 0;
    device.time += (uint64_t)27000 * 86400;
    CHECK(lic2_engine_open(&engine, &device.config) == LIC2_STATUS_OK);
    CHECK(lic2_engine_preview(&engine, sample_usual, LIC2_TERMINATED, &outcome, &usable) == LIC2_STATUS_OK);
    CHECK(outcome == LIC2_OUTCOME_ACTIVATED && usable != LIC2_STATUS_OK && device.writes == 0);
    writes = device.writes;
    outcome = 0;
    CHECK(lic2_engine_preview(&engine, "LIC2", LIC2_TERMINATED, &outcome, NULL) == LIC2_STATUS_TEXT_PREFIX);
    CHECK(outcome == 0 && device.writes == writes);
    CHECK(lic2_engine_preview(&engine, NULL, 1, &outcome, NULL) == LIC2_STATUS_NULL_POINTER);
}

static void a_failed_open_keeps_its_reason(void)
{
    char text[2048];
    size_t text_len = 0;
    lic2_decision decision;

    LIC2_INIT(&engine);
    CHECK(lic2_engine_open_status(&engine) == LIC2_STATUS_NOT_INITIALIZED);
    device_init(&device, 0);
    device.read_fails = 1;
    CHECK(lic2_engine_open(&engine, &device.config) == LIC2_STATUS_STORE_READ);
    CHECK(lic2_engine_check(&engine, &decision) == LIC2_STATUS_NOT_INITIALIZED && !LIC2_GRANTED(&decision));
    CHECK(lic2_engine_open_status(&engine) == LIC2_STATUS_STORE_READ);
    CHECK(lic2_engine_status_text(&engine, text, sizeof text, &text_len) == LIC2_STATUS_OK);
    CHECK(strstr(text, "opening failed: 510 STORE_READ") != NULL);
    device.read_fails = 0;
    CHECK(lic2_engine_open(&engine, &device.config) == LIC2_STATUS_OK);
    CHECK(lic2_engine_open_status(&engine) == LIC2_STATUS_OK);
}

int main(void)
{
    an_engine_that_was_left_grants_nothing();
    a_callback_cannot_use_its_engine();
    what_is_stored_and_not_usable_says_why();
    a_failed_open_keeps_its_reason();
    return check_report();
}
