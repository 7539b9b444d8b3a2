/*
 * What each call takes of the stack, below the stack pointer of the function that calls it. Its callbacks need next to
 * nothing. Prints NAME BYTES, one a line; and "right 1" if every call answered as it should.
 */
#include "stack.h"

#include "anchor.h"
#include "board.h"
#include "engine.h"
#include "print.h"
#include "sample.h"

#define DAY_IN_2027 1800000000u
#define LETTERS(text) (text), sizeof(text) - 1

static volatile uint32_t *end;
static lic2_keyring ring;
static lic2_facts facts;
static lic2_license license;
static lic2_decision decision;
static lic2_meter meter;
static lic2_feature feature;
static char text[LIC2_DOCUMENT_BYTES];
static size_t text_len;
static uint32_t number;

/* Whether a call ended so. Notes the stack pointer behind it, which is that before it. */
#define ENDS(call, wanted) ((call) == (wanted) ? (end = stack_pointer()) != 0 : 0)
#define WORKS(call) ENDS(call, LIC2_STATUS_OK)

static int none(void)
{
    return 1;
}

static int32_t fail_to_write(void *context, uint32_t slot, const uint8_t *bytes, size_t bytes_len)
{
    (void)context;
    (void)slot;
    (void)bytes;
    (void)bytes_len;
    return 1;
}

static int blank(void)
{
    engine_erase();
    return engine_start(lic2_anchors);
}

static int licensed(void)
{
    return blank() && engine_paste(input_metered) == LIC2_OUTCOME_ACTIVATED && engine_granted();
}

/* The store fails from now on, and is read again after that. */
static int licensed_as_it_is(void)
{
    if (!licensed()) {
        return 0;
    }
    engine_config.store.write = fail_to_write;
    return lic2_engine_open(&engine, &engine_config) == LIC2_STATUS_OK;
}

static int selftest(void)
{
    return WORKS(lic2_selftest());
}

static int keyring_init(void)
{
    return WORKS(lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors));
}

static int add_issuer(void)
{
    return WORKS(lic2_keyring_add_issuer(&ring, LETTERS(sample_certificate)));
}

static int ring_and_facts(void)
{
    static const lic2_component esn = {LIC2_COMPONENT_ESN, 0, (const uint8_t *)"2102312ABC0123456789", 20};

    LIC2_INIT(&facts);
    facts.product = "vision-appliance";
    facts.product_len = 16;
    facts.components = &esn;
    facts.components_count = 1;
    facts.now = DAY_IN_2027;
    return keyring_init();
}

static int code_check(void)
{
    return WORKS(lic2_code_check(&ring, LETTERS(sample_usual), &facts, &license, &decision));
}

static int code_check_certificate(void)
{
    return WORKS(lic2_code_check(&ring, LETTERS(sample_certified), &facts, &license, &decision));
}

static int open(void)
{
    return WORKS(lic2_engine_open(&engine, &engine_config));
}

static int apply(void)
{
    return WORKS(lic2_engine_apply(&engine, LETTERS(sample_metered), &number, NULL));
}

static int apply_certificate(void)
{
    return WORKS(lic2_engine_apply(&engine, LETTERS(sample_certified), &number, NULL));
}

static int apply_list(void)
{
    return WORKS(lic2_engine_apply(&engine, LETTERS(sample_list), &number, NULL));
}

static int apply_token(void)
{
    return WORKS(lic2_engine_apply(&engine, LETTERS(sample_token), &number, NULL));
}

static int apply_unstored(void)
{
    return ENDS(lic2_engine_apply(&engine, LETTERS(sample_list), &number, NULL), LIC2_STATUS_STORE_WRITE);
}

static int check(void)
{
    return WORKS(lic2_engine_check(&engine, &decision));
}

static int ask_feature(void)
{
    return WORKS(lic2_engine_feature(&engine, LETTERS("channels"), &feature));
}

static int consume(void)
{
    return WORKS(lic2_engine_consume(&engine, LETTERS("scans"), 1, 0, &meter));
}

static int consume_unstored(void)
{
    return ENDS(lic2_engine_consume(&engine, LETTERS("scans"), 1, 0, &meter), LIC2_STATUS_STORE_WRITE);
}

static int request(void)
{
    return WORKS(lic2_engine_request(&engine, NULL, text, sizeof text, &text_len));
}

static int usage(void)
{
    return WORKS(lic2_engine_usage(&engine, NULL, 0, NULL, 0, text, sizeof text, &text_len, &number));
}

static int usage_unstored(void)
{
    return ENDS(lic2_engine_usage(&engine, NULL, 0, NULL, 0, text, sizeof text, &text_len, &number),
                LIC2_STATUS_STORE_WRITE);
}

static int deactivate(void)
{
    return WORKS(lic2_engine_deactivate(&engine, LETTERS("PL-20261122-00000042"), NULL, 0, text, sizeof text, &text_len));
}

static int deactivate_unstored(void)
{
    return ENDS(lic2_engine_deactivate(&engine, LETTERS("PL-20261122-00000042"), NULL, 0, text, sizeof text, &text_len),
                LIC2_STATUS_STORE_WRITE);
}

static int status_text(void)
{
    return WORKS(lic2_engine_status_text(&engine, text, sizeof text, &text_len));
}

static const struct {
    const char *name;
    int (*prepare)(void);
    int (*work)(void);
} calls[] = {
    {"selftest ", none, selftest},
    {"keyring_init ", none, keyring_init},
    {"add_issuer ", ring_and_facts, add_issuer},
    {"code_check ", ring_and_facts, code_check},
    {"code_check_certificate ", ring_and_facts, code_check_certificate},
    {"open ", licensed, open},
    {"apply ", blank, apply},
    {"apply_certificate ", blank, apply_certificate},
    {"apply_list ", licensed, apply_list},
    {"apply_token ", licensed, apply_token},
    {"apply_unstored ", licensed_as_it_is, apply_unstored},
    {"check ", licensed, check},
    {"feature ", licensed, ask_feature},
    {"consume ", licensed, consume},
    {"consume_unstored ", licensed_as_it_is, consume_unstored},
    {"request ", licensed, request},
    {"usage ", licensed, usage},
    {"usage_unstored ", licensed_as_it_is, usage_unstored},
    {"deactivate ", licensed, deactivate},
    {"deactivate_unstored ", licensed_as_it_is, deactivate_unstored},
    {"status_text ", licensed, status_text},
};

void firmware(void)
{
    size_t index;
    uint32_t right = 1;

    for (index = 0; index < sizeof calls / sizeof calls[0]; index++) {
        const int prepared = calls[index].prepare();
        const uint32_t bytes = stack_of(calls[index].work, &end);

        right &= (uint32_t)(prepared != 0 && bytes != 0);
        print_number(calls[index].name, bytes);
    }
    print_number("right ", right);
}
