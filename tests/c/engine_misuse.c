/* Every wrong pointer and every wrong struct size, for every function of an engine, and configs that cannot be. */
#include "engine_calls.h"

static const char *context;

/* Performs a call that has to fail with `expected`, and looks at what it left. */
static void must_fail(int call, struct world *world, void *const at[ARGUMENTS], int broken, lic2_status expected)
{
    const lic2_status status = perform(call, world, at);

    if (status != expected || !outputs_deny(call, at, broken, status)) {
        printf("%s, %s, argument %d: status %d, expected %d\n", context, call_names[call], broken, (int)status,
               (int)expected);
        check_failures++;
    }
    check_count++;
}

static void good_arguments_succeed(void)
{
    int call;

    for (call = 0; call < CALLS; call++) {
        struct world world;

        world_open(&world, call);
        context = "good";
        if (perform(call, &world, world.at) != LIC2_STATUS_OK) {
            printf("%s fails\n", call_names[call]);
            check_failures++;
        }
        CHECK(!takes[call][METER] || LIC2_GRANTED((lic2_meter *)world.at[METER]));
        CHECK(!takes[call][DECISION] || LIC2_GRANTED((lic2_decision *)world.at[DECISION]));
        world_close(&world);
    }
}

static int is_struct(int argument)
{
    return argument == ENGINE || argument == CONFIG || argument == ASK || argument == DECISION ||
           argument == FEATURE_OUT || argument == METER || argument == INFO;
}

static int is_aligned(int argument)
{
    return is_struct(argument) || argument == SEATS || argument == LENGTH || argument == NUMBER || argument == TIME;
}

static void wrong_pointers_are_refused(void)
{
    int call, argument;

    for (call = 0; call < CALLS; call++) {
        for (argument = 0; argument < ARGUMENTS; argument++) {
            struct world world;
            void *at[ARGUMENTS];

            if (!takes[call][argument]) {
                continue;
            }
            world_open(&world, call);
            memcpy(at, world.at, sizeof at);
            context = "NULL";
            at[argument] = NULL;
            if (!(call == REQUEST && argument == ASK)) {
                must_fail(call, &world, at, argument, LIC2_STATUS_NULL_POINTER);
            }
            context = "misaligned";
            at[argument] = (char *)world.at[argument] + 1;
            if (is_aligned(argument)) {
                must_fail(call, &world, at, argument, LIC2_STATUS_INVALID_ARGUMENT);
            }
            world_close(&world);
        }
    }
}

static int is_output(int call, int argument)
{
    return argument == DECISION || argument == FEATURE_OUT || argument == METER || argument == INFO ||
           (call == OPEN && argument == ENGINE);
}

/* Gives the struct a block of `length` bytes that is said to have `stated`, and calls. */
static void try_size(int call, int argument, size_t stated, size_t length, lic2_status expected)
{
    const uint32_t size = (uint32_t)stated;
    struct world world;
    char *memory;

    world_open(&world, call);
    memory = (char *)block(world.at[argument], world.size[argument], length, 0x5A);
    if (is_output(call, argument)) {
        world.size[argument] = stated;
    } else if (length >= sizeof size) {
        memcpy(memory, &size, sizeof size);
    }
    replace(&world, argument, memory);
    if (expected != LIC2_STATUS_OK) {
        must_fail(call, &world, world.at, argument, expected);
    } else {
        CHECK(perform(call, &world, world.at) == LIC2_STATUS_OK);
    }
    if (argument == DECISION && length >= sizeof(lic2_decision) && stated >= sizeof(lic2_decision)) {
        CHECK(LIC2_GRANTED((lic2_decision *)(void *)memory) == (expected == LIC2_STATUS_OK));
    }
    if (argument == FEATURE_OUT && length >= sizeof(lic2_feature) && stated >= sizeof(lic2_feature)) {
        CHECK(LIC2_GRANTED((lic2_feature *)(void *)memory) == (expected == LIC2_STATUS_OK));
    }
    if (argument == METER && length >= sizeof(lic2_meter) && stated >= sizeof(lic2_meter)) {
        CHECK(LIC2_GRANTED((lic2_meter *)(void *)memory) == (expected == LIC2_STATUS_OK));
    }
    world_close(&world);
}

