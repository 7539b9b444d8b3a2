/* The life of an activation through callbacks, and every way in which a callback can fail. */
#include "device.h"

static struct device device;
static lic2_engine engine;
static char text[LIC2_DOCUMENT_BYTES];
static size_t text_len;

static lic2_status open_engine(void)
{
    LIC2_INIT(&engine);
    return lic2_engine_open(&engine, &device.config);
}

/* Applies a document and returns the outcome, or the status with a minus. */
static long apply(const char *document)
{
    uint32_t outcome = 77;
    const lic2_status status = lic2_engine_apply(&engine, document, strlen(document), &outcome, NULL);

    CHECK(status == LIC2_STATUS_OK ? outcome != 0 : outcome == 0);
    return status == LIC2_STATUS_OK ? (long)outcome : -(long)status;
}

/* The status of the decision; checks that it grants only with status 0, and that a call that failed tells nothing. */
static int32_t check(void)
{
    lic2_decision decision;
    lic2_status status;

    LIC2_INIT(&decision);
    status = lic2_engine_check(&engine, &decision);
    CHECK(LIC2_GRANTED(&decision) == (decision.status == LIC2_STATUS_OK && status == LIC2_STATUS_OK));
    CHECK(status == LIC2_STATUS_OK || (decision.status == (int32_t)status && decision.serial == 0));
    CHECK(status != LIC2_STATUS_OK || decision.clock != 0);
    return decision.status;
}

/* What is left of the quota, or the status with a minus. */
static long consume(const char *name, uint64_t amount, uint64_t reservation)
{
    lic2_meter meter;
    lic2_status status;

    LIC2_INIT(&meter);
    status = lic2_engine_consume(&engine, name, strlen(name), amount, reservation, &meter);
    CHECK(LIC2_GRANTED(&meter) == (meter.status == LIC2_STATUS_OK && status == LIC2_STATUS_OK));
    if (meter.status == LIC2_STATUS_QUOTA_EXHAUSTED) {
        CHECK(meter.remaining < amount && meter.used + meter.remaining == meter.total && meter.overage == 0);
    } else {
        CHECK(LIC2_GRANTED(&meter) ||
              (meter.total == 0 && meter.used == 0 && meter.remaining == 0 && meter.overage == 0));
    }
    return LIC2_GRANTED(&meter) ? (long)meter.remaining : -(long)meter.status;
}

static void a_license_is_activated_renewed_and_frozen(void)
{
    lic2_decision decision;
    lic2_feature feature;
    uint64_t activated_at = 0;

    device_init(&device, 0);
    CHECK(open_engine() == LIC2_STATUS_OK && check() == LIC2_STATUS_NOT_ACTIVATED && device.writes == 0);
    CHECK(apply("") == -LIC2_STATUS_TEXT_EMPTY && apply(sample_certificate) == -LIC2_STATUS_DOCUMENT_KIND);
    CHECK(apply(sample_usual) == LIC2_OUTCOME_ACTIVATED && check() == LIC2_STATUS_OK);
    CHECK(apply(sample_usual) == LIC2_OUTCOME_ALREADY_APPLIED);
    CHECK(apply(sample_hours) == -LIC2_STATUS_CODE_CONFLICT);
    CHECK(apply(sample_rich) == LIC2_OUTCOME_RENEWED && apply(sample_usual) == -LIC2_STATUS_CODE_OLDER);
    LIC2_INIT(&decision);
    CHECK(lic2_engine_license_at(&engine, 0, &decision, &activated_at) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&decision) && decision.serial == 3 && activated_at == SAMPLE_NOW);
    CHECK(decision.clock == LIC2_CLOCK_GOOD && strcmp(decision.edition, "professional") == 0);
    LIC2_INIT(&feature);
    CHECK(lic2_engine_feature(&engine, "region", 6, &feature) == LIC2_STATUS_OK && LIC2_GRANTED(&feature));
    CHECK(strcmp(feature.text, "Z\303\274rich") == 0);
    CHECK(open_engine() == LIC2_STATUS_OK && check() == LIC2_STATUS_OK);
    CHECK(lic2_engine_reverify(&engine) == LIC2_STATUS_OK && check() == LIC2_STATUS_OK);
    CHECK(apply(sample_list) == LIC2_OUTCOME_LIST_ACCEPTED && check() == LIC2_STATUS_LICENSE_FROZEN);
    CHECK(lic2_engine_feature(&engine, "region", 6, &feature) == LIC2_STATUS_OK && !LIC2_GRANTED(&feature));
    CHECK(feature.status == LIC2_STATUS_LICENSE_FROZEN && feature.text[0] == 0);
    CHECK(apply(sample_metered) == -LIC2_STATUS_LICENSE_FROZEN);
}

