/*
 * Runs the scripts of tests/vectors/engine through the C library.
 *
 *     engine_vectors FILE
 *
 * Prints every step that is answered otherwise than expected and finally the number of steps. Exit code: 0 if there was
 * none, 1 if there was one, 2 if the file cannot be read.
 */
#include "lic2.h"
#include "stanza.h"

#define WORDS_MAX 8
#define SEATS 4

static const char product[] = "vision-appliance";
static const char esn[] = "2102312ABC0123456789";

struct store {
    uint8_t slots[2][LIC2_STATE_BYTES];
    size_t lengths[2];
};

struct device {
    struct store store, kept;
    int refuses, unreadable, counter_broken;
    uint32_t wall;
    uint64_t time, uptime;
    int has_uptime;
    uint32_t counter;
    uint8_t *key;
    lic2_component component;
    lic2_keyring ring;
    lic2_config config;
    lic2_engine engine;
    lic2_seat seats[SEATS];
};

static int step_count, failure_count;

static int32_t store_read(void *context, uint32_t slot, uint8_t *memory, size_t memory_len, size_t *stored_len)
{
    const struct device *device = (const struct device *)context;
    const size_t length = device->store.lengths[slot];

    memcpy(memory, device->store.slots[slot], length < memory_len ? length : memory_len);
    *stored_len = length;
    return device->unreadable;
}

static int32_t store_write(void *context, uint32_t slot, const uint8_t *bytes, size_t bytes_len)
{
    struct device *device = (struct device *)context;

    if (!device->refuses) {
        memcpy(device->store.slots[slot], bytes, bytes_len);
        device->store.lengths[slot] = bytes_len;
    }
    return device->refuses;
}

static int32_t clock_read(void *context, lic2_reading *reading)
{
    const struct device *device = (const struct device *)context;

    reading->wall = device->wall;
    reading->time = device->time;
    reading->has_uptime = (uint32_t)device->has_uptime;
    reading->uptime_seconds = device->uptime;
    return 0;
}

static int32_t counter_read(void *context, uint32_t *value)
{
    const struct device *device = (const struct device *)context;

    *value = device->counter;
    return device->counter_broken;
}

static int32_t counter_increment(void *context, uint32_t *value)
{
    struct device *device = (struct device *)context;

    if (!device->counter_broken) {
        device->counter++;
    }
    *value = device->counter;
    return device->counter_broken;
}

static int32_t no_signature(void *context, const uint8_t *message, size_t message_len, uint8_t *signature)
{
    (void)context, (void)message, (void)message_len, (void)signature;
    return 1;
}

static void trust(struct device *device, const char *text)
{
    size_t length;
    uint8_t *const key = unhex(text, &length);

    LIC2_INIT(&device->ring);
    if (lic2_keyring_init(&device->ring, key, length) != LIC2_STATUS_OK) {
        give_up("not a key", text);
    }
    free(key);
}

static void set_up(struct device *device, const struct stanza *stanza)
{
    memset(device, 0, sizeof *device);
    trust(device, stanza_get(stanza, "anchors", 0));
    device->wall = LIC2_WALL_ABSENT;
    device->has_uptime = 1;
    device->component.kind = LIC2_COMPONENT_ESN;
    device->component.value = (const uint8_t *)esn;
    device->component.value_len = strlen(esn);
    LIC2_INIT(&device->engine);
    LIC2_INIT(&device->config);
    device->config.product = product;
    device->config.product_len = strlen(product);
    device->config.ring = &device->ring;
    device->config.store.context = device;
    device->config.store.read = store_read;
    device->config.store.write = store_write;
    device->config.clock.context = device;
    device->config.clock.read = clock_read;
    device->config.identity.components = &device->component;
    device->config.identity.components_count = 1;
    if (stanza_number(stanza, "counter") != 0) {
        device->config.counter.context = device;
        device->config.counter.read = counter_read;
        device->config.counter.increment = counter_increment;
    }
}

static void set_clock(struct device *device, const char *wall, const char *uptime)
{
    device->wall = LIC2_WALL_TIME;
    device->time = 0;
    if (strcmp(wall, "absent") == 0) {
        device->wall = LIC2_WALL_ABSENT;
    } else if (strcmp(wall, "unset") == 0) {
        device->wall = LIC2_WALL_UNSET;
    } else {
        device->time = decimal(wall);
    }
    device->has_uptime = strcmp(uptime, "-") != 0;
    device->uptime = device->has_uptime ? decimal(uptime) : 0;
}

