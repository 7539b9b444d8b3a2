/*
 * What a device is sent, and the store that it keeps. They are no part of what the library costs there: the linker
 * script puts everything of input.c into sections of its own.
 */
#ifndef INPUT_H
#define INPUT_H

#include "lic2.h"

struct input {
    const char *text;
    size_t len;
};

/* The usual code; the same with a wrong signature; and one with a limit and two quotas. */
extern const struct input input_usual, input_forged, input_metered;

/* An anchor under which they are forgeries: it has the same key id. */
const uint8_t *input_other_anchor(void);

/* Two pages of flash, as far as the library can tell. */
extern uint8_t input_pages[2][LIC2_STATE_BYTES];

#endif
