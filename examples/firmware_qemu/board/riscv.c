/* RISC-V: start-up, time and reset of QEMU's board virt. */
#include <string.h>

#include "board.h"
#include "semihosting.h"

#define REGISTER(address) (*(volatile uint32_t *)(address))
#define TIME_LOW REGISTER(0x0200BFF8)
#define TIME_HIGH REGISTER(0x0200BFFC)
#define RESET_CONTROL REGISTER(0x00100000)

#define TIMER_HZ 10000000u

/* From the linker script. */
extern uint32_t data_load[], data_begin[], data_end[], bss_begin[], bss_end[];

void start(void);
void fault(void);

/* The processor starts here, and traps jump to `trap`, which must be at a multiple of four. */
__asm__(".section .vectors, \"ax\"\n"
        ".global reset\n"
        "reset:\n"
        ".option push\n"
        ".option arch, +zicsr\n"
        ".option norelax\n"
        "la gp, __global_pointer$\n"
        "la sp, stack_top\n"
        "la t0, trap\n"
        "csrw mtvec, t0\n"
        ".option pop\n"
        "j start\n"
        ".balign 4\n"
        "trap:\n"
        "la sp, stack_top\n"
        "j fault\n");

void start(void)
{
    memcpy(data_begin, data_load, (size_t)((char *)data_end - (char *)data_begin));
    memset(bss_begin, 0, (size_t)((char *)bss_end - (char *)bss_begin));
    host_exit(main());
}

void fault(void)
{
    host_write("fault\n");
    host_exit(99);
}

uint64_t board_uptime(void)
{
    uint32_t high;
    uint32_t low;

    do {
        high = TIME_HIGH;
        low = TIME_LOW;
    } while (high != TIME_HIGH);
    return ((uint64_t)high << 32 | low) / TIMER_HZ;
}

void board_reset(void)
{
    RESET_CONTROL = 0x7777;
    for (;;) {
    }
}
