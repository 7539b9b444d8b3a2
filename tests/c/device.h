/* A device in memory for the tests of the engine: two slots, a clock, a counter and a key, each of which can fail. */
#ifndef DEVICE_H
#define DEVICE_H

#include "known.h"

struct device {
    unsigned char slots[2][LIC2_STATE_BYTES];
    size_t stored[2];
    unsigned long writes;
    int read_fails, write_fails;
    uint32_t wall;
    uint64_t time, uptime;
    int clock_fails;
    uint32_t has_uptime, reading_reserved;
    uint32_t counted;
    int count_fails, increment_fails;
    int sign_fails;
    lic2_component esn;
    lic2_keyring ring;
    lic2_config config;
};

static int32_t device_read(void *context, uint32_t slot, uint8_t *memory, size_t memory_len, size_t *stored_len)
{
    const struct device *device = (const struct device *)context;
    const size_t length = slot <= LIC2_SLOT_B ? device->stored[slot] : 0;

    if (device->read_fails || slot > LIC2_SLOT_B) {
        return 5;
    }
    memcpy(memory, device->slots[slot], length < memory_len ? length : memory_len);
    *stored_len = length;
    return 0;
}

static int32_t device_write(void *context, uint32_t slot, const uint8_t *bytes, size_t bytes_len)
{
    struct device *device = (struct device *)context;

    if (device->write_fails || slot > LIC2_SLOT_B || bytes_len > LIC2_STATE_BYTES) {
        return -1;
    }
    memcpy(device->slots[slot], bytes, bytes_len);
    device->stored[slot] = bytes_len;
    device->writes++;
    return 0;
}

static int32_t device_clock(void *context, lic2_reading *reading)
{
    const struct device *device = (const struct device *)context;

    CHECK(reading->struct_size == sizeof *reading && reading->wall == LIC2_WALL_UNSET && reading->has_uptime == 0);
    reading->wall = device->wall;
    reading->time = device->time;
    reading->has_uptime = device->has_uptime;
    reading->reserved = device->reading_reserved;
    reading->uptime_seconds = device->uptime;
    return device->clock_fails ? 1 : 0;
}

static int32_t device_count(void *context, uint32_t *value)
{
    const struct device *device = (const struct device *)context;

    *value = device->counted;
    return device->count_fails ? 1 : 0;
}

static int32_t device_increment(void *context, uint32_t *value)
{
    struct device *device = (struct device *)context;

    if (device->increment_fails) {
        return 1;
    }
    *value = ++device->counted;
    return 0;
}

static int32_t device_sign(void *context, const uint8_t *message, size_t message_len, uint8_t *signature)
{
    const struct device *device = (const struct device *)context;

    CHECK(message != NULL && message_len > 0);
    memset(signature, 0x5A, LIC2_SIGNATURE_BYTES);
    return device->sign_fails ? 1 : 0;
}

/* A new device on which every sample is granted, with or without a counter, without secret and key. */
static void device_init(struct device *device, int counts)
{
    lic2_facts facts;

    memset(device, 0, sizeof *device);
    device->wall = LIC2_WALL_TIME;
    device->time = SAMPLE_NOW;
    device->has_uptime = 1;
    sample_facts(&facts, &device->esn);
    sample_ring(&device->ring);
    LIC2_INIT(&device->config);
    device->config.built_at = facts.built_at;
    device->config.version = facts.version;
    device->config.product = facts.product;
    device->config.product_len = facts.product_len;
    device->config.ring = &device->ring;
    device->config.store.context = device;
    device->config.store.read = device_read;
    device->config.store.write = device_write;
    device->config.clock.context = device;
    device->config.clock.read = device_clock;
    device->config.identity.context = device;
    device->config.identity.components = &device->esn;
    device->config.identity.components_count = 1;
    device->config.identity.sign = device_sign;
    device->config.counter.context = device;
    device->config.counter.read = counts ? device_count : NULL;
    device->config.counter.increment = counts ? device_increment : NULL;
}

#endif
