/* The stack that a piece of work uses, found by painting it before. */
#ifndef STACK_H
#define STACK_H

#include <stdint.h>

/* Bytes of stack that are painted and looked at. */
#define PAINTED (32u * 1024u)
#define PAINT 0xA5C33C5Au

/* Where the stack ends in the function that asks, and at each call that it makes. */
static inline __attribute__((always_inline)) volatile uint32_t *stack_pointer(void)
{
    volatile uint32_t *here;

#ifdef __riscv
    __asm__ volatile("mv %0, sp" : "=r"(here));
#else
    __asm__ volatile("mov %0, sp" : "=r"(here));
#endif
    return here;
}

/*
 * The bytes that work uses below the stack pointer of its caller, or below *end where the work has set that; 0 if the
 * work went wrong. Nothing is on the stack below the caller's stack pointer: it can be painted up to there.
 */
static __attribute__((noinline)) uint32_t stack_of(int (*work)(void), volatile uint32_t **end)
{
    volatile uint32_t *const here = stack_pointer();
    volatile uint32_t *word;
    int good;

    *end = here;
    for (word = here - PAINTED / 4; word < here; word++) {
        *word = PAINT;
    }
    good = work();
    for (word = here - PAINTED / 4; word < here && *word == PAINT; word++) {
    }
    return good == 0 ? 0 : (uint32_t)((uintptr_t)*end - (uintptr_t)word);
}

#endif
