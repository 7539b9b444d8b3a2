/* Texts that end with a NUL, a status as one type, and answers that nobody initialized. */
#include <stdlib.h>

#include "device.h"

static lic2_keyring ring;
static lic2_license license;
static lic2_component esn;
static lic2_facts facts;
static struct device device;
static lic2_engine engine;

/* An output as the stack leaves it. */
#define FORGET(x) memset((x), 0xC3, sizeof *(x))

/* A status is one type, in C and in C++, returned and in a struct. */
static lic2_status status_of(const lic2_decision *decision)
{
    lic2_status status = decision->status;

    return status;
}

static void texts_end_at_their_nul(void)
{
    lic2_decision decision;
    lic2_feature feature;
    lic2_meter meter;
    lic2_ask ask;
    char text[LIC2_DOCUMENT_BYTES];
    size_t text_len;
    uint32_t outcome = 0;

    facts.product_len = LIC2_TERMINATED;
    FORGET(&decision);
    CHECK(lic2_code_check(&ring, sample_usual, LIC2_TERMINATED, &facts, &license, &decision) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&decision) && status_of(&decision) == LIC2_STATUS_OK);
    CHECK(lic2_code_verify(&ring, sample_usual, LIC2_TERMINATED, &license) == LIC2_STATUS_OK);
    FORGET(&feature);
    CHECK(lic2_license_feature(&license, &facts, "channels", LIC2_TERMINATED, &feature) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&feature) && feature.value == 64);
    CHECK(lic2_keyring_add_issuer(&ring, sample_certificate, LIC2_TERMINATED) == LIC2_STATUS_OK);
    device.config.product_len = LIC2_TERMINATED;
    FORGET(&engine);
    CHECK(lic2_engine_open(&engine, &device.config) == LIC2_STATUS_OK);
    CHECK(lic2_engine_apply(&engine, sample_metered, LIC2_TERMINATED, &outcome, NULL) == LIC2_STATUS_OK);
    CHECK(outcome == LIC2_OUTCOME_ACTIVATED);
    FORGET(&decision);
    CHECK(lic2_engine_check(&engine, &decision) == LIC2_STATUS_OK && LIC2_GRANTED(&decision));
    FORGET(&feature);
    CHECK(lic2_engine_feature(&engine, "channels", LIC2_TERMINATED, &feature) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&feature));
    FORGET(&meter);
    CHECK(lic2_engine_consume(&engine, "scans", LIC2_TERMINATED, 1, 0, &meter) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&meter) && meter.used == 1);
    LIC2_INIT(&ask);
    ask.license_id = "PL-20261122-00000042";
    ask.license_id_len = LIC2_TERMINATED;
    CHECK(lic2_engine_request(&engine, &ask, text, sizeof text, &text_len) == LIC2_STATUS_OK);
    CHECK(lic2_engine_deactivate(&engine, ask.license_id, LIC2_TERMINATED, NULL, 0, text, sizeof text, &text_len) ==
          LIC2_STATUS_OK);
}

/* Nobody reads further than the longest text, also if the NUL was forgotten. */
static void a_forgotten_nul_does_not_lead_far(void)
{
    const size_t length = LIC2_TEXT_RAW_MAX + 1;
    char *text = (char *)malloc(length);
    lic2_decision decision;
    lic2_feature feature;
    uint32_t outcome;

    if (text == NULL) {
        abort();
    }
    memset(text, 'A', length);
    CHECK(lic2_code_check(&ring, text, LIC2_TERMINATED, &facts, &license, &decision) == LIC2_STATUS_TEXT_TOO_LONG);
    CHECK(lic2_engine_apply(&engine, text, LIC2_TERMINATED, &outcome, NULL) == LIC2_STATUS_TEXT_TOO_LONG);
    CHECK(lic2_engine_feature(&engine, text, LIC2_TERMINATED, &feature) == LIC2_STATUS_OK);
    CHECK(feature.status == LIC2_STATUS_FEATURE_UNKNOWN || feature.status == LIC2_STATUS_NOT_ACTIVATED);
    CHECK(lic2_engine_apply(&engine, NULL, LIC2_TERMINATED, &outcome, NULL) == LIC2_STATUS_NULL_POINTER);
    CHECK(lic2_engine_apply(&engine, "", LIC2_TERMINATED, &outcome, NULL) == LIC2_STATUS_TEXT_EMPTY);
    free(text);
}

/* A call that fails before it begins denies as well, whatever was in the answer. */
static void forgotten_answers_deny(void)
{
    lic2_decision decision;
    lic2_feature feature;
    lic2_meter meter;
    lic2_engine_info info;

    FORGET(&decision);
    CHECK(lic2_engine_check(NULL, &decision) == LIC2_STATUS_NULL_POINTER);
    CHECK(!LIC2_GRANTED(&decision) && decision.status == LIC2_STATUS_NULL_POINTER && decision.quantity == 0);
    FORGET(&feature);
    CHECK(lic2_engine_feature(NULL, "channels", 8, &feature) == LIC2_STATUS_NULL_POINTER);
    CHECK(!LIC2_GRANTED(&feature) && feature.value == 0);
    FORGET(&meter);
    CHECK(lic2_engine_consume(NULL, "scans", 5, 1, 0, &meter) == LIC2_STATUS_NULL_POINTER);
    CHECK(!LIC2_GRANTED(&meter) && meter.remaining == 0);
    FORGET(&info);
    CHECK(lic2_engine_status(NULL, &info) == LIC2_STATUS_NULL_POINTER && info.refusal == LIC2_STATUS_NULL_POINTER);
    FORGET(&engine);
    CHECK(lic2_engine_check(&engine, &decision) != LIC2_STATUS_OK && !LIC2_GRANTED(&decision));
}

int main(void)
{
    FORGET(&ring);
    FORGET(&license);
    CHECK(lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors) == LIC2_STATUS_OK);
    sample_facts(&facts, &esn);
    device_init(&device, 0);
    texts_end_at_their_nul();
    a_forgotten_nul_does_not_lead_far();
    forgotten_answers_deny();
    return check_report();
}
