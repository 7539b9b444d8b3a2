/* The ports of the system through C. Takes the path of an empty directory. */
#define _POSIX_C_SOURCE 200112L
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "known.h"

/* The least that the ports find out about the machine without help. */
#ifndef HOST_COMPONENTS
#define HOST_COMPONENTS 1
#endif

static char directory[256];
static lic2_host host;
static lic2_keyring ring;
static lic2_engine engine;
static lic2_config config;
static lic2_component esn;

static lic2_status open_host(lic2_host *at, uint32_t flags)
{
    lic2_host_options options;

    LIC2_INIT(&options);
    options.flags = flags;
    return lic2_host_prepare(at, NULL, 0, directory, LIC2_TERMINATED, &options);
}

/* A config for this host with the serial number of the samples. */
static lic2_status open_engine(void)
{
    lic2_facts facts;

    sample_facts(&facts, &esn);
    LIC2_INIT(&engine);
    LIC2_INIT(&config);
    config.product = facts.product;
    config.product_len = facts.product_len;
    config.version = facts.version;
    config.ring = &ring;
    CHECK(lic2_host_configure(&host, &config) == LIC2_STATUS_OK);
    CHECK((int)config.identity.components_count >= HOST_COMPONENTS);
    CHECK(config.store.read != NULL && config.clock.read != NULL);
    CHECK(config.product == facts.product);
    return lic2_engine_open(&engine, &config);
}

static int32_t check(void)
{
    lic2_decision decision;

    LIC2_INIT(&decision);
    CHECK(lic2_engine_check(&engine, &decision) == LIC2_STATUS_OK);
    CHECK(decision.clock == LIC2_CLOCK_GOOD);
    return decision.status;
}

static void an_activation_lasts(uint32_t flags)
{
    uint32_t outcome = 0;

    LIC2_INIT(&host);
    CHECK(open_host(&host, flags) == LIC2_STATUS_OK && open_host(&host, flags) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_host_add(&host, LIC2_COMPONENT_ESN, (const uint8_t *)SAMPLE_ESN, strlen(SAMPLE_ESN)) == LIC2_STATUS_OK);
    CHECK(open_engine() == LIC2_STATUS_OK && check() == LIC2_STATUS_NOT_ACTIVATED);
    CHECK(lic2_engine_apply(&engine, sample_usual, sizeof sample_usual - 1, &outcome, NULL) == LIC2_STATUS_OK);
    CHECK(outcome == LIC2_OUTCOME_ACTIVATED && check() == LIC2_STATUS_OK);
    CHECK(lic2_host_close(&host) == LIC2_STATUS_OK && lic2_host_close(&host) == LIC2_STATUS_OK);
    CHECK(open_host(&host, flags) == LIC2_STATUS_OK);
    /* Without its serial number it is another device. */
    CHECK(open_engine() == LIC2_STATUS_OK && check() != LIC2_STATUS_OK);
    CHECK(lic2_host_add(&host, LIC2_COMPONENT_ESN, (const uint8_t *)SAMPLE_ESN, strlen(SAMPLE_ESN)) == LIC2_STATUS_OK);
    CHECK(open_engine() == LIC2_STATUS_OK && check() == LIC2_STATUS_OK);
}

static void the_machine_is_told(void)
{
    lic2_component components[LIC2_COMPONENTS_MAX];
    char text[LIC2_DOCUMENT_BYTES], few[3];
    uint8_t random[2][16];
    size_t count = 0, text_len = 0, index;
    uint32_t signs = 77;
    lic2_ask ask;

    CHECK(lic2_host_components(&host, components, LIC2_COMPONENTS_MAX, &count) == LIC2_STATUS_OK && count >= 1);
    for (index = 0; index < count; index++) {
        CHECK(components[index].kind >= 1 && components[index].value_len >= 1 && components[index].value != NULL);
        CHECK(components[index].value[components[index].value_len - 1] > ' ');
    }
    CHECK(components[count - 1].kind == LIC2_COMPONENT_ESN && config.identity.components_count == count);
    CHECK(lic2_host_components(&host, NULL, 0, &index) == LIC2_STATUS_BUFFER_TOO_SMALL && index == count);
    CHECK(lic2_host_signs(&host, &signs) == LIC2_STATUS_OK);
    CHECK((signs & ~(uint32_t)(LIC2_SIGN_VIRTUAL_MACHINE | LIC2_SIGN_CONTAINER)) == 0);
    CHECK(lic2_host_fingerprint(&host, text, sizeof text, &text_len) == LIC2_STATUS_OK && strlen(text) == text_len);
    CHECK(strchr(text, '|') != NULL);
    CHECK(lic2_host_fingerprint(&host, few, sizeof few, &text_len) == LIC2_STATUS_BUFFER_TOO_SMALL && few[0] == 0);
    CHECK(text_len == LIC2_CODE_MAX);
    CHECK(lic2_host_random(&host, random[0], sizeof random[0]) == LIC2_STATUS_OK);
    CHECK(lic2_host_random(&host, random[1], sizeof random[1]) == LIC2_STATUS_OK);
    CHECK(memcmp(random[0], random[1], sizeof random[0]) != 0);
    LIC2_INIT(&ask);
    ask.signs = signs;
    ask.entropy = random[0];
    ask.entropy_len = sizeof random[0];
    CHECK(lic2_engine_request(&engine, &ask, text, sizeof text, &text_len) == LIC2_STATUS_OK);
}

