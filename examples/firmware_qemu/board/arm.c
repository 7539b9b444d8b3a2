/* Cortex-M: vector table, start-up, tick and reset. */
#include <string.h>

#include "board.h"
#include "semihosting.h"

/* Registers of every Cortex-M. */
#define REGISTER(address) (*(volatile uint32_t *)(address))
#define TICK_CONTROL REGISTER(0xE000E010)
#define TICK_RELOAD REGISTER(0xE000E014)
#define TICK_CURRENT REGISTER(0xE000E018)
#define RESET_CONTROL REGISTER(0xE000ED0C)
#define TRAPS REGISTER(0xE000ED14)
#define COPROCESSORS REGISTER(0xE000ED88)

#define CLOCK_HZ 25000000u
#define TICKS_PER_SECOND 10u

/* From the linker script. */
extern uint32_t data_load[], data_begin[], data_end[], bss_begin[], bss_end[], stack_top[];

static volatile uint32_t ticks;

void reset(void);

void reset(void)
{
    memcpy(data_begin, data_load, (size_t)((char *)data_end - (char *)data_begin));
    memset(bss_begin, 0, (size_t)((char *)bss_end - (char *)bss_begin));
#if defined(__ARM_FP)
    /* The hard-float targets use the registers of the floating-point unit. */
    COPROCESSORS |= 0xFu << 20;
    __asm__ volatile("dsb\n isb");
#endif
#if defined(__ARM_ARCH_6M__)
    /* The emulated board has a Cortex-M3. A Cortex-M0+ faults on unaligned words, and so must this. */
    TRAPS |= 1u << 3;
#endif
    TICK_RELOAD = CLOCK_HZ / TICKS_PER_SECOND - 1;
    TICK_CURRENT = 0;
    TICK_CONTROL = 7;
    host_exit(main());
}

static void tick(void)
{
    ticks++;
}

static void fault(void)
{
    host_write("fault\n");
    host_exit(99);
}

typedef void (*vector)(void);

static const vector vectors[16] __attribute__((section(".vectors"), used)) = {
    (vector)stack_top, reset, fault, fault, fault, fault, fault, 0, 0, 0, 0, fault, fault, 0, fault, tick,
};

uint64_t board_uptime(void)
{
    return ticks / TICKS_PER_SECOND;
}

void board_reset(void)
{
    RESET_CONTROL = 0x05FA0004;
    for (;;) {
        __asm__ volatile("dsb");
    }
}
