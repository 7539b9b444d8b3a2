#include "rules.h"

#include <string.h>

#include "nor.h"

static const uint8_t zeros[NOR_PAIR];
static const uint8_t ones[NOR_PAIR] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

static int holds(size_t place, const uint8_t *wanted)
{
    uint8_t seen[NOR_PAIR];

    return nor_read(place, seen) == 0 && memcmp(seen, wanted, NOR_PAIR) == 0;
}

/* A pair is written once after an erase, whatever was written. */
static int is_written_once(void)
{
    return nor_write(0, zeros) == 0 && holds(0, zeros) && nor_write(0, zeros) != 0 && nor_write(0, ones) != 0 &&
           nor_write(8, ones) == 0 && nor_write(8, zeros) != 0 && holds(8, ones) && nor_erase(0) == 0 &&
           holds(0, ones) && nor_write(0, zeros) == 0;
}

/* An erase takes its page and no other; there is nothing beside the pages and between the pairs. */
static int has_bounds(void)
{
    return nor_write(NOR_PAGE, zeros) == 0 && nor_erase(0) == 0 && holds(NOR_PAGE, zeros) && holds(0, ones) &&
           nor_write(4, zeros) != 0 && nor_write(NOR_BYTES, zeros) != 0 && nor_erase(NOR_PAGES) != 0;
}

/* What was cut off is not blank, may be unreadable, and nothing works until the power comes back. */
static int loses_power(void)
{
    uint8_t seen[NOR_PAIR];

    nor_cut(1, NOR_CUT_UNREADABLE);
    if (nor_write(16, zeros) == 0 || nor_read(0, seen) == 0 || nor_erase(0) == 0) {
        return 0;
    }
    nor_cut(0, NOR_CUT_BEFORE);
    return nor_read(16, seen) != 0 && nor_write(16, zeros) != 0 && nor_read(0, seen) == 0;
}

int rules_broken(void)
{
    size_t page;
    int good;

    nor_cut(0, NOR_CUT_BEFORE);
    for (page = 0; page < NOR_PAGES; page++) {
        if (nor_erase(page) != 0) {
            return 1;
        }
    }
    good = is_written_once() && has_bounds() && loses_power();
    for (page = 0; page < NOR_PAGES; page++) {
        good = nor_erase(page) == 0 && good;
    }
    return !good;
}
