#include "board.h"

void board_serial(char serial[BOARD_SERIAL_LEN + 1])
{
    size_t digit;

    for (digit = 0; digit < BOARD_SERIAL_LEN; digit++) {
        serial[digit] = "0123456789ABCDEF"[board_fuses[digit / 8] >> (28 - 4 * (digit % 8)) & 0xF];
    }
    serial[BOARD_SERIAL_LEN] = '\0';
}
