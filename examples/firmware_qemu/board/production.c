/*
 * Written by the production line for each device, in separate memory, so that the program is the same for all. It is
 * in a separate file as well: the compiler must not assume that the device will find the present values.
 */
#include "board.h"

/* 96 bits that can be written once. */
const uint32_t board_fuses[3] __attribute__((section(".fuses"))) = {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF};

const char board_code[BOARD_CODE_LEN] __attribute__((section(".code"))) = {0};
