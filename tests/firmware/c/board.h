/* What a test needs of an emulated board. arm.c and riscv.c provide it. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* Instructions since some moment; on Arm to within 40. */
uint32_t board_instructions(void);

void board_put(char byte);

/* Ends the emulator. */
void board_exit(void);

/* The program, called with a stack and cleared memory. */
void firmware(void);

#endif
