/* The emulated Cortex-M boards (mps2): vectors, semihosting, and the system timer as a counter of instructions. */
#include <stddef.h>

#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define TIMER_CONTROL REGISTER(0xE000E010)
#define TIMER_RELOAD REGISTER(0xE000E014)
#define TIMER_CURRENT REGISTER(0xE000E018)
#define CONFIGURATION REGISTER(0xE000ED14)
#define COPROCESSORS REGISTER(0xE000ED88)

#define TRAP_UNALIGNED (1u << 3)
#define FLOATING_POINT (0xFu << 20)

/* The emulator, told to take a nanosecond for each instruction, runs the timer at 25 MHz. */
#define INSTRUCTIONS_PER_TICK 40u
#define TIMER_START 0x00FFFFFFu

extern uint32_t stack_top[], bss_begin[], bss_end[];

static void semihosting(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;

    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
}

void board_put(char byte)
{
    semihosting(3, &byte);
}

void board_exit(void)
{
    semihosting(0x18, (const void *)0x20026);
    for (;;) {
    }
}

uint32_t board_instructions(void)
{
    if ((TIMER_CONTROL & 1) == 0) {
        TIMER_RELOAD = TIMER_START;
        TIMER_CONTROL = 5;
        while (TIMER_CURRENT == 0) {
        }
    }
    return (TIMER_START - TIMER_CURRENT) * INSTRUCTIONS_PER_TICK;
}

static void start(void)
{
    uint32_t *word;

#if defined(__ARM_FP)
    COPROCESSORS |= FLOATING_POINT;
#endif
#if __ARM_ARCH == 6
    CONFIGURATION |= TRAP_UNALIGNED;
#endif
    for (word = bss_begin; word < bss_end; word++) {
        *word = 0;
    }
    firmware();
    board_exit();
}

/* An instruction that this processor does not have, an access that it does not allow, or a trap of the library. */
static void fault(void)
{
    const char *text;

    for (text = "fault\n"; *text != 0; text++) {
        board_put(*text);
    }
    board_exit();
}

static void (*const vectors[16])(void) __attribute__((section(".vectors"), used)) = {
    (void (*)(void))stack_top, start, fault, fault, fault, fault, fault,
};
