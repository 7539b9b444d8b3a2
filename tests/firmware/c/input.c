#include "input.h"

#include "anchor.h"
#include "sample.h"

const struct input input_usual = {sample_usual, sizeof sample_usual - 1};
const struct input input_forged = {sample_forged, sizeof sample_forged - 1};
const struct input input_metered = {sample_metered, sizeof sample_metered - 1};
uint8_t input_pages[2][LIC2_STATE_BYTES];

const uint8_t *input_other_anchor(void)
{
    static uint8_t anchor[LIC2_KEY_BYTES];

    memcpy(anchor, lic2_anchors, sizeof anchor);
    /* The point of the curve with the other x. */
    anchor[LIC2_KEY_BYTES - 1] ^= 0x80;
    return anchor;
}
