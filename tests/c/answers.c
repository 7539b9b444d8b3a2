/* What the functions answer when they are used rightly: every field, every feature, every text. */
#include "known.h"

struct asked {
    lic2_keyring ring;
    lic2_license license;
    lic2_component esn;
    lic2_facts facts;
    lic2_decision decision;
};

/* Checks a code with the known facts. */
static lic2_status ask(struct asked *asked, const char *code)
{
    sample_ring(&asked->ring);
    sample_facts(&asked->facts, &asked->esn);
    LIC2_INIT(&asked->license);
    LIC2_INIT(&asked->decision);
    return lic2_code_check(&asked->ring, code, strlen(code), &asked->facts, &asked->license, &asked->decision);
}

/* Decides again with changed facts. */
static int32_t again(struct asked *asked)
{
    CHECK(lic2_license_decide(&asked->license, &asked->facts, &asked->decision) == LIC2_STATUS_OK);
    CHECK((asked->decision.status == LIC2_STATUS_OK) == LIC2_GRANTED(&asked->decision));
    CHECK(LIC2_GRANTED(&asked->decision) || asked->decision.quantity == 0);
    return asked->decision.status;
}

static void a_rich_license_is_told_completely(void)
{
    struct asked asked;
    const lic2_decision *decision = &asked.decision;

    CHECK(ask(&asked, sample_rich) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(decision) && decision->status == LIC2_STATUS_OK);
    CHECK(decision->flags == 0 && decision->license_class == LIC2_CLASS_TRIAL);
    CHECK(decision->serial == 3 && decision->quantity == 5 && decision->feature_count == 4);
    CHECK(decision->powered_hours_end == 0 && decision->issued_at == 1795305600u);
    CHECK(decision->not_before == 1795305600u + 86400u && decision->expires_at == 4102444800u);
    CHECK(decision->grace_until == decision->expires_at + 10 * 86400u);
    CHECK(decision->lease_until == decision->issued_at + (uint64_t)30000 * 86400u);
    CHECK(decision->next_deadline == 3786912000u);
    CHECK(memcmp(decision->key_id, lic2_anchors, 4) == 0);
    CHECK(strcmp(decision->license_id, "PL-20261122-00000042") == 0);
    CHECK(strcmp(decision->edition, "professional") == 0);
}

static void facts_change_the_answer(void)
{
    struct asked asked;

    ask(&asked, sample_rich);
    asked.facts.now = 4102444800u - 1;
    asked.facts.refreshed_at = 4102444800u - 1;
    CHECK(again(&asked) == LIC2_STATUS_OK && asked.decision.flags == 0);
    asked.facts.now = 4102444800u;
    CHECK(again(&asked) == LIC2_STATUS_OK && asked.decision.flags == LIC2_DECISION_IN_GRACE);
    asked.facts.now = 4102444800u + 10 * 86400u;
    CHECK(again(&asked) == LIC2_STATUS_EXPIRED && asked.decision.flags == 0);
    asked.facts.now = 0;
    CHECK(again(&asked) == LIC2_STATUS_TIME_UNKNOWN && asked.decision.next_deadline == 0);
    asked.facts.now = SAMPLE_NOW - 1000 * 86400u;
    CHECK(again(&asked) == LIC2_STATUS_CLOCK_BEHIND);

    ask(&asked, sample_rich);
    asked.facts.version = LIC2_VERSION(2, 0, 0);
    CHECK(again(&asked) == LIC2_STATUS_VERSION_NOT_COVERED);
    asked.facts.version = 0;
    CHECK(again(&asked) == LIC2_STATUS_VERSION_UNKNOWN);
    asked.facts.version = LIC2_VERSION(1, 65535, 4294967295u);
    CHECK(again(&asked) == LIC2_STATUS_OK);
    asked.facts.version = LIC2_VERSION(1, 2, 2);
    CHECK(again(&asked) == LIC2_STATUS_VERSION_NOT_COVERED);
    asked.facts.version = LIC2_VERSION(1, 2, 3);
    asked.facts.built_at = 0;
    CHECK(again(&asked) == LIC2_STATUS_BUILD_TIME_UNKNOWN);
    asked.facts.built_at = 4102444800u;
    CHECK(again(&asked) == LIC2_STATUS_MAINTENANCE_ENDED);
    asked.facts.components_count = 0;
    asked.facts.built_at = SAMPLE_NOW;
    CHECK(again(&asked) == LIC2_STATUS_DEVICE_UNKNOWN);
    asked.facts.product_len = 0;
    CHECK(again(&asked) == LIC2_STATUS_PRODUCT_UNKNOWN);
}

static void powered_hours_count_only_when_known(void)
{
    struct asked asked;

    CHECK(ask(&asked, sample_hours) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&asked.decision));
    CHECK(asked.decision.powered_hours_end == 100 && asked.decision.expires_at == 0);
    asked.facts.powered_hours = 100;
    CHECK(again(&asked) == LIC2_STATUS_EXPIRED);
    asked.facts.flags = 0;
    CHECK(again(&asked) == LIC2_STATUS_POWERED_HOURS_UNKNOWN);
}

