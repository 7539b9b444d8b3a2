/* Says what was found. */
#ifndef PRINT_H
#define PRINT_H

#include <stdint.h>

/* A line: the name, and a decimal number. */
void print_number(const char *name, uint32_t value);

#endif
