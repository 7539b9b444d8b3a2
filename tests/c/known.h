/* One known good set of facts and a ring, for the codes of sample.h. */
#ifndef KNOWN_H
#define KNOWN_H

#include "check.h"

#include "anchor.h"
#include "sample.h"

#define SAMPLE_PRODUCT "vision-appliance"
#define SAMPLE_ESN "2102312ABC0123456789"
/* A day in 2027: every sample is valid. */
#define SAMPLE_NOW ((uint64_t)1800000000)

/* Facts under which every sample is granted. The caller provides the component, which must live as long. */
static void sample_facts(lic2_facts *facts, lic2_component *esn)
{
    LIC2_INIT(facts);
    memset(esn, 0, sizeof *esn);
    esn->kind = LIC2_COMPONENT_ESN;
    esn->value = (const uint8_t *)SAMPLE_ESN;
    esn->value_len = strlen(SAMPLE_ESN);
    facts->flags = LIC2_FACTS_HAVE_POWERED_HOURS;
    facts->now = SAMPLE_NOW;
    facts->built_at = SAMPLE_NOW - 1000;
    facts->version = LIC2_VERSION(1, 2, 3);
    facts->product = SAMPLE_PRODUCT;
    facts->product_len = strlen(SAMPLE_PRODUCT);
    facts->components = esn;
    facts->components_count = 1;
}

/* A ring that trusts the samples. */
static void sample_ring(lic2_keyring *ring)
{
    LIC2_INIT(ring);
    CHECK(lic2_keyring_init(ring, lic2_anchors, sizeof lic2_anchors) == LIC2_STATUS_OK);
}

#endif
