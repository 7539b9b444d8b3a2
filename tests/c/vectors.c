/*
 * Runs vector files through the C library, from the text of a code to the decision and its features.
 *
 *     vectors FILE...
 *
 * Prints every difference and finally the number of cases. Exit code: 0 if there was no difference, 1 if there was
 * one, 2 if a file cannot be read.
 */
#include "lic2.h"
#include "stanza.h"

#define COMPONENTS_MAX 64
#define ISSUERS_MAX 16

static int case_count;
static int failure_count;
static const char *case_path;
static const char *case_name;

/* A case and what the library is given. */
struct input {
    lic2_keyring ring;
    lic2_facts facts;
    lic2_component components[COMPONENTS_MAX];
    uint8_t *values[COMPONENTS_MAX];
    uint8_t *text, *device_key;
    size_t text_len;
};

static void differ(const char *what, const char *expected, uint64_t found)
{
    failure_count++;
    printf("%s [%s]: %s is %llu, expected %s\n", case_path, case_name, what, (unsigned long long)found, expected);
}

/* Compares a number with the field of that name, if the case has it. */
static void expect(const struct stanza *stanza, const char *key, uint64_t found)
{
    const char *expected = stanza_get(stanza, key, 0);

    if (expected != NULL && decimal(expected) != found) {
        differ(key, expected, found);
    }
}

/* Every key that a case may have. A misspelled one must not be a test that is left out. */
static void check_keys(const struct stanza *stanza)
{
    static const char *const known[] = {
        "anchors", "issuer", "text", "text_hex", "product", "version", "built_at", "now", "activated_at",
        "refreshed_at", "powered_hours", "component", "device_key", "allow_test", "has_base", "status", "ring_status",
        "expires_at", "grace_until", "lease_until", "next_deadline", "powered_hours_end", "quantity", "in_grace",
        "license_id", "serial", "class", "feature"};
    const size_t count = sizeof known / sizeof known[0];
    int field;

    for (field = 0; field < stanza->count; field++) {
        size_t index = 0;

        while (index < count && strcmp(known[index], stanza->keys[field]) != 0) {
            index++;
        }
        if (index == count) {
            give_up("unknown key", stanza->keys[field]);
        }
    }
    if ((stanza_get(stanza, "status", 0) == NULL) == (stanza_get(stanza, "ring_status", 0) == NULL)) {
        give_up("needs status or ring_status", stanza->name);
    }
}

/* Sets up the key ring; the status of the first call that fails. */
static lic2_status open_ring(const struct stanza *stanza, lic2_keyring *ring)
{
    const char *hex = stanza_get(stanza, "anchors", 0);
    size_t length = 0;
    uint8_t *anchors = unhex(hex == NULL ? "" : hex, &length);
    lic2_status status;
    int index;

    LIC2_INIT(ring);
    status = lic2_keyring_init(ring, anchors, length);
    free(anchors);
    for (index = 0; status == LIC2_STATUS_OK && index < ISSUERS_MAX; index++) {
        const char *issuer = stanza_get(stanza, "issuer", index);

        if (issuer == NULL) {
            break;
        }
        status = lic2_keyring_add_issuer(ring, issuer, strlen(issuer));
    }
    return status;
}

static uint64_t version_of(const char *text)
{
    unsigned long major, minor, patch;

    if (text == NULL) {
        return 0;
    }
    if (sscanf(text, "%lu.%lu.%lu", &major, &minor, &patch) != 3) {
        give_up("not a version", text);
    }
    return LIC2_VERSION(major, minor, patch);
}

static void add_components(const struct stanza *stanza, struct input *input)
{
    const char *text;
    size_t count = 0;

    while (count < COMPONENTS_MAX && (text = stanza_get(stanza, "component", (int)count)) != NULL) {
        const char *colon = strchr(text, ':');
        lic2_component *component = &input->components[count];

        if (colon == NULL) {
            give_up("not KIND:HEX", text);
        }
        component->kind = (uint32_t)strtoul(text, NULL, 10);
        input->values[count] = unhex(colon + 1, &component->value_len);
        component->value = input->values[count++];
    }
    input->facts.components = input->components;
    input->facts.components_count = count;
}

