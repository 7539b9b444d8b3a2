/* Every wrong pointer and every wrong struct size, for every function: the right status, and outputs that deny. */
#include "calls.h"

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

        world_open(&world);
        CHECK(perform(call, &world, world.at) == LIC2_STATUS_OK);
        CHECK(call != DECIDE || LIC2_GRANTED((lic2_decision *)world.at[DECISION]));
        CHECK(call != FEATURE || LIC2_GRANTED((lic2_feature *)world.at[FEATURE_OUT]));
        world_close(&world);
    }
}

static void null_is_refused(void)
{
    int call, argument;

    context = "NULL";
    for (call = 0; call < CALLS; call++) {
        for (argument = 0; argument < ARGUMENTS; argument++) {
            struct world world;
            void *at[ARGUMENTS];

            if (!takes[call][argument]) {
                continue;
            }
            world_open(&world);
            memcpy(at, world.at, sizeof at);
            at[argument] = NULL;
            must_fail(call, &world, at, argument, LIC2_STATUS_NULL_POINTER);
            world_close(&world);
        }
    }
}

static int is_struct(int argument)
{
    return argument == RING || argument == FACTS || argument == LICENSE || argument == DECISION ||
           argument == FEATURE_OUT;
}

static void misaligned_is_refused(void)
{
    int call, argument;

    context = "misaligned";
    for (call = 0; call < CALLS; call++) {
        for (argument = 0; argument < ARGUMENTS; argument++) {
            struct world world;
            void *at[ARGUMENTS];

            if (!takes[call][argument] || !(is_struct(argument) || argument == LENGTH)) {
                continue;
            }
            world_open(&world);
            memcpy(at, world.at, sizeof at);
            at[argument] = (char *)at[argument] + 1;
            must_fail(call, &world, at, argument, LIC2_STATUS_INVALID_ARGUMENT);
            world_close(&world);
        }
    }
}

/* A decision inside a packed struct of the caller's, granted before: the refused call takes the grant back. */
static void misaligned_grant_is_taken_back(void)
{
    union {
        uint64_t aligned[64];
        unsigned char bytes[512];
    } memory;
    lic2_decision decision;

    context = "misaligned and granted before";
    LIC2_INIT(&decision);
    decision.verdict = LIC2_VERDICT_GRANTED;
    decision.verdict_check = LIC2_VERDICT_DENIED;
    CHECK(LIC2_GRANTED(&decision));
    memcpy(memory.bytes + 4, &decision, sizeof decision);
    CHECK(lic2_license_decide(NULL, NULL, (lic2_decision *)(void *)(memory.bytes + 4)) == LIC2_STATUS_INVALID_ARGUMENT);
    memcpy(&decision, memory.bytes + 4, sizeof decision);
    CHECK(!LIC2_GRANTED(&decision));
}

static size_t size_of(int argument)
{
    switch (argument) {
    case RING:
        return sizeof(lic2_keyring);
    case FACTS:
        return sizeof(lic2_facts);
    case LICENSE:
        return sizeof(lic2_license);
    case DECISION:
        return sizeof(lic2_decision);
    default:
        return sizeof(lic2_feature);
    }
}

static int is_output(int call, int argument)
{
    return argument == DECISION || argument == FEATURE_OUT || (call == INIT && argument == RING) ||
           ((call == VERIFY || call == CHECK_CODE) && argument == LICENSE);
}

/* The size that goes with an output struct; NULL for the others, which state their own. */
static size_t *size_beside(struct world *world, int argument)
{
    return argument == DECISION ? &world->decision_size : argument == FEATURE_OUT ? &world->feature_size : NULL;
}

