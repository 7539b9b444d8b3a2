/* A library without issuers: what anchors signed is as good as ever, and nothing of an issuer is. */
#include "check.h"

#include "anchor.h"
#include "sample.h"

static const uint8_t esn[] = "2102312ABC0123456789";

static int32_t check_code(const char *code)
{
    static lic2_keyring ring;
    static lic2_license license;
    lic2_component component;
    lic2_facts facts;
    lic2_decision decision;

    LIC2_INIT(&ring);
    LIC2_INIT(&license);
    LIC2_INIT(&facts);
    LIC2_INIT(&decision);
    memset(&component, 0, sizeof component);
    component.kind = LIC2_COMPONENT_ESN;
    component.value = esn;
    component.value_len = sizeof esn - 1;
    facts.product = "vision-appliance";
    facts.product_len = 16;
    facts.components = &component;
    facts.components_count = 1;
    facts.now = 1800000000u;
    CHECK(lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors) == LIC2_STATUS_OK);
    (void)lic2_code_check(&ring, code, strlen(code), &facts, &license, &decision);
    CHECK(LIC2_GRANTED(&decision) == (decision.status == LIC2_STATUS_OK));
    CHECK((decision.flags & LIC2_DECISION_BY_ISSUER) == 0);
    return decision.status;
}

int main(void)
{
    CHECK(check_code(sample_usual) == LIC2_STATUS_OK);
    CHECK(check_code(sample_forged) == LIC2_STATUS_SIGNATURE_INVALID);
    CHECK(check_code(sample_certified) == LIC2_STATUS_ISSUER_UNSUPPORTED);
    CHECK(check_code(sample_issued) == LIC2_STATUS_KEY_UNKNOWN);
    CHECK(check_code(sample_certificate) == LIC2_STATUS_DOCUMENT_KIND);
    return check_report();
}