/* Everything but the ring. */
static void open_input(const struct stanza *stanza, struct input *input)
{
    lic2_facts *facts = &input->facts;
    const char *text = stanza_get(stanza, "text", 0);
    const char *hex = stanza_get(stanza, "text_hex", 0);
    const char *key = stanza_get(stanza, "device_key", 0);
    const char *product = stanza_get(stanza, "product", 0);

    LIC2_INIT(facts);
    if (hex != NULL) {
        input->text = unhex(hex, &input->text_len);
    } else {
        /* A block of exactly this size, so that a memory checker sees a byte too far. */
        input->text_len = text == NULL ? 0 : strlen(text);
        input->text = (uint8_t *)malloc(input->text_len + (input->text_len == 0));
        memcpy(input->text, text == NULL ? "" : text, input->text_len);
    }
    facts->now = stanza_number(stanza, "now");
    facts->built_at = stanza_number(stanza, "built_at");
    facts->activated_at = stanza_number(stanza, "activated_at");
    facts->refreshed_at = stanza_number(stanza, "refreshed_at");
    facts->version = version_of(stanza_get(stanza, "version", 0));
    if (stanza_get(stanza, "powered_hours", 0) != NULL) {
        facts->flags |= LIC2_FACTS_HAVE_POWERED_HOURS;
        facts->powered_hours = (uint32_t)stanza_number(stanza, "powered_hours");
    }
    if (stanza_number(stanza, "allow_test") != 0) {
        facts->flags |= LIC2_FACTS_ALLOW_TEST;
    }
    if (stanza_number(stanza, "has_base") != 0) {
        facts->flags |= LIC2_FACTS_HAS_BASE;
    }
    facts->product = product;
    facts->product_len = product == NULL ? 0 : strlen(product);
    if (key != NULL) {
        input->device_key = unhex(key, &facts->device_key_len);
        facts->device_key = input->device_key;
    }
    add_components(stanza, input);
}

static void close_input(struct input *input)
{
    int index;

    for (index = 0; index < COMPONENTS_MAX; index++) {
        free(input->values[index]);
    }
    free(input->text);
    free(input->device_key);
}

/* Compares the fields of a decision. A call that fails, which is a status below 400, tells the status alone. */
static void expect_decision(const struct stanza *stanza, const lic2_decision *decision)
{
    static const char *const classes[] = {"", "commercial", "trial", "test", "nfr"};
    const char *id = stanza_get(stanza, "license_id", 0);
    const char *name = stanza_get(stanza, "class", 0);

    expect(stanza, "status", (uint64_t)decision->status);
    if (decision->status != LIC2_STATUS_OK && decision->status < 400) {
        if (decision->license_id[0] != 0 || decision->serial != 0 || decision->quantity != 0) {
            differ("a field of a failed call", "0", 1);
        }
        return;
    }
    expect(stanza, "expires_at", decision->expires_at);
    expect(stanza, "grace_until", decision->grace_until);
    expect(stanza, "lease_until", decision->lease_until);
    expect(stanza, "next_deadline", decision->next_deadline);
    expect(stanza, "powered_hours_end", decision->powered_hours_end);
    expect(stanza, "quantity", decision->quantity);
    expect(stanza, "in_grace", (decision->flags & LIC2_DECISION_IN_GRACE) != 0);
    expect(stanza, "serial", decision->serial);
    if (id != NULL && strcmp(id, decision->license_id) != 0) {
        differ(decision->license_id, id, 0);
    }
    if (name != NULL && (decision->license_class > 4 || strcmp(name, classes[decision->license_class]) != 0)) {
        differ("class", name, decision->license_class);
    }
}

/* The type of a feature in the words of the vector files. */
static const char *type_of(const lic2_feature *feature)
{
    switch (feature->type) {
    case LIC2_FEATURE_FLAG:
        return "flag";
    case LIC2_FEATURE_LIMIT:
        return "limit";
    case LIC2_FEATURE_QUOTA:
        return (feature->flags & LIC2_FEATURE_OVERAGE) != 0 ? "overage" : "quota";
    case LIC2_FEATURE_TEXT:
        return "text";
    default:
        return "-";
    }
}

/* The value in the words of the vector files: decimal, or hex of a text, or `-`. */
static void value_of(const lic2_feature *feature, char *text)
{
    size_t index;

    strcpy(text, "-");
    if (feature->type == LIC2_FEATURE_LIMIT || feature->type == LIC2_FEATURE_QUOTA) {
        sprintf(text, "%llu", (unsigned long long)feature->value);
    }
    for (index = 0; feature->type == LIC2_FEATURE_TEXT && feature->text[index] != 0; index++) {
        sprintf(text + 2 * index, "%02x", (unsigned)(unsigned char)feature->text[index]);
    }
}

