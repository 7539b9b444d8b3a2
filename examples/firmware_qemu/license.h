/* The license of the device: one engine, its keys and what the board provides to it. */
#ifndef LICENSE_H
#define LICENSE_H

#include "lic2.h"

/* Opens the stored activation. Call it once at the start; 0 if it worked. */
int license_open(void);

/* The engine, after license_open. */
extern lic2_engine engine;

/* Sets the clock forward, so that the script does not have to wait for hours. */
void license_skip(uint32_t seconds);

#endif
