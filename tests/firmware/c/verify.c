/* From text to decision without an engine: the ring set up again, one call. With LIC2_TABLES, by a table of the anchor. */
#include "lic2.h"

#include "anchor.h"
#include "bench.h"
#include "input.h"
#ifdef LIC2_TABLES
#include "table.h"
#endif

#define DAY_IN_2027 1800000000u

static const lic2_component esn = {LIC2_COMPONENT_ESN, 0, (const uint8_t *)"2102312ABC0123456789", 20};

static lic2_keyring ring;
static lic2_facts facts;
static lic2_license license;
static lic2_decision decision;

static __attribute__((noinline)) void check(const uint8_t *anchor, const struct input *code)
{
    LIC2_INIT(&facts);
    /* What an earlier check has granted must not outlive a key ring that fails. */
    LIC2_INIT(&decision);
    facts.product = "vision-appliance";
    facts.product_len = 16;
    facts.components = &esn;
    facts.components_count = 1;
    facts.now = DAY_IN_2027;
    decision.status = lic2_keyring_init(&ring, anchor, LIC2_KEY_BYTES);
#ifdef LIC2_TABLES
    if (decision.status == LIC2_STATUS_OK) {
        decision.status = lic2_keyring_use_table(&ring, lic2_anchor_table_e7fa0614, sizeof lic2_anchor_table_e7fa0614);
    }
#endif
    if (decision.status == LIC2_STATUS_OK) {
        decision.status = lic2_code_check(&ring, code->text, code->len, &facts, &license, &decision);
    }
}

int bench_prepare(void)
{
    return 1;
}

int bench_good(void)
{
    check(lic2_anchors, &input_usual);
    return LIC2_GRANTED(&decision);
}

int bench_forged(void)
{
#ifdef LIC2_TABLES
    check(input_other_anchor(), &input_usual);
    if (LIC2_GRANTED(&decision) || decision.status != LIC2_STATUS_TABLE_KEY) {
        return 0;
    }
    check(lic2_anchors, &input_forged);
#else
    check(input_other_anchor(), &input_usual);
#endif
    return !LIC2_GRANTED(&decision) && decision.status == LIC2_STATUS_SIGNATURE_INVALID;
}
