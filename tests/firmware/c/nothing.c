/* A program that does nothing, for what a linker puts beside it. */
#include "board.h"

void firmware(void)
{
    board_exit();
}