static void a_directory_has_one_user(void)
{
    static const char nowhere[] = "/nowhere/at/all";
    lic2_host other;
    uint32_t cause = 77;
    int32_t code = 77;

    LIC2_INIT(&other);
    CHECK(open_host(&other, 0) == LIC2_STATUS_STORE_READ);
    CHECK(lic2_host_error(&other, &cause, &code) == LIC2_STATUS_OK && cause == LIC2_HOST_CAUSE_LOCKED && code == 0);
    CHECK(lic2_host_configure(&other, &config) == LIC2_STATUS_NOT_INITIALIZED);
    CHECK(lic2_host_close(&host) == LIC2_STATUS_OK && open_host(&other, 0) == LIC2_STATUS_OK);
    CHECK(lic2_host_close(&other) == LIC2_STATUS_OK);
    CHECK(lic2_host_prepare(&other, NULL, 0, nowhere, LIC2_TERMINATED, NULL) == LIC2_STATUS_STORE_READ);
    CHECK(lic2_host_error(&other, &cause, &code) == LIC2_STATUS_OK && cause == LIC2_HOST_CAUSE_SYSTEM && code == ENOENT);
    CHECK(lic2_host_prepare(&other, NULL, 0, "a\0b", 3, NULL) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(open_host(&other, 4) == LIC2_STATUS_INVALID_ARGUMENT);
}

/* The engine's status and the host's cause report what is in the place of a slot. */
static void a_store_that_fails_is_told(void)
{
    char slot[300];
    uint32_t cause = 77;
    int32_t code = 77;

    LIC2_INIT(&host);
    sprintf(slot, "%s/lic2-a.state", directory);
    CHECK(remove(slot) == 0 && mkdir(slot, 0700) == 0);
    CHECK(open_host(&host, 0) == LIC2_STATUS_OK && open_engine() == LIC2_STATUS_STORE_READ);
    CHECK(lic2_host_error(&host, &cause, &code) == LIC2_STATUS_OK && cause == LIC2_HOST_CAUSE_NOT_A_FILE);
    CHECK(remove(slot) == 0 && lic2_host_close(&host) == LIC2_STATUS_OK);
}

static void misuse_is_refused(void)
{
    lic2_host closed;
    lic2_component component;
    char text[8];
    size_t length = 77;
    uint32_t number = 77;
    int32_t code;

    LIC2_INIT(&closed);
    CHECK(lic2_host_prepare(NULL, NULL, 0, directory, 1, NULL) == LIC2_STATUS_NULL_POINTER);
    CHECK(lic2_host_prepare(&closed, NULL, 0, NULL, 1, NULL) == LIC2_STATUS_NULL_POINTER);
    CHECK(lic2_host_prepare(&closed, NULL, 0, NULL, LIC2_TERMINATED, NULL) == LIC2_STATUS_NULL_POINTER);
    CHECK(lic2_host_prepare(&closed, NULL, 0, NULL, 0, NULL) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_host_close(NULL) == LIC2_STATUS_NULL_POINTER && lic2_host_close(&closed) == LIC2_STATUS_OK);
    CHECK(lic2_host_add(&closed, 5, (const uint8_t *)"x", 1) == LIC2_STATUS_NOT_INITIALIZED);
    CHECK(lic2_host_add(&closed, 256, (const uint8_t *)"x", 1) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_host_configure(&closed, NULL) == LIC2_STATUS_NULL_POINTER);
    CHECK(lic2_host_components(&closed, &component, 1, &length) == LIC2_STATUS_NOT_INITIALIZED && length == 0);
    CHECK(lic2_host_components(&closed, &component, 1, NULL) == LIC2_STATUS_NULL_POINTER);
    CHECK(lic2_host_signs(&closed, &number) == LIC2_STATUS_NOT_INITIALIZED && number == 0);
    CHECK(lic2_host_signs(&closed, NULL) == LIC2_STATUS_NOT_INITIALIZED);
    CHECK(lic2_host_fingerprint(&closed, text, sizeof text, &length) == LIC2_STATUS_NOT_INITIALIZED && text[0] == 0);
    CHECK(lic2_host_random(NULL, (uint8_t *)text, sizeof text) == LIC2_STATUS_NULL_POINTER);
    CHECK(lic2_host_error(&closed, NULL, &code) == LIC2_STATUS_NULL_POINTER);
    closed.struct_size = 8;
    CHECK(lic2_host_signs(&closed, &number) == LIC2_STATUS_STRUCT_SIZE);
    closed.struct_size = LIC2_HOST_BYTES + 8;
    CHECK(lic2_host_signs(&closed, &number) == LIC2_STATUS_STRUCT_TOO_NEW);
}

/* Options as large as they say, in a block of `length` bytes. */
static lic2_status open_with(uint32_t stated, size_t length)
{
    lic2_host_options options;
    unsigned char *memory = (unsigned char *)malloc(length);
    lic2_status status;

    if (memory == NULL) {
        abort();
    }
    LIC2_INIT(&options);
    options.struct_size = stated;
    memcpy(memory, &options, length < sizeof options ? length : sizeof options);
    status = lic2_host_open(&host, &engine, SAMPLE_PRODUCT, LIC2_TERMINATED, directory, LIC2_TERMINATED, lic2_anchors,
                            sizeof lic2_anchors, (lic2_host_options *)(void *)memory);
    free(memory);
    return status;
}

/* One call opens everything, and one removes everything. Nothing was initialized before. */
static void one_call_opens_everything(void)
{
    const lic2_component serial = {LIC2_COMPONENT_ESN, 0, (const uint8_t *)SAMPLE_ESN, sizeof SAMPLE_ESN - 1};
    lic2_host_options options;
    lic2_decision decision;
    lic2_host other;
    uint32_t outcome = 0, cause = 77;
    int32_t code = 77;
    char path[300];
    struct stat found;

    memset(&host, 0xC3, sizeof host);
    memset(&engine, 0xC3, sizeof engine);
    LIC2_INIT(&options);
    options.version = LIC2_VERSION(1, 2, 3);
    options.prefix = "vision";
    options.prefix_len = LIC2_TERMINATED;
    options.components = &serial;
    options.components_count = 1;
    CHECK(lic2_host_open(&host, &engine, SAMPLE_PRODUCT, LIC2_TERMINATED, directory, LIC2_TERMINATED, lic2_anchors,
                         sizeof lic2_anchors, &options) == LIC2_STATUS_OK);
    CHECK(lic2_engine_apply(&engine, sample_usual, LIC2_TERMINATED, &outcome, NULL) == LIC2_STATUS_OK);
    CHECK(check() == LIC2_STATUS_OK);
    sprintf(path, "%s/vision-a.state", directory);
    CHECK(stat(path, &found) == 0);
    CHECK(lic2_host_open(&host, &engine, SAMPLE_PRODUCT, LIC2_TERMINATED, directory, LIC2_TERMINATED, lic2_anchors,
                         sizeof lic2_anchors, &options) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_engine_check(&engine, &decision) == LIC2_STATUS_NOT_INITIALIZED && !LIC2_GRANTED(&decision));
    /* A copy of a host is not open, and an engine cannot use a host that was closed. */
    other = host;
    CHECK(lic2_host_signs(&other, &cause) == LIC2_STATUS_NOT_INITIALIZED);
    CHECK(lic2_host_close(&host) == LIC2_STATUS_OK);
    CHECK(lic2_host_open(&host, &engine, SAMPLE_PRODUCT, LIC2_TERMINATED, directory, LIC2_TERMINATED, lic2_anchors,
                         sizeof lic2_anchors, &options) == LIC2_STATUS_OK && check() == LIC2_STATUS_OK);
    options.flags = LIC2_HOST_NO_WAIT;
    CHECK(lic2_host_erase(&other, SAMPLE_PRODUCT, LIC2_TERMINATED, directory, LIC2_TERMINATED, &options) ==
          LIC2_STATUS_STORE_READ);
    CHECK(lic2_host_error(&other, &cause, &code) == LIC2_STATUS_OK && cause == LIC2_HOST_CAUSE_LOCKED);
    CHECK(lic2_host_close(&host) == LIC2_STATUS_OK);
    CHECK(lic2_engine_apply(&engine, sample_rich, LIC2_TERMINATED, &outcome, NULL) == LIC2_STATUS_STORE_WRITE);
    CHECK(lic2_host_erase(&other, SAMPLE_PRODUCT, LIC2_TERMINATED, directory, LIC2_TERMINATED, &options) ==
          LIC2_STATUS_OK);
    CHECK(stat(directory, &found) != 0 && errno == ENOENT);
}

/* Whatever is wrong, nothing stays open. */
static void a_host_that_does_not_open_holds_nothing(void)
{
    const uint32_t size = (uint32_t)sizeof(lic2_host_options);
    lic2_host_options options;
    lic2_decision decision;

    CHECK(open_with(0, 4) == LIC2_STATUS_STRUCT_SIZE && open_with(size - 8, size - 8) == LIC2_STATUS_STRUCT_SIZE);
    CHECK(open_with(size + 1, size) == LIC2_STATUS_STRUCT_TOO_NEW);
    CHECK(open_with(512, size) == LIC2_STATUS_STRUCT_TOO_NEW);
    CHECK(open_with(0xFFFFFFFFu, size) == LIC2_STATUS_STRUCT_TOO_NEW);
    CHECK(lic2_host_open(&host, &engine, SAMPLE_PRODUCT, LIC2_TERMINATED, directory, LIC2_TERMINATED, lic2_anchors, 31,
                         NULL) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_host_open(&host, NULL, SAMPLE_PRODUCT, LIC2_TERMINATED, directory, LIC2_TERMINATED, lic2_anchors,
                         sizeof lic2_anchors, NULL) == LIC2_STATUS_NULL_POINTER);
    LIC2_INIT(&options);
    options.config_flags = 0x80000000u;
    CHECK(lic2_host_open(&host, &engine, SAMPLE_PRODUCT, LIC2_TERMINATED, directory, LIC2_TERMINATED, lic2_anchors,
                         sizeof lic2_anchors, &options) == LIC2_STATUS_INVALID_ARGUMENT);
    CHECK(lic2_engine_check(&engine, &decision) == LIC2_STATUS_NOT_INITIALIZED && !LIC2_GRANTED(&decision));
    /* The lock is free. */
    CHECK(open_with(size, size) == LIC2_STATUS_OK && lic2_host_close(&host) == LIC2_STATUS_OK);
    CHECK(lic2_host_erase(&host, NULL, 0, directory, LIC2_TERMINATED, NULL) == LIC2_STATUS_OK);
}

/* Without a directory the environment names one, and an odd product cannot leave it. */
static void the_usual_place_is_the_users(const char *home)
{
    char path[400];
    struct stat found;

    CHECK(setenv("HOME", home, 1) == 0 && unsetenv("XDG_STATE_HOME") == 0);
    CHECK(lic2_host_open(&host, &engine, SAMPLE_PRODUCT, LIC2_TERMINATED, NULL, 0, lic2_anchors, sizeof lic2_anchors,
                         NULL) == LIC2_STATUS_OK);
    sprintf(path, "%s/.local/state/" SAMPLE_PRODUCT "/lic2.lock", home);
    CHECK(check() == LIC2_STATUS_NOT_ACTIVATED && stat(path, &found) == 0 && lic2_host_close(&host) == LIC2_STATUS_OK);
    CHECK(lic2_host_erase(&host, SAMPLE_PRODUCT, LIC2_TERMINATED, NULL, 0, NULL) == LIC2_STATUS_OK);
    CHECK(stat(path, &found) != 0);
    sprintf(path, "%s/xdg", home);
    CHECK(setenv("XDG_STATE_HOME", path, 1) == 0);
    CHECK(lic2_host_prepare(&host, "../odd", LIC2_TERMINATED, NULL, 0, NULL) == LIC2_STATUS_OK);
    sprintf(path, "%s/xdg/%%2E.%%2Fodd/lic2.lock", home);
    CHECK(stat(path, &found) == 0 && lic2_host_close(&host) == LIC2_STATUS_OK);
    CHECK(setenv("XDG_STATE_HOME", "relative", 1) == 0 && unsetenv("HOME") == 0);
    CHECK(lic2_host_prepare(&host, "odd", LIC2_TERMINATED, NULL, 0, NULL) == LIC2_STATUS_INVALID_ARGUMENT);
}

int main(int argc, char **argv)
{
    if (argc != 2 || strlen(argv[1]) > sizeof directory - 8) {
        fprintf(stderr, "usage: host DIRECTORY\n");
        return 2;
    }
    sample_ring(&ring);
    sprintf(directory, "%s/plain", argv[1]);
    an_activation_lasts(0);
    the_machine_is_told();
    a_directory_has_one_user();
    a_store_that_fails_is_told();
    sprintf(directory, "%s/sealed", argv[1]);
    an_activation_lasts(LIC2_HOST_SEAL);
    CHECK(lic2_host_close(&host) == LIC2_STATUS_OK);
    misuse_is_refused();
    sprintf(directory, "%s/whole", argv[1]);
    one_call_opens_everything();
    a_host_that_does_not_open_holds_nothing();
    the_usual_place_is_the_users(argv[1]);
    return check_report();
}