static size_t size_of(int argument)
{
    struct world world;
    size_t size;

    world_open(&world, OPEN);
    size = world.size[argument];
    world_close(&world);
    return size;
}

static void sizes_are_checked(void)
{
    int call, argument;

    for (call = 0; call < CALLS; call++) {
        for (argument = 0; argument < ARGUMENTS; argument++) {
            const size_t size = size_of(argument);
            /* The one struct that has grown: its first size is good. */
            const size_t first = argument == DECISION ? 240 : size;

            if (!takes[call][argument] || !is_struct(argument)) {
                continue;
            }
            if (call == OPEN && argument == ENGINE) {
                context = "not initialized";
                try_size(call, argument, 0xCCCCCCCCu, size, LIC2_STATUS_OK);
                continue;
            }
            context = "size 0";
            try_size(call, argument, 0, is_output(call, argument) ? 0 : 4, LIC2_STATUS_STRUCT_SIZE);
            context = "too small";
            try_size(call, argument, 4, 4, LIC2_STATUS_STRUCT_SIZE);
            try_size(call, argument, first - 8, first - 8, LIC2_STATUS_STRUCT_SIZE);
            try_size(call, argument, size - 1, size - 1, LIC2_STATUS_STRUCT_SIZE);
            context = "first and exact";
            try_size(call, argument, first, first, LIC2_STATUS_OK);
            try_size(call, argument, size, size, LIC2_STATUS_OK);
            context = "too large";
            try_size(call, argument, size + 1, size, LIC2_STATUS_STRUCT_TOO_NEW);
            try_size(call, argument, size + 8, size, LIC2_STATUS_STRUCT_TOO_NEW);
            try_size(call, argument, argument == ENGINE ? 8192 : 512, size, LIC2_STATUS_STRUCT_TOO_NEW);
            try_size(call, argument, 0xFFFFFFFFu, size, LIC2_STATUS_STRUCT_TOO_NEW);
        }
    }
}

/* An engine that was only cleared, or that failed to open, holds nothing. */
static void nothing_comes_from_nothing(void)
{
    int call;

    context = "not open";
    for (call = OPEN + 1; call < CALLS; call++) {
        struct world world;
        lic2_engine engine;

        LIC2_INIT(&engine);
        world_open(&world, call);
        replace(&world, ENGINE, block(&engine, sizeof engine, sizeof engine, 0));
        must_fail(call, &world, world.at, ARGUMENTS, LIC2_STATUS_NOT_INITIALIZED);
        world.device.config.store.read = NULL;
        CHECK(lic2_engine_open((lic2_engine *)world.at[ENGINE], &world.device.config) == LIC2_STATUS_NULL_POINTER);
        /* The support text needs no activation, and answers with what is wrong. */
        must_fail(call, &world, world.at, ARGUMENTS,
                  call == STATUS_TEXT ? LIC2_STATUS_NULL_POINTER : LIC2_STATUS_NOT_INITIALIZED);
        world_close(&world);
    }
}

/* An engine that was open loses what it had when it is opened with this config. */
static void refused(struct world *world, lic2_status expected)
{
    lic2_engine *engine = (lic2_engine *)world->at[ENGINE];
    lic2_decision decision;

    LIC2_INIT(&decision);
    if (lic2_engine_open(engine, &world->device.config) != expected) {
        printf("%s is not refused with %d\n", context, (int)expected);
        check_failures++;
    }
    CHECK(lic2_engine_check(engine, &decision) == LIC2_STATUS_NOT_INITIALIZED && !LIC2_GRANTED(&decision));
    check_count++;
    world_close(world);
}

