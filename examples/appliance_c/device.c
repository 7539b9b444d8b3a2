#include "device.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* A page that was never written is empty; one that exists but cannot be read is an error. */
static int32_t read_page(void *context, uint32_t slot, uint8_t *memory, size_t memory_len, size_t *stored_len)
{
    const struct device *device = (const struct device *)context;
    FILE *page = fopen(device->pages[slot], "rb");
    int failed;

    if (page == NULL) {
        return errno == ENOENT ? 0 : 1;
    }
    *stored_len = fread(memory, 1, memory_len, page);
    failed = ferror(page);
    fclose(page);
    return failed;
}

/*
 * May be cut off anywhere: the engine writes the page that does not hold the current activation. On flash: erase the
 * page, write it, read it back. Return only when the bytes are on the medium; on POSIX, add an fsync.
 */
static int32_t write_page(void *context, uint32_t slot, const uint8_t *bytes, size_t bytes_len)
{
    const struct device *device = (const struct device *)context;
    FILE *page = fopen(device->pages[slot], "wb");
    int failed;

    if (page == NULL) {
        return 1;
    }
    failed = fwrite(bytes, 1, bytes_len, page) != bytes_len;
    return fclose(page) != 0 || failed;
}

/* A clock with a battery. A device without one reports LIC2_WALL_ABSENT and its uptime. */
static int32_t read_clock(void *context, lic2_reading *reading)
{
    const time_t now = time(NULL);

    (void)context;
    if (now == (time_t)-1) {
        return 1;
    }
    reading->wall = LIC2_WALL_TIME;
    reading->time = (uint64_t)now;
    return 0;
}

int device_init(struct device *device, const char *directory, const char *esn)
{
    static const char *const names[2] = {"page-a", "page-b"};
    int slot;

    memset(device, 0, sizeof *device);
    for (slot = 0; slot < 2; slot++) {
        if (strlen(directory) + 1 + strlen(names[slot]) >= sizeof device->pages[slot]) {
            return 0;
        }
        sprintf(device->pages[slot], "%s/%s", directory, names[slot]);
    }
    device->esn.kind = LIC2_COMPONENT_ESN;
    device->esn.value = (const uint8_t *)esn;
    device->esn.value_len = strlen(esn);
    return 1;
}

void device_lend(struct device *device, lic2_config *config)
{
    config->store.context = device;
    config->store.read = read_page;
    config->store.write = write_page;
    config->clock.context = device;
    config->clock.read = read_clock;
    config->identity.components = &device->esn;
    config->identity.components_count = 1;
}