/* Changes the device; 0 if the step is none of these. */
static int change(struct device *device, char *const *words)
{
    const char *what = words[0];
    const char *argument = words[1] == NULL ? "" : words[1];
    const int on = words[2] != NULL && strcmp(words[2], "1") == 0;
    size_t length;

    if (strcmp(what, "clock") == 0) {
        set_clock(device, argument, words[2]);
    } else if (strcmp(what, "store") == 0 && strcmp(argument, "refuses") == 0) {
        device->refuses = on;
    } else if (strcmp(what, "store") == 0 && strcmp(argument, "unreadable") == 0) {
        device->unreadable = on;
    } else if (strcmp(what, "store") == 0 && strcmp(argument, "keep") == 0) {
        device->kept = device->store;
    } else if (strcmp(what, "store") == 0 && strcmp(argument, "restore") == 0) {
        device->store = device->kept;
    } else if (strcmp(what, "store") == 0) {
        memset(&device->store, 0, sizeof device->store);
    } else if (strcmp(what, "slot") == 0) {
        const int slot = strcmp(argument, "b") == 0;
        uint8_t *const bytes = unhex(words[2], &length);

        memcpy(device->store.slots[slot], bytes, length);
        device->store.lengths[slot] = length;
        free(bytes);
    } else if (strcmp(what, "counter") == 0) {
        device->counter_broken = on;
    } else if (strcmp(what, "key") == 0) {
        free(device->key);
        device->key = unhex(argument, &length);
        /* The engine keeps a copy of the config: the key counts from the next opening on. */
        device->config.identity.device_key = device->key;
        device->config.identity.device_key_len = length;
        device->config.identity.sign = no_signature;
    } else if (strcmp(what, "trust") == 0) {
        trust(device, argument);
    } else {
        return 0;
    }
    return 1;
}

/* An answer about a meter. */
static void tell_meter(char *answer, size_t size, lic2_status status, const lic2_meter *meter)
{
    if (status != LIC2_STATUS_OK || !LIC2_GRANTED(meter)) {
        snprintf(answer, size, "%d", status != LIC2_STATUS_OK ? (int)status : (int)meter->status);
    } else {
        snprintf(answer, size, "0 %llu %llu %llu", (unsigned long long)meter->used,
                 (unsigned long long)meter->remaining, (unsigned long long)meter->overage);
    }
}

/* Decisions and meters. */
static int ask(struct device *device, char *const *words, char *answer, size_t size)
{
    const char *what = words[0];
    const char *name = words[1] == NULL ? "" : words[1];
    const size_t name_len = strlen(name);
    lic2_engine *const engine = &device->engine;
    lic2_decision decision;
    lic2_feature feature;
    lic2_meter meter;
    lic2_status status;

    LIC2_INIT(&decision);
    LIC2_INIT(&feature);
    LIC2_INIT(&meter);
    if (strcmp(what, "check") == 0) {
        status = lic2_engine_check(engine, &decision);
        if (status != LIC2_STATUS_OK) {
            snprintf(answer, size, "%d", (int)status);
        } else {
            snprintf(answer, size, "%d %u %llu", (int)decision.status, (unsigned)decision.clock,
                     (unsigned long long)decision.expires_at);
        }
    } else if (strcmp(what, "feature") == 0) {
        status = lic2_engine_feature(engine, name, name_len, &feature);
        snprintf(answer, size, "%d %llu", (int)feature.status, (unsigned long long)feature.value);
        (void)status;
    } else if (strcmp(what, "consume") == 0) {
        status = lic2_engine_consume(engine, name, name_len, decimal(words[2]), decimal(words[3]), &meter);
        tell_meter(answer, size, status, &meter);
    } else if (strcmp(what, "unuse") == 0) {
        status = lic2_engine_give_back(engine, name, name_len, decimal(words[2]), &meter);
        tell_meter(answer, size, status, &meter);
    } else if (strcmp(what, "meter") == 0) {
        status = lic2_engine_meter(engine, name, name_len, &meter);
        tell_meter(answer, size, status, &meter);
    } else if (strcmp(what, "acquire") == 0) {
        status = lic2_engine_acquire(engine, name, name_len, device->seats, SEATS, decimal(words[2]),
                                     (uint32_t)decimal(words[3]), &meter);
        tell_meter(answer, size, status, &meter);
        if (strchr(answer, ' ') != NULL) {
            snprintf(answer, size, "0 %llu", (unsigned long long)meter.used);
        }
    } else {
        return 0;
    }
    return 1;
}

