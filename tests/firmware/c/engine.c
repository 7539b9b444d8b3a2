#include "engine.h"

#define DAY_IN_2027 1800000000u

lic2_engine engine;
lic2_config engine_config;

static lic2_keyring ring;
static lic2_decision decision;
static const lic2_component esn = {LIC2_COMPONENT_ESN, 0, (const uint8_t *)"2102312ABC0123456789", 20};

static int32_t read_slot(void *context, uint32_t slot, uint8_t *memory, size_t memory_len, size_t *stored_len)
{
    (void)context;
    memcpy(memory, input_pages[slot], memory_len);
    *stored_len = sizeof input_pages[slot];
    return 0;
}

static int32_t write_slot(void *context, uint32_t slot, const uint8_t *bytes, size_t bytes_len)
{
    (void)context;
    memset(input_pages[slot], 0xFF, sizeof input_pages[slot]);
    memcpy(input_pages[slot], bytes, bytes_len);
    return 0;
}

static int32_t read_clock(void *context, lic2_reading *reading)
{
    (void)context;
    reading->wall = LIC2_WALL_TIME;
    reading->time = DAY_IN_2027;
    return 0;
}

void engine_erase(void)
{
    memset(input_pages, 0xFF, sizeof input_pages);
}

int engine_start(const uint8_t *anchor)
{
    LIC2_INIT(&engine_config);
    engine_config.product = "vision-appliance";
    engine_config.product_len = 16;
    engine_config.ring = &ring;
    engine_config.store.read = read_slot;
    engine_config.store.write = write_slot;
    engine_config.clock.read = read_clock;
    engine_config.identity.components = &esn;
    engine_config.identity.components_count = 1;
    return lic2_keyring_init(&ring, anchor, LIC2_KEY_BYTES) == LIC2_STATUS_OK &&
           lic2_engine_open(&engine, &engine_config) == LIC2_STATUS_OK;
}

uint32_t engine_paste(struct input document)
{
    uint32_t outcome = 0;

    return lic2_engine_apply(&engine, document.text, document.len, &outcome, NULL) == LIC2_STATUS_OK ? outcome : 0;
}

int engine_granted(void)
{
    return lic2_engine_check(&engine, &decision) == LIC2_STATUS_OK && LIC2_GRANTED(&decision);
}
