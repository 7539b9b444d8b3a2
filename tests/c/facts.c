/* Wrong facts, wrong keys and wrong texts: each has its status, and nothing is granted. */
#include "calls.h"

/* A change to good facts, and what it has to give. */
typedef void (*spoil)(lic2_facts *facts, lic2_component *components);

static void unknown_flag(lic2_facts *facts, lic2_component *components)
{
    (void)components;
    facts->flags |= 8;
}

static void highest_flag(lic2_facts *facts, lic2_component *components)
{
    (void)components;
    facts->flags |= 0x80000000u;
}

static void reserved_used(lic2_facts *facts, lic2_component *components)
{
    (void)components;
    facts->reserved = 1;
}

static void product_not_utf8(lic2_facts *facts, lic2_component *components)
{
    (void)components;
    facts->product = "vision\xff";
    facts->product_len = 7;
}

static void product_endless(lic2_facts *facts, lic2_component *components)
{
    (void)components;
    facts->product_len = SIZE_MAX - 1;
}

static void too_many_components(lic2_facts *facts, lic2_component *components)
{
    (void)components;
    facts->components_count = 17;
}

static void endless_components(lic2_facts *facts, lic2_component *components)
{
    (void)components;
    facts->components_count = SIZE_MAX;
}

static void misaligned_components(lic2_facts *facts, lic2_component *components)
{
    facts->components = (const lic2_component *)(void *)((char *)components + 1);
}

static void kind_0(lic2_facts *facts, lic2_component *components)
{
    (void)facts;
    components->kind = 0;
}

static void kind_256(lic2_facts *facts, lic2_component *components)
{
    (void)facts;
    components->kind = 256 + LIC2_COMPONENT_ESN;
}

static void component_reserved(lic2_facts *facts, lic2_component *components)
{
    (void)facts;
    components->reserved = 1;
}

static void value_too_long(lic2_facts *facts, lic2_component *components)
{
    (void)facts;
    components->value_len = LIC2_COMPONENT_VALUE_MAX + 1;
}

static void key_of_31_bytes(lic2_facts *facts, lic2_component *components)
{
    (void)components;
    facts->device_key = lic2_anchors;
    facts->device_key_len = 31;
}

static void key_of_33_bytes(lic2_facts *facts, lic2_component *components)
{
    (void)components;
    facts->device_key = (const uint8_t *)sample_usual;
    facts->device_key_len = 33;
}

static void product_null(lic2_facts *facts, lic2_component *components)
{
    (void)components;
    facts->product = NULL;
}

static void components_null(lic2_facts *facts, lic2_component *components)
{
    (void)components;
    facts->components = NULL;
}

static void value_null(lic2_facts *facts, lic2_component *components)
{
    (void)facts;
    components->value = NULL;
}

static void key_null(lic2_facts *facts, lic2_component *components)
{
    (void)components;
    facts->device_key_len = 32;
}

static const struct {
    const char *name;
    spoil change;
    lic2_status expected;
} wrong[] = {
    {"unknown flag", unknown_flag, LIC2_STATUS_INVALID_ARGUMENT},
    {"highest flag", highest_flag, LIC2_STATUS_INVALID_ARGUMENT},
    {"reserved used", reserved_used, LIC2_STATUS_INVALID_ARGUMENT},
    {"product not UTF-8", product_not_utf8, LIC2_STATUS_INVALID_ARGUMENT},
    {"product endless", product_endless, LIC2_STATUS_INVALID_ARGUMENT},
    {"17 components", too_many_components, LIC2_STATUS_INVALID_ARGUMENT},
    {"endless components", endless_components, LIC2_STATUS_INVALID_ARGUMENT},
    {"misaligned components", misaligned_components, LIC2_STATUS_INVALID_ARGUMENT},
    {"kind 0", kind_0, LIC2_STATUS_INVALID_ARGUMENT},
    {"kind 261", kind_256, LIC2_STATUS_INVALID_ARGUMENT},
    {"component reserved", component_reserved, LIC2_STATUS_INVALID_ARGUMENT},
    {"value too long", value_too_long, LIC2_STATUS_INVALID_ARGUMENT},
    {"key of 31 bytes", key_of_31_bytes, LIC2_STATUS_INVALID_ARGUMENT},
    {"key of 33 bytes", key_of_33_bytes, LIC2_STATUS_INVALID_ARGUMENT},
    {"product NULL", product_null, LIC2_STATUS_NULL_POINTER},
    {"components NULL", components_null, LIC2_STATUS_NULL_POINTER},
    {"value NULL", value_null, LIC2_STATUS_NULL_POINTER},
    {"key NULL", key_null, LIC2_STATUS_NULL_POINTER},
};