static int has_seat(const struct device *device, uint64_t holder)
{
    int seat, found = 0;

    for (seat = 0; seat < SEATS; seat++) {
        found = found || device->seats[seat].holder == holder;
    }
    return found;
}

/* Everything else. */
static void call(struct device *device, char *const *words, char *answer, size_t size)
{
    const char *what = words[0];
    const char *text = words[1] == NULL ? "" : words[1];
    lic2_engine *const engine = &device->engine;
    char out[LIC2_CODE_MAX + 1] = "";
    size_t length = 0;
    uint32_t number = 0;
    lic2_status status;

    if (strcmp(what, "open") == 0) {
        LIC2_INIT(engine);
        status = lic2_engine_open(engine, &device->config);
    } else if (strcmp(what, "apply") == 0) {
        status = lic2_engine_apply(engine, text, strlen(text), &number, NULL);
        snprintf(out, sizeof out, "%u", (unsigned)number);
    } else if (strcmp(what, "release") == 0) {
        const int had = has_seat(device, decimal(text));

        status = lic2_seat_release(device->seats, SEATS, decimal(text));
        snprintf(answer, size, "%d", had && !has_seat(device, decimal(text)));
        (void)status;
        return;
    } else if (strcmp(what, "request") == 0) {
        status = lic2_engine_request(engine, NULL, out, sizeof out, &length);
    } else if (strcmp(what, "deactivate") == 0) {
        status = lic2_engine_deactivate(engine, text, strlen(text), NULL, 0, out, sizeof out, &length);
    } else if (strcmp(what, "usage") == 0) {
        status = lic2_engine_usage(engine, NULL, 0, NULL, 0, out, sizeof out, &length, &number);
        snprintf(out, sizeof out, "%u", (unsigned)number);
    } else if (strcmp(what, "next") == 0) {
        status = lic2_engine_next_part(engine, out, sizeof out, &length);
    } else if (strcmp(what, "accepted") == 0) {
        status = lic2_engine_usage_accepted(engine, (uint32_t)decimal(text));
    } else if (strcmp(what, "settle") == 0) {
        status = lic2_engine_settle(engine);
    } else {
        give_up("not a step", what);
        return;
    }
    if (status == LIC2_STATUS_OK && out[0] != '\0') {
        snprintf(answer, size, "0 %s", out);
    } else {
        snprintf(answer, size, "%d", (int)status);
    }
}

/* Cuts a step into words at its spaces; an empty word at the end stays one. */
static void split(char *step, char **words)
{
    int count = 0;

    memset(words, 0, WORDS_MAX * sizeof *words);
    while (step != NULL && count < WORDS_MAX - 1) {
        char *const space = strchr(step, ' ');

        words[count++] = step;
        if (space != NULL) {
            *space = '\0';
        }
        step = space == NULL ? NULL : space + 1;
    }
}

static void run(const char *path, const struct stanza *stanza)
{
    static struct device device;
    char answer[LIC2_CODE_MAX + 64];
    char *words[WORDS_MAX];
    int field;

    set_up(&device, stanza);
    for (field = 0; field < stanza->count; field++) {
        char *const step = stanza->values[field];
        char *expected = strstr(step, " => ");

        if (strcmp(stanza->keys[field], "step") != 0) {
            continue;
        }
        if (expected == NULL) {
            give_up("no answer", step);
        }
        *expected = '\0';
        expected += 4;
        split(step, words);
        if (change(&device, words)) {
            snprintf(answer, sizeof answer, "done");
        } else if (!ask(&device, words, answer, sizeof answer)) {
            call(&device, words, answer, sizeof answer);
        }
        step_count++;
        if (strcmp(answer, expected) != 0) {
            failure_count++;
            printf("%s [%s], step %d, %s: %s instead of %s\n", path, stanza->name, field, words[0], answer, expected);
        }
    }
    free(device.key);
}

int main(int argument_count, char **arguments)
{
    if (argument_count != 2) {
        give_up("which file?", "engine_vectors FILE");
    }
    stanza_each(arguments[1], run);
    printf("%d steps, %d answered otherwise\n", step_count, failure_count);
    return failure_count != 0 || step_count == 0;
}