/* Gives the struct a block of `length` bytes that is said to have `stated`, and calls. */
static void try_size(int call, int argument, size_t stated, size_t length, lic2_status expected)
{
    const uint32_t size = (uint32_t)stated;
    struct world world;
    char *memory;

    world_open(&world);
    memory = (char *)block(world.at[argument], size_of(argument), length, 0x5A);
    if (size_beside(&world, argument) != NULL) {
        *size_beside(&world, argument) = stated;
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
    world_close(&world);
}

/* The library fills in opaque structs whatever they held; a struct that it reads or writes has the size that it knows. */
static void sizes_are_checked(void)
{
    int call, argument;

    for (call = 0; call < CALLS; call++) {
        for (argument = 0; argument < ARGUMENTS; argument++) {
            const size_t size = size_of(argument);

            if (!takes[call][argument] || !is_struct(argument)) {
                continue;
            }
            if (is_output(call, argument) && (argument == RING || argument == LICENSE)) {
                context = "not initialized";
                try_size(call, argument, 0xCCCCCCCCu, size, LIC2_STATUS_OK);
                continue;
            }
            context = "size 0";
            try_size(call, argument, 0, is_output(call, argument) ? 0 : 4, LIC2_STATUS_STRUCT_SIZE);
            context = "only struct_size";
            try_size(call, argument, 4, 4, LIC2_STATUS_STRUCT_SIZE);
            context = "one byte short";
            try_size(call, argument, size - 1, size - 1, LIC2_STATUS_STRUCT_SIZE);
            context = "exact";
            try_size(call, argument, size, size, LIC2_STATUS_OK);
            context = "too large";
            try_size(call, argument, size + 1, size, LIC2_STATUS_STRUCT_TOO_NEW);
            try_size(call, argument, size + 8, size, LIC2_STATUS_STRUCT_TOO_NEW);
            try_size(call, argument, 4096, size, LIC2_STATUS_STRUCT_TOO_NEW);
            try_size(call, argument, size < 512 ? 512 : 8192, size, LIC2_STATUS_STRUCT_TOO_NEW);
            try_size(call, argument, 0xCCCCCCC8u, size, LIC2_STATUS_STRUCT_TOO_NEW);
            try_size(call, argument, 0xFFFFFFFFu, size, LIC2_STATUS_STRUCT_TOO_NEW);
        }
    }
    context = "no size of a version";
    try_size(DECIDE, DECISION, 241, 241, LIC2_STATUS_STRUCT_SIZE);
    context = "the first version";
    try_size(DECIDE, DECISION, 240, 240, LIC2_STATUS_OK);
}

/* An opaque struct that was only cleared holds nothing. */
static void nothing_comes_from_nothing(void)
{
    int call;

    context = "not set up";
    for (call = 0; call < CALLS; call++) {
        struct world world;
        lic2_keyring ring;
        lic2_license license;

        LIC2_INIT(&ring);
        LIC2_INIT(&license);
        world_open(&world);
        replace(&world, RING, block(&ring, sizeof ring, sizeof ring, 0));
        replace(&world, LICENSE, block(&license, sizeof license, sizeof license, 0));
        if (call != INIT) {
            must_fail(call, &world, world.at, ARGUMENTS, LIC2_STATUS_NOT_INITIALIZED);
        }
        world_close(&world);
    }
}

/* The answer macro wants both words and the size. */
static void only_the_whole_answer_grants(void)
{
    lic2_decision decision;
    lic2_feature feature;
    int bit;

    grant(&decision, &feature);
    CHECK(LIC2_GRANTED(&decision) && LIC2_GRANTED(&feature));
    for (bit = 0; bit < 32; bit++) {
        decision.verdict ^= (uint32_t)1 << bit;
        CHECK(!LIC2_GRANTED(&decision));
        decision.verdict ^= (uint32_t)1 << bit;
        decision.verdict_check ^= (uint32_t)1 << bit;
        CHECK(!LIC2_GRANTED(&decision));
        decision.verdict_check ^= (uint32_t)1 << bit;
    }
    decision.struct_size = 0;
    CHECK(!LIC2_GRANTED(&decision));
    memset(&decision, 0, sizeof decision);
    CHECK(!LIC2_GRANTED(&decision));
    memset(&decision, 0xFF, sizeof decision);
    CHECK(!LIC2_GRANTED(&decision));
    LIC2_INIT(&feature);
    CHECK(!LIC2_GRANTED(&feature));
}

int main(void)
{
    good_arguments_succeed();
    null_is_refused();
    misaligned_is_refused();
    misaligned_grant_is_taken_back();
    sizes_are_checked();
    nothing_comes_from_nothing();
    only_the_whole_answer_grants();
    return check_report();
}
