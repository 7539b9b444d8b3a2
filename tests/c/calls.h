/*
 * Every function that has pointers, callable through one table: which arguments it takes, and whether its outputs
 * deny afterwards. The arguments point to blocks of exactly their size, so that a memory checker sees a byte too far.
 */
#ifndef CALLS_H
#define CALLS_H

#include <stdlib.h>

#include "known.h"

enum call { INIT, ADD, VERIFY, CHECK_CODE, DECIDE, FEATURE, FEATURE_AT, TEXT, ITEM, CALLS };

/* The pointer arguments of all functions. */
enum argument { RING, ANCHORS, CERTIFICATE, CODE, FACTS, LICENSE, DECISION, FEATURE_OUT, NAME, BUFFER, LENGTH, ARGUMENTS };

static const char *const call_names[CALLS] = {"keyring_init", "add_issuer", "verify", "check", "decide", "feature",
                                              "feature_at", "text", "item"};

/* Which arguments each function takes. */
static const char takes[CALLS][ARGUMENTS] = {
    /*                RING ANCH CERT CODE FACT LICE DECI FEAT NAME BUFF LENG */
    /* INIT */       {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    /* ADD */        {1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0},
    /* VERIFY */     {1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0},
    /* CHECK_CODE */ {1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0},
    /* DECIDE */     {0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0},
    /* FEATURE */    {0, 0, 0, 0, 1, 1, 0, 1, 1, 0, 0},
    /* FEATURE_AT */ {0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0},
    /* TEXT */       {0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1},
    /* ITEM */       {0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1},
};

#define BUFFER_LEN 72

struct world {
    void *at[ARGUMENTS];
    size_t anchors_len, certificate_len, code_len, name_len, decision_size, feature_size;
    lic2_component esn;
};

/* A block of `length` bytes that begins with `bytes`, filled up with `fill`. */
static void *block(const void *bytes, size_t size, size_t length, int fill)
{
    char *memory = (char *)malloc(length == 0 ? 1 : length);

    if (memory == NULL) {
        abort();
    }
    memset(memory, fill, length);
    if (bytes != NULL) {
        memcpy(memory, bytes, size < length ? size : length);
    }
    return memory;
}

static void replace(struct world *world, int argument, void *memory)
{
    free(world->at[argument]);
    world->at[argument] = memory;
}

/* Answers as a program would love to see them. */
static void grant(lic2_decision *decision, lic2_feature *feature)
{
    memset(decision, 0x5A, sizeof *decision);
    decision->struct_size = (uint32_t)sizeof *decision;
    decision->verdict = LIC2_VERDICT_GRANTED;
    decision->verdict_check = LIC2_VERDICT_DENIED;
    decision->status = LIC2_STATUS_OK;
    memset(feature, 0x5A, sizeof *feature);
    feature->struct_size = (uint32_t)sizeof *feature;
    feature->verdict = LIC2_VERDICT_GRANTED;
    feature->verdict_check = LIC2_VERDICT_DENIED;
    feature->status = LIC2_STATUS_OK;
}

/* Arguments with which every function succeeds; the outputs already hold granting values. */
static void world_open(struct world *world)
{
    lic2_keyring ring;
    lic2_license license;
    lic2_facts facts;
    lic2_decision decision;
    lic2_feature feature;

    memset(world, 0, sizeof *world);
    sample_ring(&ring);
    LIC2_INIT(&license);
    CHECK(lic2_code_verify(&ring, sample_rich, strlen(sample_rich), &license) == LIC2_STATUS_OK);
    sample_facts(&facts, &world->esn);
    grant(&decision, &feature);
    world->anchors_len = sizeof lic2_anchors;
    world->certificate_len = strlen(sample_certificate);
    world->code_len = strlen(sample_rich);
    world->name_len = 4;
    world->decision_size = sizeof decision;
    world->feature_size = sizeof feature;
    world->at[RING] = block(&ring, sizeof ring, sizeof ring, 0);
    world->at[ANCHORS] = block(lic2_anchors, sizeof lic2_anchors, sizeof lic2_anchors, 0);
    world->at[CERTIFICATE] = block(sample_certificate, world->certificate_len, world->certificate_len, 0);
    world->at[CODE] = block(sample_rich, world->code_len, world->code_len, 0);
    world->at[FACTS] = block(&facts, sizeof facts, sizeof facts, 0);
    world->at[LICENSE] = block(&license, sizeof license, sizeof license, 0);
    world->at[DECISION] = block(&decision, sizeof decision, sizeof decision, 0);
    world->at[FEATURE_OUT] = block(&feature, sizeof feature, sizeof feature, 0);
    world->at[NAME] = block("flag", 4, 4, 0);
    world->at[BUFFER] = block(NULL, 0, BUFFER_LEN, 'x');
    world->at[LENGTH] = block(NULL, 0, sizeof(size_t), 0x5A);
}

static void world_close(struct world *world)
{
    int argument;

    for (argument = 0; argument < ARGUMENTS; argument++) {
        free(world->at[argument]);
    }
}

/* Calls the function with these arguments. */
static lic2_status perform(int call, const struct world *world, void *const at[ARGUMENTS])
{
    lic2_keyring *ring = (lic2_keyring *)at[RING];
    lic2_license *license = (lic2_license *)at[LICENSE];
    lic2_decision *decision = (lic2_decision *)at[DECISION];
    lic2_feature *feature = (lic2_feature *)at[FEATURE_OUT];
    const lic2_facts *facts = (const lic2_facts *)at[FACTS];
    const char *code = (const char *)at[CODE];
    size_t *length = (size_t *)at[LENGTH];

    switch (call) {
    case INIT:
        return lic2_keyring_init(ring, (const uint8_t *)at[ANCHORS], world->anchors_len);
    case ADD:
        return lic2_keyring_add_issuer(ring, (const char *)at[CERTIFICATE], world->certificate_len);
    case VERIFY:
        return lic2_code_verify(ring, code, world->code_len, license);
    case CHECK_CODE:
        return lic2_code_check_sized(ring, code, world->code_len, facts, license, decision, world->decision_size);
    case DECIDE:
        return lic2_license_decide_sized(license, facts, decision, world->decision_size);
    case FEATURE:
        return lic2_license_feature_sized(license, facts, (const char *)at[NAME], world->name_len, feature,
                                          world->feature_size);
    case FEATURE_AT:
        return lic2_license_feature_at_sized(license, facts, 1, feature, world->feature_size);
    case TEXT:
        return lic2_license_text(license, LIC2_TEXT_EDITION, (char *)at[BUFFER], BUFFER_LEN, length);
    default:
        return lic2_license_item(license, 1000, (uint8_t *)at[BUFFER], BUFFER_LEN, length);
    }
}

/* Whether this license permits nothing, asked with good facts. */
static int license_denies(const lic2_license *license)
{
    lic2_component esn;
    lic2_facts facts;
    lic2_decision decision;

    sample_facts(&facts, &esn);
    LIC2_INIT(&decision);
    return lic2_license_decide(license, &facts, &decision) != LIC2_STATUS_OK && !LIC2_GRANTED(&decision);
}

/* Whether this ring accepts nothing. */
static int ring_denies(const lic2_keyring *ring)
{
    lic2_license license;

    LIC2_INIT(&license);
    return lic2_code_verify(ring, sample_usual, strlen(sample_usual), &license) != LIC2_STATUS_OK;
}

/* Whether all that a failed call has written denies. `skip` is the argument that was broken. */
static int outputs_deny(int call, void *const at[ARGUMENTS], int skip, lic2_status status)
{
    const lic2_decision *decision = (const lic2_decision *)at[DECISION];
    const lic2_feature *feature = (const lic2_feature *)at[FEATURE_OUT];

    if (call == INIT && skip != RING) {
        return ring_denies((const lic2_keyring *)at[RING]);
    }
    if ((call == VERIFY || call == CHECK_CODE) && skip != LICENSE && !license_denies((const lic2_license *)at[LICENSE])) {
        return 0;
    }
    if ((call == CHECK_CODE || call == DECIDE) && skip != DECISION) {
        return !LIC2_GRANTED(decision) && decision->status == status && decision->quantity == 0 &&
               decision->license_id[0] == 0;
    }
    if ((call == FEATURE || call == FEATURE_AT) && skip != FEATURE_OUT) {
        return !LIC2_GRANTED(feature) && feature->status == status && feature->value == 0 &&
               feature->text[0] == 0;
    }
    if ((call == TEXT || call == ITEM) && skip != BUFFER) {
        return ((const char *)at[BUFFER])[0] == 0;
    }
    return 1;
}

#endif
