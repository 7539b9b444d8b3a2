#include "board.h"

size_t board_serial(char serial[BOARD_SERIAL_LEN + 1])
{
    size_t digit;

    serial[0] = '\0';
    if ((board_fuses[0] & board_fuses[1] & board_fuses[2]) == 0xFFFFFFFF) {
        return 0;
    }
    for (digit = 0; digit < BOARD_SERIAL_LEN; digit++) {
        serial[digit] = "0123456789ABCDEF"[board_fuses[digit / 8] >> (28 - 4 * (digit % 8)) & 0xF];
    }
    serial[BOARD_SERIAL_LEN] = '\0';
    return BOARD_SERIAL_LEN;
}
