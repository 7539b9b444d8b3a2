/* Runs a piece of work, counts its instructions and its stack, and says whether its answers were right. */
#include "bench.h"

#include "board.h"
#include "print.h"

/* Bytes of stack that are painted and looked at. */
#define PAINTED (32u * 1024u)
/* Bytes below the stack pointer that are left alone: what the measuring function itself may still push. */
#define SPARED 128u
#define PAINT 0xA5C33C5Au

static int nothing(void)
{
    return 0;
}

/* Out of line, so that both counts have the same frame. */
static __attribute__((noinline)) uint32_t count(int (*work)(void), int *result)
{
    const uint32_t begin = board_instructions();

    *result = work();
    return board_instructions() - begin;
}

/* The bytes of stack that the work uses below this frame. */
static __attribute__((noinline)) uint32_t stack_of(int (*work)(void))
{
    volatile uint32_t *const end = (volatile uint32_t *)(((uintptr_t)__builtin_frame_address(0) & ~3u) - SPARED);
    volatile uint32_t *const begin = end - PAINTED / 4;
    volatile uint32_t *word;

    for (word = begin; word < end; word++) {
        *word = PAINT;
    }
    work();
    for (word = begin; word < end && *word == PAINT; word++) {
    }
    return (uint32_t)((uintptr_t)end - (uintptr_t)word) + SPARED;
}

void firmware(void)
{
    int ignored, prepared, good, forged;
    uint32_t empty, instructions, frame, stack;

    prepared = bench_prepare();
    empty = count(nothing, &ignored);
    instructions = count(bench_good, &good);
    frame = stack_of(nothing);
    stack = stack_of(bench_good);
    forged = bench_forged();
    print_number("right ", (uint32_t)(prepared && good && forged));
    print_number("instructions ", instructions - empty);
    print_number("stack ", stack - frame);
}