static void a_quota_is_used_and_reported(void)
{
    lic2_meter meter;
    uint32_t number = 0;

    device_init(&device, 0);
    CHECK(open_engine() == LIC2_STATUS_OK && consume("scans", 1, 0) == -LIC2_STATUS_NOT_ACTIVATED);
    CHECK(apply(sample_metered) == LIC2_OUTCOME_ACTIVATED && device.writes == 1);
    CHECK(consume("scans", 3, 4) == 7 && device.writes == 2 && consume("scans", 4, 4) == 3 && device.writes == 2);
    CHECK(consume("scans", 4, 0) == -LIC2_STATUS_QUOTA_EXHAUSTED);
    CHECK(consume("channels", 1, 0) == -LIC2_STATUS_FEATURE_KIND);
    CHECK(consume("none", 1, 0) == -LIC2_STATUS_FEATURE_UNKNOWN);
    CHECK(consume("events", 7, 0) == 0);
    LIC2_INIT(&meter);
    CHECK(lic2_engine_meter(&engine, "events", 6, &meter) == LIC2_STATUS_OK && LIC2_GRANTED(&meter));
    CHECK(meter.total == 4 && meter.used == 7 && meter.overage == 3);
    CHECK(lic2_engine_give_back(&engine, "events", 6, 2, &meter) == LIC2_STATUS_OK && meter.used == 5);
    CHECK(lic2_engine_usage(&engine, NULL, 0, NULL, 0, text, sizeof text, &text_len, &number) == LIC2_STATUS_OK);
    CHECK(number == 1 && strncmp(text, "LIC2M.", 6) == 0 && strlen(text) == text_len);
    CHECK(lic2_engine_usage_accepted(&engine, 2) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_engine_usage_accepted(&engine, 1) == LIC2_STATUS_OK);
    CHECK(consume("scans", 1, 2) == 2 && lic2_engine_settle(&engine) == LIC2_STATUS_OK);
    CHECK(open_engine() == LIC2_STATUS_OK && lic2_engine_meter(&engine, "scans", 5, &meter) == LIC2_STATUS_OK);
    CHECK(meter.used == 8 && meter.remaining == 2);
}

