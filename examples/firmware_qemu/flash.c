#include "flash.h"

#include "nor.h"

#define SLOT_PAGES (LIC2_STATE_BYTES / NOR_PAGE)

static size_t slot_begin(uint32_t slot)
{
    return slot == LIC2_SLOT_A ? 0 : LIC2_STATE_BYTES;
}

/*
 * A cell that cannot be read was cut off during a write. It counts as damaged, and lic2 uses the other slot. An error
 * here would prevent the device from starting.
 */
static int32_t read_slot(void *context, uint32_t slot, uint8_t *memory, size_t memory_len, size_t *stored_len)
{
    uint8_t pair[NOR_PAIR];
    size_t at;

    (void)context;
    for (at = 0; at < LIC2_STATE_BYTES && at < memory_len; at += NOR_PAIR) {
        if (nor_read(slot_begin(slot) + at, pair) != 0) {
            memset(pair, 0, sizeof pair);
        }
        memcpy(memory + at, pair, memory_len - at < NOR_PAIR ? memory_len - at : NOR_PAIR);
    }
    *stored_len = LIC2_STATE_BYTES;
    return 0;
}

/* Pages that the content does not reach keep what they have: lic2 knows how long its content is. */
static int erase_slot(uint32_t slot, size_t bytes_len)
{
    const size_t first = slot_begin(slot) / NOR_PAGE;
    size_t page;

    for (page = 0; page < SLOT_PAGES && page * NOR_PAGE < bytes_len; page++) {
        if (nor_erase(first + page) != 0) {
            return 1;
        }
    }
    return 0;
}

static int write_pair(size_t place, const uint8_t pair[NOR_PAIR])
{
    uint8_t back[NOR_PAIR];

    return nor_write(place, pair) != 0 || nor_read(place, back) != 0 || memcmp(back, pair, NOR_PAIR) != 0;
}

/* May be cut off anywhere: lic2 writes the slot that does not hold the newest activation. */
static int32_t write_slot(void *context, uint32_t slot, const uint8_t *bytes, size_t bytes_len)
{
    uint8_t pair[NOR_PAIR];
    size_t at;

    (void)context;
    if (bytes_len > LIC2_STATE_BYTES || erase_slot(slot, bytes_len) != 0) {
        return 1;
    }
    for (at = 0; at < bytes_len; at += NOR_PAIR) {
        memset(pair, 0xFF, sizeof pair);
        memcpy(pair, bytes + at, bytes_len - at < NOR_PAIR ? bytes_len - at : NOR_PAIR);
        if (write_pair(slot_begin(slot) + at, pair) != 0) {
            return 1;
        }
    }
    return 0;
}

void flash_lend(lic2_store *store)
{
    store->context = NULL;
    store->read = read_slot;
    store->write = write_slot;
}
