/*
 * Every function of an engine, callable through one table, as in calls.h: which arguments it takes, and whether its
 * outputs deny afterwards. The arguments point to blocks of exactly their size.
 */
#ifndef ENGINE_CALLS_H
#define ENGINE_CALLS_H

#include <stdlib.h>

#include "device.h"

enum call {
    OPEN, APPLY, CHECK_ENGINE, FEATURE, SETTLE, REVERIFY, CONSUME, GIVE_BACK, METER_READ, ACQUIRE, REQUEST, DEACTIVATE,
    USAGE, ACCEPTED, STATUS, LICENSE_AT, STATUS_TEXT, LICENSE_TEXT, LICENSE_ITEM, CALLS
};

/* The pointer arguments of all functions. */
enum argument {
    ENGINE, CONFIG, DOCUMENT, NAME, SEATS, ASK, ENTROPY, DECISION, FEATURE_OUT, METER, INFO, BUFFER, LENGTH, NUMBER, TIME,
    ARGUMENTS
};

static const char *const call_names[CALLS] = {
    "open", "apply", "check", "feature", "settle", "reverify", "consume", "give_back", "meter", "acquire", "request",
    "deactivate", "usage", "usage_accepted", "status", "license_at", "status_text", "license_text", "license_item"};

/* Which arguments each function takes. For a request the ask may be NULL, which is tested elsewhere. */
static const char takes[CALLS][ARGUMENTS] = {
    /*                  ENGI CONF DOCU NAME SEAT ASK ENTR DECI FEAT METE INFO BUFF LENG NUMB TIME */
    /* OPEN */         {1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    /* APPLY */        {1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0},
    /* CHECK_ENGINE */ {1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0},
    /* FEATURE */      {1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0},
    /* SETTLE */       {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    /* REVERIFY */     {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    /* CONSUME */      {1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0},
    /* GIVE_BACK */    {1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0},
    /* METER_READ */   {1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0},
    /* ACQUIRE */      {1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0},
    /* REQUEST */      {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0},
    /* DEACTIVATE */   {1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0},
    /* USAGE */        {1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 0},
    /* ACCEPTED */     {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0},
    /* STATUS */       {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0},
    /* LICENSE_AT */   {1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1},
    /* STATUS_TEXT */  {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0},
    /* LICENSE_TEXT */ {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0},
    /* LICENSE_ITEM */ {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0},
};

static const char license_id[] = "PL-20261122-00000042";

struct world {
    void *at[ARGUMENTS];
    size_t size[ARGUMENTS];
    size_t name_len;
    struct device device;
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

static void put(struct world *world, int argument, const void *bytes, size_t size)
{
    world->at[argument] = block(bytes, size, size, 0x5A);
    world->size[argument] = size;
}

/* An output as a program would love to see it. */
static void put_granted(struct world *world, int argument, size_t size)
{
    const uint32_t head[4] = {(uint32_t)size, LIC2_VERDICT_GRANTED, LIC2_VERDICT_DENIED, LIC2_STATUS_OK};

    world->at[argument] = block(head, sizeof head, size, 0x5A);
    world->size[argument] = size;
}

/* Arguments with which `call` succeeds; the outputs already hold granting values. */
static void world_open(struct world *world, int call)
{
    const int named = call == DEACTIVATE || call == USAGE;
    const char *name = named ? license_id : call == ACQUIRE ? "channels" : "scans";
    lic2_engine engine;
    lic2_ask ask;
    char text[LIC2_DOCUMENT_BYTES];
    uint32_t number;
    size_t length;

    memset(world, 0, sizeof *world);
    device_init(&world->device, 0);
    LIC2_INIT(&engine);
    LIC2_INIT(&ask);
    CHECK(lic2_engine_open(&engine, &world->device.config) == LIC2_STATUS_OK);
    CHECK(lic2_engine_apply(&engine, sample_metered, strlen(sample_metered), &number, NULL) == LIC2_STATUS_OK);
    CHECK(lic2_engine_usage(&engine, NULL, 0, NULL, 0, text, sizeof text, &length, &number) == LIC2_STATUS_OK);
    world->name_len = strlen(name);
    put(world, ENGINE, &engine, sizeof engine);
    put(world, CONFIG, &world->device.config, sizeof world->device.config);
    put(world, DOCUMENT, sample_list, strlen(sample_list));
    put(world, NAME, name, world->name_len);
    world->at[SEATS] = block(NULL, 0, 2 * sizeof(lic2_seat), 0);
    put(world, ASK, &ask, sizeof ask);
    put(world, ENTROPY, "entropy", 7);
    put_granted(world, DECISION, sizeof(lic2_decision));
    put_granted(world, FEATURE_OUT, sizeof(lic2_feature));
    put_granted(world, METER, sizeof(lic2_meter));
    put_granted(world, INFO, sizeof(lic2_engine_info));
    put(world, BUFFER, NULL, sizeof text);
    put(world, LENGTH, NULL, sizeof length);
    put(world, NUMBER, NULL, sizeof number);
    put(world, TIME, NULL, sizeof(uint64_t));
}

static void world_close(struct world *world)
{
    int argument;

    for (argument = 0; argument < ARGUMENTS; argument++) {
        free(world->at[argument]);
    }
}

static lic2_status perform_writing(int call, lic2_engine *engine, const struct world *world, void *const at[ARGUMENTS])
{
    const char *name = (const char *)at[NAME];
    const uint8_t *entropy = (const uint8_t *)at[ENTROPY];
    char *buffer = (char *)at[BUFFER];
    size_t *length = (size_t *)at[LENGTH];
    const size_t room = LIC2_DOCUMENT_BYTES;

    switch (call) {
    case REQUEST:
        return lic2_engine_request(engine, (const lic2_ask *)at[ASK], buffer, room, length);
    case DEACTIVATE:
        return lic2_engine_deactivate(engine, name, world->name_len, entropy, 7, buffer, room, length);
    case USAGE:
        return lic2_engine_usage(engine, name, world->name_len, entropy, 7, buffer, room, length, (uint32_t *)at[NUMBER]);
    case STATUS_TEXT:
        return lic2_engine_status_text(engine, buffer, room, length);
    case LICENSE_TEXT:
        return lic2_engine_license_text(engine, LIC2_TEXT_PRODUCT, buffer, room, length);
    default:
        return lic2_engine_license_item(engine, 1000, (uint8_t *)at[BUFFER], room, length);
    }
}

/* Calls the function with these arguments. */
static lic2_status perform(int call, const struct world *world, void *const at[ARGUMENTS])
{
    lic2_engine *engine = (lic2_engine *)at[ENGINE];
    const char *name = (const char *)at[NAME];
    lic2_decision *decision = (lic2_decision *)at[DECISION];
    lic2_meter *meter = (lic2_meter *)at[METER];

    switch (call) {
    case OPEN:
        return lic2_engine_open(engine, (const lic2_config *)at[CONFIG]);
    case APPLY:
        return lic2_engine_apply(engine, (const char *)at[DOCUMENT], world->size[DOCUMENT], (uint32_t *)at[NUMBER], NULL);
    case CHECK_ENGINE:
        return lic2_engine_check_sized(engine, decision, world->size[DECISION]);
    case FEATURE:
        return lic2_engine_feature_sized(engine, name, world->name_len, (lic2_feature *)at[FEATURE_OUT],
                                         world->size[FEATURE_OUT]);
    case SETTLE:
        return lic2_engine_settle(engine);
    case REVERIFY:
        return lic2_engine_reverify(engine);
    case CONSUME:
        return lic2_engine_consume_sized(engine, name, world->name_len, 1, 0, meter, world->size[METER]);
    case GIVE_BACK:
        return lic2_engine_give_back_sized(engine, name, world->name_len, 1, meter, world->size[METER]);
    case METER_READ:
        return lic2_engine_meter_sized(engine, name, world->name_len, meter, world->size[METER]);
    case ACQUIRE:
        return lic2_engine_acquire_sized(engine, name, world->name_len, (lic2_seat *)at[SEATS], 2, 9, 60, meter,
                                         world->size[METER]);
    case ACCEPTED:
        return lic2_engine_usage_accepted(engine, 1);
    case STATUS:
        return lic2_engine_status_sized(engine, (lic2_engine_info *)at[INFO], world->size[INFO]);
    case LICENSE_AT:
        return lic2_engine_license_at_sized(engine, 0, decision, world->size[DECISION], (uint64_t *)at[TIME]);
    default:
        return perform_writing(call, engine, world, at);
    }
}

/* Whether all that a failed call has written denies. `skip` is the argument that was broken. */
static int outputs_deny(int call, void *const at[ARGUMENTS], int skip, lic2_status status)
{
    const lic2_decision *decision = (const lic2_decision *)at[DECISION];
    const lic2_feature *feature = (const lic2_feature *)at[FEATURE_OUT];
    const lic2_meter *meter = (const lic2_meter *)at[METER];
    const lic2_engine_info *info = (const lic2_engine_info *)at[INFO];
    lic2_decision after;

    LIC2_INIT(&after);
    if (call == OPEN && skip != ENGINE) {
        return lic2_engine_check((lic2_engine *)at[ENGINE], &after) != LIC2_STATUS_OK && !LIC2_GRANTED(&after);
    }
    return (!takes[call][DECISION] || skip == DECISION ||
            (!LIC2_GRANTED(decision) && decision->status == status && decision->license_id[0] == 0)) &&
           (!takes[call][FEATURE_OUT] || skip == FEATURE_OUT ||
            (!LIC2_GRANTED(feature) && feature->status == status && feature->value == 0)) &&
           (!takes[call][METER] || skip == METER ||
            (!LIC2_GRANTED(meter) && meter->status == status && meter->remaining == 0)) &&
           (!takes[call][INFO] || skip == INFO || (info->refusal == status && info->license_count == 0)) &&
           (!takes[call][BUFFER] || skip == BUFFER || ((const char *)at[BUFFER])[0] == 0) &&
           (!takes[call][LENGTH] || skip == LENGTH || *(const size_t *)at[LENGTH] == 0) &&
           (!takes[call][NUMBER] || skip == NUMBER || *(const uint32_t *)at[NUMBER] == 0) &&
           (!takes[call][TIME] || skip == TIME || *(const uint64_t *)at[TIME] == 0);
}

#endif
