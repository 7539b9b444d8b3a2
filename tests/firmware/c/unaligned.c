/* A Cortex-M0+ faults at an access that is not aligned; the emulator's processor is told to do so before main. */
#include <stdint.h>

#if defined(__ARM_ARCH) && __ARM_ARCH == 6
static __attribute__((constructor)) void trap_unaligned(void)
{
    *(volatile uint32_t *)0xE000ED14 |= 1u << 3;
}
#endif

/* ISO C forbids an empty file. */
typedef int unaligned;