static void seats_are_taken_and_released(void)
{
    lic2_seat seats[3];
    lic2_meter meter;

    memset(seats, 0, sizeof seats);
    LIC2_INIT(&meter);
    CHECK(lic2_engine_acquire(&engine, "channels", 8, seats, 3, 11, 60, &meter) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&meter) && meter.total == 2 && meter.used == 1 && meter.remaining == 1);
    CHECK(lic2_engine_acquire(&engine, "channels", 8, seats, 3, 12, 60, &meter) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&meter) && meter.remaining == 0 && seats[0].holder == 11 && seats[1].holder == 12);
    CHECK(lic2_engine_acquire(&engine, "channels", 8, seats, 3, 13, 60, &meter) == LIC2_STATUS_OK);
    CHECK(!LIC2_GRANTED(&meter) && meter.status == LIC2_STATUS_SEATS_TAKEN && meter.used == 0);
    CHECK(lic2_seat_release(seats, 3, 11) == LIC2_STATUS_OK && seats[0].holder == 0);
    CHECK(lic2_seat_release(seats, 3, 11) == LIC2_STATUS_OK && lic2_seat_release(NULL, 0, 11) == LIC2_STATUS_OK);
    CHECK(lic2_seat_release(seats, 3, 0) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_seat_release(NULL, 3, 11) == LIC2_STATUS_NULL_POINTER);
    CHECK(lic2_engine_acquire(&engine, "channels", 8, seats, 3, 13, 60, &meter) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&meter) && seats[0].holder == 13);
    CHECK(lic2_engine_acquire(&engine, "channels", 8, seats, 1, 14, 60, &meter) == LIC2_STATUS_BUFFER_TOO_SMALL);
    CHECK(!LIC2_GRANTED(&meter) && meter.status == LIC2_STATUS_BUFFER_TOO_SMALL);
    device.uptime += 60;
    CHECK(lic2_engine_acquire(&engine, "channels", 8, seats, 3, 14, 60, &meter) == LIC2_STATUS_OK);
    CHECK(LIC2_GRANTED(&meter) && meter.used == 1);
    CHECK(lic2_engine_acquire(&engine, "scans", 5, seats, 3, 14, 60, &meter) == LIC2_STATUS_FEATURE_KIND);
    CHECK(lic2_engine_acquire(&engine, "channels", 8, seats, 3, 0, 60, &meter) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_engine_acquire(&engine, "channels", 8, seats, 3, 14, 0, &meter) == LIC2_STATUS_INVALID_ARGUMENT);
}

static void a_license_is_given_back(void)
{
    lic2_engine_info info;
    char again[LIC2_DOCUMENT_BYTES];
    size_t again_len = 0;
    lic2_ask ask;

    LIC2_INIT(&info);
    CHECK(lic2_engine_status(&engine, &info) == LIC2_STATUS_OK && info.license_count == 1);
    CHECK(info.refusal == LIC2_STATUS_OK && info.flags == 0 && info.stored_bytes > 200 && info.sequence != 0);
    CHECK(lic2_engine_deactivate(&engine, "none", 4, NULL, 0, text, sizeof text, &text_len) ==
          LIC2_STATUS_LICENSE_UNKNOWN);
    CHECK(text[0] == 0 && text_len == 0);
    CHECK(lic2_engine_deactivate(&engine, "PL-20261122-00000042", 20, NULL, 0, text, 100, &text_len) ==
          LIC2_STATUS_BUFFER_TOO_SMALL);
    CHECK(text[0] == 0 && text_len == LIC2_CODE_MAX && check() == LIC2_STATUS_OK);
    CHECK(lic2_engine_deactivate(&engine, "PL-20261122-00000042", 20, NULL, 0, text, sizeof text, &text_len) ==
          LIC2_STATUS_OK);
    CHECK(strncmp(text, "LIC2P.", 6) == 0 && check() == LIC2_STATUS_NOT_ACTIVATED);
    CHECK(lic2_engine_deactivate(&engine, "PL-20261122-00000042", 20, NULL, 0, again, sizeof again, &again_len) ==
          LIC2_STATUS_OK);
    CHECK(again_len == text_len && strcmp(again, text) == 0 && apply(sample_metered) == -LIC2_STATUS_LICENSE_RETURNED);
    CHECK(lic2_engine_request(&engine, NULL, text, sizeof text, &text_len) == LIC2_STATUS_OK);
    LIC2_INIT(&ask);
    ask.signs = LIC2_SIGN_CONTAINER;
    ask.license_id = "PL-1";
    ask.license_id_len = 4;
    CHECK(lic2_engine_request(&engine, &ask, again, sizeof again, &again_len) == LIC2_STATUS_OK);
    CHECK(strncmp(again, "LIC2R.", 6) == 0 && strcmp(again, text) != 0);
    ask.signs = 4;
    CHECK(lic2_engine_request(&engine, &ask, again, sizeof again, &again_len) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_engine_status(&engine, &info) == LIC2_STATUS_OK && info.license_count == 0);
    CHECK(info.flags == LIC2_ENGINE_REQUEST_PENDING && info.refusal == LIC2_STATUS_NOT_ACTIVATED);
}