static void wrong_facts_are_refused(void)
{
    size_t index;
    int call;

    for (index = 0; index < sizeof wrong / sizeof wrong[0]; index++) {
        for (call = 0; call < CALLS; call++) {
            struct world world;
            lic2_status status;

            if (!takes[call][FACTS]) {
                continue;
            }
            world_open(&world);
            wrong[index].change((lic2_facts *)world.at[FACTS], &world.esn);
            status = perform(call, &world, world.at);
            if (status != wrong[index].expected || !outputs_deny(call, world.at, ARGUMENTS, status)) {
                printf("%s, %s: status %d\n", wrong[index].name, call_names[call], (int)status);
                check_failures++;
            }
            check_count++;
            world_close(&world);
        }
    }
}

static void anchors(size_t length, const uint8_t *bytes, lic2_status expected)
{
    struct world world;

    world_open(&world);
    replace(&world, ANCHORS, block(bytes, length, length, 0));
    world.anchors_len = length;
    CHECK(perform(INIT, &world, world.at) == expected);
    CHECK((expected == LIC2_STATUS_OK) == !ring_denies((lic2_keyring *)world.at[RING]));
    world_close(&world);
}

static void wrong_anchors_are_refused(void)
{
    uint8_t keys[5 * LIC2_KEY_BYTES];
    int index;

    memset(keys, 0, sizeof keys);
    for (index = 0; index < 5; index++) {
        memcpy(keys + index * LIC2_KEY_BYTES, lic2_anchors, LIC2_KEY_BYTES);
    }
    anchors(32, keys, LIC2_STATUS_OK);
    anchors(0, keys, LIC2_STATUS_INVALID_ARGUMENT);
    anchors(31, keys, LIC2_STATUS_INVALID_ARGUMENT);
    anchors(33, keys, LIC2_STATUS_INVALID_ARGUMENT);
    anchors(64, keys, LIC2_STATUS_KEY_DUPLICATE);
    memset(keys, 0, 32);
    anchors(64, keys, LIC2_STATUS_KEY_INVALID);
}

/* Checks a text, filled up with the letter A to `length` bytes. */
static lic2_status paste_filled(const void *text, size_t size, size_t length)
{
    struct world world;
    lic2_status status;

    world_open(&world);
    replace(&world, CODE, block(text, size, length, 'A'));
    world.code_len = length;
    status = perform(CHECK_CODE, &world, world.at);
    CHECK(status == LIC2_STATUS_OK || outputs_deny(CHECK_CODE, world.at, ARGUMENTS, status));
    CHECK(LIC2_GRANTED((lic2_decision *)world.at[DECISION]) == (status == LIC2_STATUS_OK));
    world_close(&world);
    return status;
}

/* Checks a text of `length` bytes. */
static lic2_status paste(const void *text, size_t length)
{
    return paste_filled(text, length, length);
}

static void bad_texts_have_defined_results(void)
{
    const size_t length = strlen(sample_usual);
    char text[2 * sizeof sample_usual];
    size_t index;

    CHECK(paste(sample_usual, length) == LIC2_STATUS_OK);
    CHECK(paste("", 0) == LIC2_STATUS_TEXT_EMPTY);
    CHECK(paste("L", 1) == LIC2_STATUS_TEXT_PREFIX);
    CHECK(paste(" \r\n", 3) == LIC2_STATUS_TEXT_EMPTY);
    CHECK(paste_filled("LIC2C.AUMB", 10, (size_t)10 * 1024 * 1024) == LIC2_STATUS_TEXT_TOO_LONG);
    CHECK(paste_filled("", 0, (size_t)10 * 1024 * 1024) == LIC2_STATUS_TEXT_TOO_LONG);
    /* The first bytes announce a later format. */
    CHECK(paste_filled("LIC2C.", 6, (size_t)10 * 1024 * 1024) == LIC2_STATUS_FORMAT_VERSION);
    memcpy(text, sample_usual, length);
    memcpy(text + length, sample_usual, length);
    CHECK(paste(text, 2 * length) == LIC2_STATUS_TEXT_SEVERAL);
    memset(text, 0, sizeof text);
    CHECK(paste(text, length) == LIC2_STATUS_TEXT_PREFIX);
    /* Every truncation, every changed character and every appended one. */
    for (index = 0; index < length; index++) {
        CHECK(paste(sample_usual, index) != LIC2_STATUS_OK);
        memcpy(text, sample_usual, length);
        text[index] = text[index] == 'A' ? 'B' : 'A';
        CHECK(paste(text, length) != LIC2_STATUS_OK);
    }
    memcpy(text, sample_usual, length);
    text[length] = 'A';
    CHECK(paste(text, length + 1) == LIC2_STATUS_TEXT_DAMAGED);
    text[length] = '\n';
    CHECK(paste(text, length + 1) == LIC2_STATUS_OK);
}

int main(void)
{
    wrong_facts_are_refused();
    wrong_anchors_are_refused();
    bad_texts_have_defined_results();
    return check_report();
}
