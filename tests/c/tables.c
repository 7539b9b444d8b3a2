/* Tables of anchors: the same answers as without, and refused when they are wrong. */
#include "check.h"

#ifndef LIC2_TABLES
#error "this header belongs to an archive without tables"
#endif

#include "anchor.h"
#include "sample.h"
#include "table.h"

#define TABLE lic2_anchor_table_e7fa0614
#define WORDS (sizeof TABLE / sizeof TABLE[0])

static const uint8_t esn[] = "2102312ABC0123456789";
static lic2_keyring ring;
static uint32_t copy[WORDS];

static int32_t check_code(const char *code)
{
    static lic2_license license;
    lic2_component component;
    lic2_facts facts;
    lic2_decision decision;

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
    (void)lic2_code_check(&ring, code, strlen(code), &facts, &license, &decision);
    CHECK(LIC2_GRANTED(&decision) == (decision.status == LIC2_STATUS_OK));
    return decision.status;
}

static void init_ring(void)
{
    LIC2_INIT(&ring);
    CHECK(lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors) == LIC2_STATUS_OK);
}

static void answers_are_those_without_a_table(void)
{
    int with_table;

    for (with_table = 0; with_table < 2; with_table++) {
        init_ring();
        if (with_table) {
            CHECK(lic2_keyring_use_table(&ring, TABLE, sizeof TABLE) == LIC2_STATUS_OK);
        }
        CHECK(check_code(sample_usual) == LIC2_STATUS_OK);
        CHECK(check_code(sample_forged) == LIC2_STATUS_SIGNATURE_INVALID);
        CHECK(check_code(sample_issued) == LIC2_STATUS_KEY_UNKNOWN);
        CHECK(lic2_keyring_add_issuer(&ring, sample_certificate, strlen(sample_certificate)) == LIC2_STATUS_OK);
        CHECK(check_code(sample_issued) == LIC2_STATUS_OK);
    }
    /* Wrong numbers, which only the full check finds, make every code a forgery: the table is in use. */
    memcpy(copy, lic2_other_table, sizeof copy);
    init_ring();
    CHECK(lic2_keyring_use_table(&ring, copy, sizeof copy) == LIC2_STATUS_OK);
    CHECK(check_code(sample_usual) == LIC2_STATUS_SIGNATURE_INVALID);
    CHECK(lic2_anchor_table_check(copy, sizeof copy) == LIC2_STATUS_TABLE_INVALID);
    CHECK(lic2_anchor_table_check(TABLE, sizeof TABLE) == LIC2_STATUS_OK);
    init_ring();
    CHECK(check_code(sample_usual) == LIC2_STATUS_OK);
}

static void damaged_tables_are_refused(void)
{
    size_t word;

    init_ring();
    for (word = 0; word < WORDS; word++) {
        memcpy(copy, TABLE, sizeof copy);
        copy[word] ^= (uint32_t)1 << word % 32;
        CHECK(lic2_keyring_use_table(&ring, copy, sizeof copy) == LIC2_STATUS_TABLE_INVALID);
        CHECK(lic2_anchor_table_check(copy, sizeof copy) == LIC2_STATUS_TABLE_INVALID);
    }
    CHECK(lic2_keyring_use_table(&ring, TABLE, sizeof TABLE - 4) == LIC2_STATUS_TABLE_INVALID);
    CHECK(lic2_anchor_table_check(TABLE, sizeof TABLE + 4) == LIC2_STATUS_TABLE_INVALID);
    CHECK(lic2_anchor_table_check(TABLE, 0) == LIC2_STATUS_TABLE_INVALID);
    /* The ring is as it was. */
    CHECK(check_code(sample_usual) == LIC2_STATUS_OK);
}

static void tables_belong_to_anchors(void)
{
    uint8_t other[LIC2_KEY_BYTES];

    /* The point with the other x has the same key id. */
    memcpy(other, lic2_anchors, sizeof other);
    other[LIC2_KEY_BYTES - 1] ^= 0x80;
    LIC2_INIT(&ring);
    CHECK(lic2_keyring_init(&ring, other, sizeof other) == LIC2_STATUS_OK);
    CHECK(lic2_keyring_use_table(&ring, TABLE, sizeof TABLE) == LIC2_STATUS_TABLE_KEY);
}

static void misuse_is_refused(void)
{
    LIC2_INIT(&ring);
    CHECK(lic2_keyring_use_table(&ring, TABLE, sizeof TABLE) == LIC2_STATUS_NOT_INITIALIZED);
    /* Nothing in a ring without its mark is taken for the address of a table. */
    memset(&ring, 0xA5, sizeof ring);
    ring.struct_size = sizeof ring;
    CHECK(lic2_keyring_use_table(&ring, TABLE, sizeof TABLE) == LIC2_STATUS_NOT_INITIALIZED);
    CHECK(check_code(sample_usual) == LIC2_STATUS_NOT_INITIALIZED);
    ring.struct_size = 8;
    CHECK(lic2_keyring_use_table(&ring, TABLE, sizeof TABLE) == LIC2_STATUS_STRUCT_SIZE);
    init_ring();
    CHECK(lic2_keyring_use_table(NULL, TABLE, sizeof TABLE) == LIC2_STATUS_NULL_POINTER);
    CHECK(lic2_keyring_use_table(&ring, NULL, sizeof TABLE) == LIC2_STATUS_NULL_POINTER);
    CHECK(lic2_keyring_use_table(&ring, NULL, 0) == LIC2_STATUS_NULL_POINTER);
    CHECK(lic2_keyring_use_table(&ring, (const char *)TABLE + 1, sizeof TABLE) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_anchor_table_check(NULL, sizeof TABLE) == LIC2_STATUS_NULL_POINTER);
    CHECK(lic2_anchor_table_check((const char *)TABLE + 2, sizeof TABLE) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(check_code(sample_usual) == LIC2_STATUS_OK);
}

int main(void)
{
    answers_are_those_without_a_table();
    damaged_tables_are_refused();
    tables_belong_to_anchors();
    misuse_is_refused();
    return check_report();
}