static void a_store_that_fails_is_told(void)
{
    device_init(&device, 0);
    device.read_fails = 1;
    CHECK(open_engine() == LIC2_STATUS_STORE_READ && check() == LIC2_STATUS_NOT_INITIALIZED);
    device.read_fails = 0;
    CHECK(open_engine() == LIC2_STATUS_OK);
    device.write_fails = 1;
    CHECK(apply(sample_metered) == -LIC2_STATUS_STORE_WRITE && check() == LIC2_STATUS_NOT_ACTIVATED);
    device.write_fails = 0;
    CHECK(apply(sample_metered) == LIC2_OUTCOME_ACTIVATED);
    device.write_fails = 1;
    CHECK(consume("scans", 1, 0) == -LIC2_STATUS_STORE_WRITE && check() == LIC2_STATUS_OK);
    CHECK(lic2_engine_request(&engine, NULL, text, sizeof text, &text_len) == LIC2_STATUS_STORE_WRITE && text[0] == 0);
    /* A failed write that cannot be looked at either leaves nothing known. */
    device.read_fails = 1;
    CHECK(consume("scans", 1, 0) == -LIC2_STATUS_STORE_WRITE && check() == LIC2_STATUS_NOT_INITIALIZED);
    device.read_fails = device.write_fails = 0;
    CHECK(open_engine() == LIC2_STATUS_OK && consume("scans", 1, 0) == 9);
    /* A slot that claims to hold more than there is room for, and one that is damaged. */
    device.stored[LIC2_SLOT_A] = device.stored[LIC2_SLOT_B] = 3;
    CHECK(open_engine() == LIC2_STATUS_OK && check() == LIC2_STATUS_STATE_CORRUPT);
    CHECK(apply(sample_metered) == LIC2_OUTCOME_ACTIVATED && check() == LIC2_STATUS_OK);
}

static void a_counter_notices_an_older_store(void)
{
    struct device before;

    device_init(&device, 1);
    device.count_fails = 1;
    CHECK(open_engine() == LIC2_STATUS_COUNTER_FAILED);
    device.count_fails = 0;
    CHECK(open_engine() == LIC2_STATUS_OK);
    device.increment_fails = 1;
    CHECK(apply(sample_metered) == -LIC2_STATUS_COUNTER_FAILED);
    device.increment_fails = 0;
    CHECK(open_engine() == LIC2_STATUS_OK && apply(sample_metered) > 0 && check() == LIC2_STATUS_OK);
    before = device;
    CHECK(consume("scans", 5, 0) == 5);
    memcpy(device.slots, before.slots, sizeof device.slots);
    memcpy(device.stored, before.stored, sizeof device.stored);
    CHECK(open_engine() == LIC2_STATUS_OK && check() == LIC2_STATUS_STATE_ROLLED_BACK);
    CHECK(consume("scans", 1, 0) == -LIC2_STATUS_STATE_ROLLED_BACK);
}

static void a_clock_is_believed_as_far_as_it_goes(void)
{
    device_init(&device, 0);
    device.clock_fails = 1;
    CHECK(open_engine() == LIC2_STATUS_OK && apply(sample_usual) == LIC2_OUTCOME_ACTIVATED);
    CHECK(check() == LIC2_STATUS_CLOCK_UNSET);
    device.clock_fails = 0;
    device.wall = 77;
    CHECK(check() == LIC2_STATUS_CLOCK_UNSET);
    device.wall = LIC2_WALL_TIME;
    device.time = 0;
    CHECK(check() == LIC2_STATUS_CLOCK_UNSET);
    device.time = 1000;
    CHECK(check() == LIC2_STATUS_CLOCK_BEHIND && apply(sample_token) == LIC2_OUTCOME_TIME_ACCEPTED);
    CHECK(check() == LIC2_STATUS_OK);
    device.config.clock.read = NULL;
    CHECK(open_engine() == LIC2_STATUS_OK && check() == LIC2_STATUS_TIME_UNKNOWN);
}