static void an_add_on_counts_beside_its_base(void)
{
    struct asked asked;

    CHECK(ask(&asked, sample_add_on) == LIC2_STATUS_OK);
    CHECK(!LIC2_GRANTED(&asked.decision) && asked.decision.status == LIC2_STATUS_BASE_MISSING);
    CHECK(asked.decision.flags == LIC2_DECISION_ADD_ON);
    asked.facts.flags |= LIC2_FACTS_HAS_BASE;
    CHECK(again(&asked) == LIC2_STATUS_OK && asked.decision.flags == LIC2_DECISION_ADD_ON);
}

static void a_refusal_keeps_the_license(void)
{
    struct asked asked;

    sample_ring(&asked.ring);
    sample_facts(&asked.facts, &asked.esn);
    asked.facts.product_len = 6;
    LIC2_INIT(&asked.license);
    LIC2_INIT(&asked.decision);
    CHECK(lic2_code_check(&asked.ring, sample_usual, strlen(sample_usual), &asked.facts, &asked.license,
                          &asked.decision) == LIC2_STATUS_OK);
    CHECK(!LIC2_GRANTED(&asked.decision) && asked.decision.status == LIC2_STATUS_PRODUCT_MISMATCH);
    CHECK(strcmp(asked.decision.license_id, "PL-20261122-00000042") == 0);
    asked.facts.product_len = strlen(SAMPLE_PRODUCT);
    CHECK(again(&asked) == LIC2_STATUS_OK);
}

static void an_issuer_is_trusted_after_it_was_added(void)
{
    struct asked asked;

    CHECK(ask(&asked, sample_issued) == LIC2_STATUS_KEY_UNKNOWN);
    CHECK(!LIC2_GRANTED(&asked.decision) && asked.decision.status == LIC2_STATUS_KEY_UNKNOWN);
    CHECK(lic2_keyring_add_issuer(&asked.ring, sample_issued, strlen(sample_issued)) == LIC2_STATUS_DOCUMENT_KIND);
    CHECK(lic2_keyring_add_issuer(&asked.ring, sample_certificate, strlen(sample_certificate)) == LIC2_STATUS_OK);
    CHECK(lic2_keyring_add_issuer(&asked.ring, sample_certificate, strlen(sample_certificate)) ==
          LIC2_STATUS_KEY_DUPLICATE);
    CHECK(lic2_code_check(&asked.ring, sample_issued, strlen(sample_issued), &asked.facts, &asked.license,
                          &asked.decision) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&asked.decision) && asked.decision.flags == LIC2_DECISION_BY_ISSUER);
}

static void features_are_found_by_name_and_by_place(void)
{
    static const struct {
        const char *name;
        uint32_t type, flags;
        uint64_t value, expires_at;
        const char *text;
    } expected[] = {{"events", LIC2_FEATURE_QUOTA, LIC2_FEATURE_OVERAGE, 1000, 0, ""},
                    {"flag", LIC2_FEATURE_FLAG, 0, 0, 0, ""},
                    {"quota", LIC2_FEATURE_QUOTA, 0, 7, 3786912000u, ""},
                    {"region", LIC2_FEATURE_TEXT, 0, 0, 0, "Z\xc3\xbcrich"}};
    struct asked asked;
    lic2_feature named, placed;
    uint32_t index;

    CHECK(ask(&asked, sample_rich) == LIC2_STATUS_OK);
    for (index = 0; index < asked.decision.feature_count; index++) {
        const char *name = expected[index].name;

        LIC2_INIT(&named);
        LIC2_INIT(&placed);
        CHECK(lic2_license_feature(&asked.license, &asked.facts, name, strlen(name), &named) == LIC2_STATUS_OK);
        CHECK(lic2_license_feature_at(&asked.license, &asked.facts, index, &placed) == LIC2_STATUS_OK);
        CHECK(memcmp(&named, &placed, sizeof named) == 0);
        CHECK(LIC2_GRANTED(&named) && named.status == LIC2_STATUS_OK && strcmp(named.name, name) == 0);
        CHECK(named.type == expected[index].type && named.flags == expected[index].flags);
        CHECK(named.value == expected[index].value && named.expires_at == expected[index].expires_at);
        CHECK(strcmp(named.text, expected[index].text) == 0);
    }
    CHECK(lic2_license_feature_at(&asked.license, &asked.facts, 4, &placed) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(!LIC2_GRANTED(&placed) && placed.type == 0 && placed.name[0] == 0);
    CHECK(lic2_license_feature_at(&asked.license, &asked.facts, UINT32_MAX, &placed) == LIC2_STATUS_INVALID_ARGUMENT);
}

static void refused_features_have_nothing_to_use(void)
{
    struct asked asked;
    lic2_feature feature;

    LIC2_INIT(&feature);
    ask(&asked, sample_rich);
    CHECK(lic2_license_feature(&asked.license, &asked.facts, "fla", 3, &feature) == LIC2_STATUS_OK);
    CHECK(!LIC2_GRANTED(&feature) && feature.status == LIC2_STATUS_FEATURE_UNKNOWN && feature.type == 0);
    CHECK(lic2_license_feature(&asked.license, &asked.facts, NULL, 0, &feature) == LIC2_STATUS_OK);
    CHECK(feature.status == LIC2_STATUS_FEATURE_UNKNOWN);
    CHECK(lic2_license_feature(&asked.license, &asked.facts, "\xff", 1, &feature) == LIC2_STATUS_INVALID_ARGUMENT);
    asked.facts.now = 3786912000u;
    asked.facts.refreshed_at = 3786912000u;
    CHECK(again(&asked) == LIC2_STATUS_OK);
    CHECK(lic2_license_feature(&asked.license, &asked.facts, "quota", 5, &feature) == LIC2_STATUS_OK);
    CHECK(!LIC2_GRANTED(&feature) && feature.status == LIC2_STATUS_FEATURE_EXPIRED && feature.value == 0);
    CHECK(feature.type == LIC2_FEATURE_QUOTA && feature.expires_at == 3786912000u);
    CHECK(lic2_license_feature(&asked.license, &asked.facts, "region", 6, &feature) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&feature));
    asked.facts.product_len = 1;
    CHECK(lic2_license_feature(&asked.license, &asked.facts, "region", 6, &feature) == LIC2_STATUS_OK);
    CHECK(!LIC2_GRANTED(&feature) && feature.status == LIC2_STATUS_PRODUCT_MISMATCH && feature.text[0] == 0);
}

