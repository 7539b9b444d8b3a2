/* The emulated RISC-V board (virt): entry, semihosting, and the processor's own counter of instructions. */
#include "board.h"

extern uint32_t bss_begin[], bss_end[];

__asm__(".section .vectors, \"ax\"\n"
        ".global start\n"
        "start: la sp, stack_top\n"
        "la t0, fault\n"
        ".option push\n"
        ".option arch, +zicsr\n"
        "csrw mtvec, t0\n"
        ".option pop\n"
        "j begin\n"
        ".text\n");

/* Returns what the emulator says; the three instructions are its mark. */
static void semihosting(uint32_t operation, const void *argument)
{
    register uint32_t a0 __asm__("a0") = operation;
    register const void *a1 __asm__("a1") = argument;

    __asm__ volatile(".balign 16\n"
                     ".option push\n"
                     ".option norvc\n"
                     "slli x0, x0, 0x1f\n"
                     "ebreak\n"
                     "srai x0, x0, 7\n"
                     ".option pop\n"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
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
    uint32_t count;

    __asm__ volatile(".option push\n"
                     ".option arch, +zicsr\n"
                     "csrr %0, minstret\n"
                     ".option pop\n"
                     : "=r"(count));
    return count;
}

void begin(void) __attribute__((used));
void begin(void)
{
    uint32_t *word;

    for (word = bss_begin; word < bss_end; word++) {
        *word = 0;
    }
    firmware();
    board_exit();
}

/* An instruction that this processor does not have, an access that it does not allow, or a trap of the library. */
void fault(void) __attribute__((used, aligned(4)));
void fault(void)
{
    const char *text;

    for (text = "fault\n"; *text != 0; text++) {
        board_put(*text);
    }
    board_exit();
}
