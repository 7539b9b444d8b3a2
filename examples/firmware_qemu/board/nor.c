#include "nor.h"

#include <string.h>

struct nor_cells nor_cells __attribute__((section(".flash")));

static uint32_t operations;
static uint32_t cut_operation;
static enum nor_cut cut_how;
static int is_off;
static uint32_t random_state = 1;

/* xorshift, for what is in cells whose change was cut off. */
static uint32_t any_number(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state;
}

static size_t pair_of(size_t place)
{
    return place / NOR_PAIR;
}

static void keep_pair(size_t place)
{
    nor_keep(nor_cells.bytes + place, NOR_PAIR);
    nor_keep(nor_cells.pairs + pair_of(place), 1);
}

static void keep_page(size_t page)
{
    nor_keep(nor_cells.bytes + page * NOR_PAGE, NOR_PAGE);
    nor_keep(nor_cells.pairs + pair_of(page * NOR_PAGE), NOR_PAGE / NOR_PAIR);
}

/* Whether the power fails at this operation, after counting it. */
static int is_cut(void)
{
    operations++;
    return operations == cut_operation;
}

static int lose_power(void)
{
    is_off = 1;
    nor_power_lost();
    return 1;
}

/* A pair for which the charge ran out: each bit has its old or its new value. */
static void leave_half(size_t place, const uint8_t *wanted)
{
    size_t index;

    for (index = 0; index < NOR_PAIR; index++) {
        const uint8_t reached = (uint8_t)any_number();

        nor_cells.bytes[place + index] =
            (uint8_t)((nor_cells.bytes[place + index] & ~reached) | (wanted[index] & reached));
    }
    nor_cells.pairs[pair_of(place)] = cut_how == NOR_CUT_UNREADABLE ? NOR_DAMAGED : NOR_WRITTEN;
}

int nor_erase(size_t page)
{
    static const uint8_t ones[NOR_PAIR] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
    const int cut = is_cut();
    size_t place;

    if (is_off || page >= NOR_PAGES) {
        return 1;
    }
    for (place = page * NOR_PAGE; place < (page + 1) * NOR_PAGE; place += NOR_PAIR) {
        if (cut && cut_how == NOR_CUT_BEFORE) {
            break;
        }
        if (cut && cut_how != NOR_CUT_AFTER) {
            leave_half(place, ones);
        } else {
            memset(nor_cells.bytes + place, 0xFF, NOR_PAIR);
            nor_cells.pairs[pair_of(place)] = NOR_BLANK;
        }
    }
    keep_page(page);
    return cut ? lose_power() : 0;
}

int nor_write(size_t place, const uint8_t pair[NOR_PAIR])
{
    const int cut = is_cut();

    if (is_off || place % NOR_PAIR != 0 || place >= NOR_BYTES || nor_cells.pairs[pair_of(place)] != NOR_BLANK) {
        return 1;
    }
    if (cut && (cut_how == NOR_CUT_HALF || cut_how == NOR_CUT_UNREADABLE)) {
        leave_half(place, pair);
    } else if (!cut || cut_how == NOR_CUT_AFTER) {
        memcpy(nor_cells.bytes + place, pair, NOR_PAIR);
        nor_cells.pairs[pair_of(place)] = NOR_WRITTEN;
    }
    keep_pair(place);
    return cut ? lose_power() : 0;
}

int nor_read(size_t place, uint8_t pair[NOR_PAIR])
{
    if (is_off || place % NOR_PAIR != 0 || place >= NOR_BYTES || nor_cells.pairs[pair_of(place)] == NOR_DAMAGED) {
        return 1;
    }
    memcpy(pair, nor_cells.bytes + place, NOR_PAIR);
    return 0;
}

void nor_cut(uint32_t operation, enum nor_cut how)
{
    is_off = 0;
    operations = 0;
    cut_operation = operation;
    cut_how = how;
}

uint32_t nor_operations(void)
{
    return operations;
}
