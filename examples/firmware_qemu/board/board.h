/* The functions that the firmware needs from the board. A real board has its own. */
#ifndef BOARD_H
#define BOARD_H

#include <stddef.h>
#include <stdint.h>

/* Written by the production line: fuses, and for devices that are sold with their license an authorization code,
 * which ends with a NUL or all ones. */
#define BOARD_CODE_LEN 1024
extern const uint32_t board_fuses[3];
extern const char board_code[BOARD_CODE_LEN];

/* The serial number: the fuses in hexadecimal, and a NUL. Returns its length, or 0 while the fuses are blank: all
 * such devices are alike, and none of them may pass for a sold one. */
#define BOARD_SERIAL_LEN 24
size_t board_serial(char serial[BOARD_SERIAL_LEN + 1]);

/* Seconds since the board got power or was reset. */
uint64_t board_uptime(void);

/* Starts again, as after the reset button: memory loses its content, flash does not. */
void board_reset(void) __attribute__((noreturn));

/* The entry of the program: its return value is that of the emulator. */
int main(void);

#endif
