/*
 * Emulated flash with the rules of the flash in an STM32G0 or STM32L4. An erase sets a whole page to ones. Two words
 * of 32 bits are written together, and only once after an erase; bits go from one to zero. Each such pair carries a
 * check, so that one whose write was cut off may be unreadable.
 */
#ifndef NOR_H
#define NOR_H

#include <stddef.h>
#include <stdint.h>

#define NOR_PAGE 2048u
#define NOR_PAGES 4u
#define NOR_PAIR 8u
#define NOR_BYTES (NOR_PAGE * NOR_PAGES)

/* The three things that flash can do. Places count bytes from its beginning. All return 0 if they worked. */
int nor_erase(size_t page);
int nor_write(size_t place, const uint8_t pair[NOR_PAIR]);
int nor_read(size_t place, uint8_t pair[NOR_PAIR]);

/* The state of an operation when the power fails. */
enum nor_cut {
    /* Nothing was done. */
    NOR_CUT_BEFORE,
    /* Some bits were changed. */
    NOR_CUT_HALF,
    /* The same, and the changed bits cannot be read. */
    NOR_CUT_UNREADABLE,
    /* Everything was done, but the caller does not learn it. */
    NOR_CUT_AFTER
};

/* Turns the power on, and cuts it at an erase or write: the first from now on is 1; 0 for never. Without power nothing
 * works. */
void nor_cut(uint32_t operation, enum nor_cut how);

/* Erases and writes since the start, or since the last call of nor_cut. */
uint32_t nor_operations(void);

/* The cells, and for each pair whether it was written since the last erase. */
enum nor_pair_state { NOR_BLANK = 0xFF, NOR_WRITTEN = 0xF0, NOR_DAMAGED = 0x00 };
struct nor_cells {
    uint8_t bytes[NOR_BYTES];
    uint8_t pairs[NOR_BYTES / NOR_PAIR];
};
extern struct nor_cells nor_cells;

/* Provided by the program that uses this file: keeps a changed part of nor_cells for the time without power. */
void nor_keep(const void *part, size_t part_len);

/* Provided by the program that uses this file: the power is gone. */
void nor_power_lost(void);

#endif