static void texts_fit_exactly_or_say_how_long_they_are(void)
{
    static const char *const expected[] = {"PL-20261122-00000042", "vision-appliance", "professional", "customer-7",
                                           "order-8"};
    struct asked asked;
    char buffer[LIC2_TEXT_BYTES];
    int32_t field;
    size_t length;

    ask(&asked, sample_rich);
    for (field = LIC2_TEXT_LICENSE_ID; field <= LIC2_TEXT_ORDER; field++) {
        const size_t wanted = strlen(expected[field - 1]);

        CHECK(lic2_license_text(&asked.license, field, buffer, sizeof buffer, &length) == LIC2_STATUS_OK);
        CHECK(length == wanted && strcmp(buffer, expected[field - 1]) == 0);
        CHECK(lic2_license_text(&asked.license, field, buffer, wanted + 1, &length) == LIC2_STATUS_OK);
        CHECK(lic2_license_text(&asked.license, field, buffer, wanted, &length) == LIC2_STATUS_BUFFER_TOO_SMALL);
        CHECK(length == wanted && buffer[0] == 0);
        CHECK(lic2_license_text(&asked.license, field, NULL, 0, &length) == LIC2_STATUS_BUFFER_TOO_SMALL);
        CHECK(length == wanted);
    }
    CHECK(lic2_license_text(&asked.license, 0, buffer, sizeof buffer, &length) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_license_text(&asked.license, 6, buffer, sizeof buffer, &length) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_license_text(&asked.license, INT32_MIN, buffer, sizeof buffer, &length) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(length == 0 && buffer[0] == 0);
    ask(&asked, sample_usual);
    CHECK(lic2_license_text(&asked.license, LIC2_TEXT_EDITION, buffer, 1, &length) == LIC2_STATUS_OK);
    CHECK(length == 0 && buffer[0] == 0);
}

static void items_are_the_sellers_bytes(void)
{
    static const uint8_t expected[4] = {0, 1, 2, 255};
    struct asked asked;
    uint8_t buffer[8];
    size_t length;

    ask(&asked, sample_rich);
    CHECK(lic2_license_item(&asked.license, 1000, buffer, sizeof buffer, &length) == LIC2_STATUS_OK);
    CHECK(length == 4 && memcmp(buffer, expected, 4) == 0 && buffer[4] == 0);
    CHECK(lic2_license_item(&asked.license, 1000, buffer, 4, &length) == LIC2_STATUS_OK);
    CHECK(lic2_license_item(&asked.license, 1000, buffer, 3, &length) == LIC2_STATUS_BUFFER_TOO_SMALL);
    CHECK(length == 4 && buffer[0] == 0 && buffer[2] == 0);
    CHECK(lic2_license_item(&asked.license, 1001, NULL, 0, &length) == LIC2_STATUS_OK && length == 0);
    CHECK(lic2_license_item(&asked.license, 1000 + 65536, buffer, 8, &length) == LIC2_STATUS_OK && length == 0);
}

int main(void)
{
    a_rich_license_is_told_completely();
    facts_change_the_answer();
    powered_hours_count_only_when_known();
    an_add_on_counts_beside_its_base();
    a_refusal_keeps_the_license();
    an_issuer_is_trusted_after_it_was_added();
    features_are_found_by_name_and_by_place();
    refused_features_have_nothing_to_use();
    texts_fit_exactly_or_say_how_long_they_are();
    items_are_the_sellers_bytes();
    return check_report();
}
