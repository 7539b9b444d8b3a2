#include "print.h"

#include "board.h"

void print_number(const char *name, uint32_t value)
{
    char digits[10];
    unsigned used = 0;

    for (; *name != 0; name++) {
        board_put(*name);
    }
    do {
        digits[used++] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    while (used-- != 0) {
        board_put(digits[used]);
    }
    board_put('\n');
}
