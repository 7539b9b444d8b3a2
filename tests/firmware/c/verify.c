/* From text to decision without an engine: the ring made anew, one call. */
#include "lic2.h"

#include "anchor.h"
#include "bench.h"
#include "input.h"

#define DAY_IN_2027 1800000000u

static const lic2_component esn = {LIC2_COMPONENT_ESN, 0, (const uint8_t *)"2102312ABC0123456789", 20};

static lic2_keyring ring;
static lic2_facts facts;
static lic2_license license;
static lic2_decision decision;

static __attribute__((noinline)) void check(const uint8_t *anchor)
{
    LIC2_INIT(&ring);
    LIC2_INIT(&facts);
    LIC2_INIT(&license);
    LIC2_INIT(&decision);
    facts.product = "vision-appliance";
    facts.product_len = 16;
    facts.components = &esn;
    facts.components_count = 1;
    facts.now = DAY_IN_2027;
    decision.status = lic2_keyring_init(&ring, anchor, LIC2_KEY_BYTES);
    if (decision.status == LIC2_STATUS_OK) {
        decision.status = lic2_code_check(&ring, input_usual.text, input_usual.len, &facts, &license, &decision);
    }
}

int bench_prepare(void)
{
    return 1;
}

int bench_good(void)
{
    check(lic2_anchors);
    return LIC2_GRANTED(&decision);
}

int bench_forged(void)
{
    check(input_other_anchor());
    return !LIC2_GRANTED(&decision) && decision.status == LIC2_STATUS_SIGNATURE_INVALID;
}
