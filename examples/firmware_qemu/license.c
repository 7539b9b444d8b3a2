#include "license.h"

#include "anchor.h"
#include "board.h"
#include "flash.h"
#include "report.h"

static const char product[] = "data-logger";

/* 2026-01-01: when this program was built. */
static const uint64_t built_at = 1767225600;

/* Too large for the stack of a small device. Only the engine is written to after the start. */
lic2_engine engine;
static lic2_keyring ring;

/* The engine keeps pointers to these. */
static char serial[BOARD_SERIAL_LEN + 1];
static lic2_component esn = {LIC2_COMPONENT_ESN, 0, (const uint8_t *)serial, 0};

static uint32_t skipped;

void license_skip(uint32_t seconds)
{
    skipped += seconds;
}

#if !defined(NO_CLOCK)
/* Not a clock that runs while the device is off, but one that counts while it is on. lic2 adds that time up. */
static int32_t read_clock(void *context, lic2_reading *reading)
{
    (void)context;
    reading->wall = LIC2_WALL_ABSENT;
    reading->uptime_seconds = board_uptime() + skipped;
    reading->has_uptime = 1;
    return 0;
}
#endif

static void configure(lic2_config *config)
{
    LIC2_INIT(config);
    config->built_at = built_at;
    config->version = LIC2_VERSION(1, 0, 0);
    config->product = product;
    config->product_len = sizeof product - 1;
    config->ring = &ring;
    flash_lend(&config->store);
    /* A device that counts no time at all leaves this NULL: licenses without an end work, others are refused. */
#if !defined(NO_CLOCK)
    config->clock.read = read_clock;
#endif
    esn.value_len = board_serial(serial);
    config->identity.components = &esn;
    config->identity.components_count = 1;
}

int license_open(void)
{
    lic2_config config;
    lic2_status status;

    configure(&config);
    status = lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors);
    if (status == LIC2_STATUS_OK) {
        status = lic2_engine_open(&engine, &config);
    }
    if (status != LIC2_STATUS_OK) {
        report_refused(status);
    }
    return status != LIC2_STATUS_OK;
}
