/*
 * A program with a header that is not the library's. tests/c/run makes the two headers from the library's own: in the
 * NEWER one every struct that can grow has two more words, in the other one the decision is that of the first version.
 */
#include "device.h"

static lic2_keyring ring;
static lic2_license license;
static lic2_component esn;
static lic2_facts facts;
static struct device device;
static lic2_engine engine;

/* An output between words that belong to somebody else. */
struct guarded_decision {
    uint64_t before;
    lic2_decision decision;
    uint64_t after;
};

static void prepare(struct guarded_decision *guarded)
{
    memset(guarded, 0xA5, sizeof *guarded);
    guarded->decision.verdict = LIC2_VERDICT_GRANTED;
    guarded->decision.verdict_check = LIC2_VERDICT_DENIED;
}

static int untouched(const struct guarded_decision *guarded)
{
    return guarded->before == 0xA5A5A5A5A5A5A5A5u && guarded->after == 0xA5A5A5A5A5A5A5A5u;
}

#ifdef NEWER

/* What has grown is refused, and nothing is granted; what has not works. */
static void an_older_library_refuses(void)
{
    struct guarded_decision guarded;
    lic2_feature feature;
    lic2_meter meter;
    lic2_engine_info info;
    lic2_ask ask;
    char text[LIC2_DOCUMENT_BYTES];
    size_t text_len;

    CHECK(lic2_abi_version() < LIC2_ABI_VERSION);
    CHECK(lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors) == LIC2_STATUS_OK);
    CHECK(lic2_code_verify(&ring, sample_usual, LIC2_TERMINATED, &license) == LIC2_STATUS_OK);
    prepare(&guarded);
    CHECK(lic2_license_decide(&license, &facts, &guarded.decision) == LIC2_STATUS_STRUCT_TOO_NEW);
    CHECK(!LIC2_GRANTED(&guarded.decision) && guarded.decision.status == LIC2_STATUS_STRUCT_TOO_NEW);
    CHECK(guarded.decision.quantity == 0 && guarded.decision.added[1] == 0xA5A5A5A5u && untouched(&guarded));
    memset(&feature, 0xA5, sizeof feature);
    CHECK(lic2_license_feature(&license, &facts, "channels", 8, &feature) == LIC2_STATUS_STRUCT_TOO_NEW);
    CHECK(!LIC2_GRANTED(&feature) && feature.value == 0);
    CHECK(lic2_engine_open(&engine, &device.config) == LIC2_STATUS_STRUCT_TOO_NEW);
    CHECK(lic2_engine_check(&engine, &guarded.decision) == LIC2_STATUS_STRUCT_TOO_NEW);
    CHECK(lic2_engine_consume(&engine, "scans", 5, 1, 0, &meter) == LIC2_STATUS_STRUCT_TOO_NEW);
    CHECK(!LIC2_GRANTED(&meter) && lic2_engine_status(&engine, &info) == LIC2_STATUS_STRUCT_TOO_NEW);
    LIC2_INIT(&ask);
    CHECK(lic2_engine_request(&engine, &ask, text, sizeof text, &text_len) == LIC2_STATUS_STRUCT_TOO_NEW);
    CHECK(lic2_code_check(&ring, sample_usual, LIC2_TERMINATED, &facts, &license, &guarded.decision) ==
          LIC2_STATUS_STRUCT_TOO_NEW);
}

#else

/* The library fills in as much as the program knows. */
static void a_newer_library_works(void)
{
    struct guarded_decision guarded;
    uint32_t outcome = 0;

    CHECK(sizeof(lic2_decision) == 240);
    CHECK(lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors) == LIC2_STATUS_OK);
    prepare(&guarded);
    CHECK(lic2_code_check(&ring, sample_usual, LIC2_TERMINATED, &facts, &license, &guarded.decision) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&guarded.decision) && strcmp(guarded.decision.license_id, "PL-20261122-00000042") == 0);
    CHECK(guarded.decision.quantity == 1 && guarded.decision.edition[LIC2_TEXT_BYTES - 1] == 0 && untouched(&guarded));
    CHECK(lic2_engine_open(&engine, &device.config) == LIC2_STATUS_OK);
    CHECK(lic2_engine_apply(&engine, sample_usual, LIC2_TERMINATED, &outcome, NULL) == LIC2_STATUS_OK);
    prepare(&guarded);
    CHECK(lic2_engine_check(&engine, &guarded.decision) == LIC2_STATUS_OK && LIC2_GRANTED(&guarded.decision));
    CHECK(untouched(&guarded));
    prepare(&guarded);
    CHECK(lic2_code_check(&ring, sample_forged, LIC2_TERMINATED, &facts, &license, &guarded.decision) ==
          LIC2_STATUS_SIGNATURE_INVALID);
    CHECK(!LIC2_GRANTED(&guarded.decision) && guarded.decision.license_id[0] == 0 && untouched(&guarded));
}

#endif

int main(void)
{
    sample_facts(&facts, &esn);
    device_init(&device, 0);
#ifdef NEWER
    an_older_library_refuses();
#else
    a_newer_library_works();
#endif
    return check_report();
}