/* Compares one feature with its line: NAME STATUS TYPE VALUE EXPIRES. */
static void expect_feature(const struct input *input, const lic2_license *license, const char *line)
{
    char name[64], status[16], type[16], value[192], expires[32], found[192];
    lic2_feature feature;

    if (sscanf(line, "%63s %15s %15s %191s %31s", name, status, type, value, expires) != 5) {
        give_up("not a feature", line);
    }
    memset(&feature, 0x5A, sizeof feature);
    feature.struct_size = (uint32_t)sizeof feature;
    feature.verdict = LIC2_VERDICT_GRANTED;
    feature.verdict_check = LIC2_VERDICT_DENIED;
    lic2_license_feature(license, &input->facts, name, strlen(name), &feature);
    if (LIC2_GRANTED(&feature) != (feature.status == LIC2_STATUS_OK)) {
        differ("verdict of a feature", line, feature.verdict);
    }
    if (decimal(status) != (uint64_t)feature.status) {
        differ(name, line, (uint64_t)feature.status);
    }
    if (feature.status != LIC2_STATUS_OK && (feature.value != 0 || feature.text[0] != 0)) {
        differ("value of a refused feature", "0", feature.value);
    }
    if (feature.status != LIC2_STATUS_OK && feature.status < 400) {
        return;
    }
    value_of(&feature, found);
    if (strcmp(type, type_of(&feature)) != 0) {
        differ("type", line, feature.type);
    }
    if (LIC2_GRANTED(&feature) && strcmp(value, found) != 0) {
        differ("value", line, feature.value);
    }
    if ((strcmp(expires, "-") == 0 ? 0 : decimal(expires)) != feature.expires_at) {
        differ("expires_at", line, feature.expires_at);
    }
}

/* Checks the code of a case. The decision holds a granting value before. */
/* After a success the license can be asked, after a failure it holds nothing. */
static void expect_license(const lic2_license *license, lic2_status status)
{
    char product[LIC2_TEXT_BYTES];
    size_t product_len;
    const lic2_status wanted = status == LIC2_STATUS_OK ? LIC2_STATUS_OK : LIC2_STATUS_NOT_INITIALIZED;
    const lic2_status asked = lic2_license_text(license, LIC2_TEXT_PRODUCT, product, sizeof product, &product_len);

    if (asked != wanted) {
        differ("status of lic2_license_text", wanted == LIC2_STATUS_OK ? "0" : "105", (uint64_t)asked);
    }
}

/* lic2_code_verify says the same of the code as lic2_code_check. */
static void expect_same_without_facts(const struct input *input, lic2_status checked)
{
    lic2_license license;
    lic2_status status;

    LIC2_INIT(&license);
    status = lic2_code_verify(&input->ring, (const char *)input->text, input->text_len, &license);
    if (status != checked) {
        differ("status of lic2_code_verify", "that of lic2_code_check", (uint64_t)status);
    }
    expect_license(&license, status);
}

static void run_code(const struct stanza *stanza, const struct input *input)
{
    lic2_license license;
    lic2_decision decision;
    lic2_status status;
    const char *line;
    int index;

    LIC2_INIT(&license);
    memset(&decision, 0x5A, sizeof decision);
    decision.struct_size = (uint32_t)sizeof decision;
    decision.verdict = LIC2_VERDICT_GRANTED;
    decision.verdict_check = LIC2_VERDICT_DENIED;
    status = lic2_code_check(&input->ring, (const char *)input->text, input->text_len, &input->facts, &license,
                             &decision);
    if (LIC2_GRANTED(&decision) != (decision.status == LIC2_STATUS_OK)) {
        differ("verdict", "what status says", decision.verdict);
    }
    if (status != LIC2_STATUS_OK && (int32_t)status != decision.status) {
        differ("return value", "that of decision.status", (uint64_t)status);
    }
    expect_decision(stanza, &decision);
    if (status != LIC2_STATUS_INVALID_ARGUMENT) {
        expect_same_without_facts(input, status);
        expect_license(&license, status);
    }
    if (status == LIC2_STATUS_INVALID_ARGUMENT) {
        /* The facts were wrong; the features shall say the same of a good license. */
        status = lic2_code_verify(&input->ring, (const char *)input->text, input->text_len, &license);
        if (status != LIC2_STATUS_OK) {
            differ("status of lic2_code_verify", "0", (uint64_t)status);
        }
    }
    for (index = 0; (line = stanza_get(stanza, "feature", index)) != NULL; index++) {
        expect_feature(input, &license, line);
    }
}

static void run(const char *path, const struct stanza *stanza)
{
    static struct input input;
    lic2_status status;

    case_count++;
    case_path = path;
    case_name = stanza->name;
    check_keys(stanza);
    memset(&input, 0, sizeof input);
    open_input(stanza, &input);
    status = open_ring(stanza, &input.ring);
    if (stanza_get(stanza, "ring_status", 0) != NULL) {
        expect(stanza, "ring_status", (uint64_t)status);
    } else if (status != LIC2_STATUS_OK) {
        differ("status of the key ring", "0", (uint64_t)status);
    } else {
        run_code(stanza, &input);
    }
    close_input(&input);
}

int main(int argc, char **argv)
{
    int index;

    for (index = 1; index < argc; index++) {
        stanza_each(argv[index], run);
    }
    printf("%d cases, %d differences\n", case_count, failure_count);
    return failure_count == 0 && case_count != 0 ? 0 : 1;
}
