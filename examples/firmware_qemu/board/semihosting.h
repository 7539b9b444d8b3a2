/* Console and files of the computer that runs the emulator or the debugger: ARM's semihosting, which RISC-V has
 * adopted. A real board has a UART instead. */
#ifndef SEMIHOSTING_H
#define SEMIHOSTING_H

#include <stddef.h>
#include <stdint.h>

/* Writes a text to the console. */
void host_write(const char *text);

/* Reads a line without its end; 0 at the end. Characters that do not fit are lost. */
int host_read_line(char *line, size_t line_len);

/* Opens a file for reading and writing, and creates it if it is missing. */
int32_t host_open(const char *name);

/* Bytes in an open file. */
size_t host_length(int32_t file);

/* Reads or writes bytes from a place on; 0 if it did not work. */
int host_read_at(int32_t file, size_t place, void *bytes, size_t bytes_len);
int host_write_at(int32_t file, size_t place, const void *bytes, size_t bytes_len);

/* The host's clock, instead of a clock with a battery. */
uint64_t host_time(void);

/* Ends the emulator. */
void host_exit(int code) __attribute__((noreturn));

#endif
