/*
 * What the production line writes for each device, in memory of its own, so that the program is the same for all. In a
 * file of its own, too: the compiler must not take what stands here now for what the device will find.
 */
#include "board.h"

/* 96 bits that can be written once. */
const uint32_t board_fuses[3] __attribute__((section(".fuses"))) = {0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF};

const char board_code[BOARD_CODE_LEN] __attribute__((section(".code"))) = {0};