#define REFUSED(field, value, status) \
    (world_open(&world, OPEN), world.device.config.field = (value), context = #field, refused(&world, (status)))

static void impossible_configs_are_refused(void)
{
    static lic2_component many[LIC2_COMPONENTS_MAX + 1];
    static const lic2_component no_kind = {0, 0, (const uint8_t *)"x", 1};
    static lic2_keyring ring;
    struct world world;

    LIC2_INIT(&ring);
    REFUSED(flags, 4, LIC2_STATUS_INVALID_ARGUMENT);
    REFUSED(reserved, 1, LIC2_STATUS_INVALID_ARGUMENT);
    REFUSED(product, NULL, LIC2_STATUS_NULL_POINTER);
    REFUSED(product, "vision\377appliance", LIC2_STATUS_INVALID_ARGUMENT);
    REFUSED(product_len, 0, LIC2_STATUS_INVALID_ARGUMENT);
    REFUSED(product_len, (size_t)-2, LIC2_STATUS_INVALID_ARGUMENT);
    REFUSED(ring, NULL, LIC2_STATUS_NULL_POINTER);
    REFUSED(ring, &ring, LIC2_STATUS_NOT_INITIALIZED);
    REFUSED(store.write, NULL, LIC2_STATUS_NULL_POINTER);
    REFUSED(counter.read, device_count, LIC2_STATUS_NULL_POINTER);
    REFUSED(counter.increment, device_increment, LIC2_STATUS_NULL_POINTER);
    REFUSED(identity.components, NULL, LIC2_STATUS_NULL_POINTER);
    REFUSED(identity.components, &no_kind, LIC2_STATUS_INVALID_ARGUMENT);
    REFUSED(identity.components_count, sizeof many / sizeof many[0], LIC2_STATUS_INVALID_ARGUMENT);
    REFUSED(identity.secret_len, LIC2_SECRET_MIN, LIC2_STATUS_NULL_POINTER);
    REFUSED(identity.device_key_len, LIC2_KEY_BYTES, LIC2_STATUS_NULL_POINTER);
    REFUSED(identity.device_key_len, LIC2_KEY_BYTES - 1, LIC2_STATUS_NULL_POINTER);
}

/* Numbers that a reading cannot have: an engine does not open with them, and later they count as a failed callback. */
static void impossible_reading(uint32_t wall, uint32_t has_uptime, uint32_t reserved)
{
    struct world world;
    lic2_engine *engine;
    lic2_decision decision;

    world_open(&world, OPEN);
    engine = (lic2_engine *)world.at[ENGINE];
    CHECK(lic2_engine_open(engine, &world.device.config) == LIC2_STATUS_OK);
    CHECK(lic2_engine_check(engine, &decision) == LIC2_STATUS_OK && LIC2_GRANTED(&decision));
    world.device.wall = wall;
    world.device.has_uptime = has_uptime;
    world.device.reading_reserved = reserved;
    CHECK(lic2_engine_check(engine, &decision) == LIC2_STATUS_OK && decision.clock != LIC2_CLOCK_GOOD);
    context = "a reading";
    refused(&world, LIC2_STATUS_INVALID_ARGUMENT);
}

static void impossible_readings_are_refused(void)
{
    impossible_reading(LIC2_WALL_ABSENT + 1, 1, 0);
    impossible_reading(0xFFFFFFFFu, 0, 0);
    impossible_reading(LIC2_WALL_TIME, 2, 0);
    impossible_reading(LIC2_WALL_ABSENT, 0xFFFFFFFFu, 0);
    impossible_reading(LIC2_WALL_TIME, 1, 1);
}

int main(void)
{
    good_arguments_succeed();
    wrong_pointers_are_refused();
    sizes_are_checked();
    nothing_comes_from_nothing();
    impossible_configs_are_refused();
    impossible_readings_are_refused();
    return check_report();
}