static void a_secret_seals_and_a_key_signs(void)
{
    static const uint8_t secret[] = "a secret of this device";
    static const uint8_t key[LIC2_KEY_BYTES] = {9};

    device_init(&device, 0);
    device.config.identity.secret = secret;
    device.config.identity.secret_len = LIC2_SECRET_MIN - 1;
    CHECK(open_engine() == LIC2_STATUS_INVALID_ARGUMENT);
    device.config.identity.secret_len = sizeof secret;
    CHECK(open_engine() == LIC2_STATUS_OK && apply(sample_usual) == LIC2_OUTCOME_ACTIVATED);
    CHECK(open_engine() == LIC2_STATUS_OK && check() == LIC2_STATUS_OK);
    device.config.identity.secret = secret + 1;
    device.config.identity.secret_len = sizeof secret - 1;
    CHECK(open_engine() == LIC2_STATUS_OK && check() == LIC2_STATUS_STATE_FOREIGN);
    device.config.identity.secret_len = 0;
    device.config.identity.device_key = key;
    device.config.identity.device_key_len = sizeof key;
    CHECK(open_engine() == LIC2_STATUS_OK);
    /* Neither a failure nor a wrong signature is let out. */
    CHECK(lic2_engine_request(&engine, NULL, text, sizeof text, &text_len) == LIC2_STATUS_SIGNING_FAILED);
    device.sign_fails = 1;
    CHECK(lic2_engine_request(&engine, NULL, text, sizeof text, &text_len) == LIC2_STATUS_SIGNING_FAILED);
    CHECK(text[0] == 0 && text_len == 0);
    device.config.identity.sign = NULL;
    CHECK(open_engine() == LIC2_STATUS_NULL_POINTER);
}

static void support_staff_are_told(void)
{
    char lines[2000], few[100];
    size_t few_len = 0;

    device_init(&device, 0);
    CHECK(open_engine() == LIC2_STATUS_OK && apply(sample_rich) == LIC2_OUTCOME_ACTIVATED);
    CHECK(lic2_engine_status_text(&engine, lines, sizeof lines, &text_len) == LIC2_STATUS_OK);
    CHECK(strstr(lines, "PL-20261122-00000042") != NULL && strlen(lines) == text_len);
    CHECK(lic2_engine_status_text(&engine, few, sizeof few, &few_len) == LIC2_STATUS_BUFFER_TOO_SMALL);
    CHECK(few_len == text_len && few[0] == 0);
    CHECK(lic2_engine_license_text(&engine, LIC2_TEXT_ORDER, few, sizeof few, &few_len) == LIC2_STATUS_OK);
    CHECK(strcmp(few, "order-8") == 0 && few_len == 7);
    CHECK(lic2_engine_license_text(&engine, 9, few, sizeof few, &few_len) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_engine_license_item(&engine, 1000, (uint8_t *)few, 4, &few_len) == LIC2_STATUS_OK && few_len == 4);
    CHECK(memcmp(few, "\0\1\2\377", 4) == 0);
}

static void outcomes_have_texts(void)
{
    uint32_t outcome;

    for (outcome = 0; outcome < 12; outcome++) {
        CHECK(strlen(lic2_outcome_name(outcome)) > 3 && strlen(lic2_outcome_text(outcome)) > 10);
    }
    CHECK(strcmp(lic2_outcome_name(LIC2_OUTCOME_SHORTENED), "SHORTENED") == 0);
    CHECK(strcmp(lic2_outcome_name(0), "UNKNOWN_OUTCOME") == 0);
    CHECK(strcmp(lic2_outcome_name(UINT32_MAX), "UNKNOWN_OUTCOME") == 0);
}

int main(void)
{
    a_license_is_activated_renewed_and_frozen();
    a_quota_is_used_and_reported();
    seats_are_taken_and_released();
    a_license_is_given_back();
    a_store_that_fails_is_told();
    a_counter_notices_an_older_store();
    a_clock_is_believed_as_far_as_it_goes();
    a_secret_seals_and_a_key_signs();
    support_staff_are_told();
    outcomes_have_texts();
    return check_report();
}
