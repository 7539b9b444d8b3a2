/* Runs a piece of work, counts its instructions and its stack, and says whether its answers were right. */
#include "bench.h"

#include "board.h"
#include "print.h"
#include "stack.h"

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

void firmware(void)
{
    int ignored, prepared, good, forged;
    uint32_t empty, instructions, stack;
    volatile uint32_t *end;

    prepared = bench_prepare();
    empty = count(nothing, &ignored);
    instructions = count(bench_good, &good);
    stack = stack_of(bench_good, &end);
    forged = bench_forged();
    print_number("right ", (uint32_t)(prepared && good && forged));
    print_number("instructions ", instructions - empty);
    print_number("stack ", stack);
}
