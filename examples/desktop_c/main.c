/*
 * Reads an authorization code from a file and says in plain words what it permits on the device with the given
 * electronic serial number. Plain C99, also C++11.
 *
 *     desktop_c code.txt 2102312ABC0123456789
 *
 * Exit code: 0 granted, 3 refused, 1 anything else.
 */
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lic2.h"

#include "anchor.h"

static const char product[] = "vision-appliance";

/* Prints a point in time, or a word for none. */
static void print_time(const char *label, uint64_t seconds, const char *none)
{
    char text[32];
    const time_t value = (time_t)seconds;
    const struct tm *utc = seconds == 0 ? NULL : gmtime(&value);

    if (utc == NULL || strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", utc) == 0) {
        printf("%s%s\n", label, none);
    } else {
        printf("%s%s\n", label, text);
    }
}

/* Prints one feature of a license. */
static void print_feature(const lic2_feature *feature)
{
    printf("  feature %s: ", feature->name);
    if (!LIC2_GRANTED(feature)) {
        printf("refused, %s\n", lic2_status_text(feature->status));
        return;
    }
    switch (feature->type) {
    case LIC2_FEATURE_LIMIT:
        printf("at most %llu", (unsigned long long)feature->value);
        break;
    case LIC2_FEATURE_QUOTA:
        printf("%llu uses", (unsigned long long)feature->value);
        break;
    case LIC2_FEATURE_TEXT:
        printf("%s", feature->text);
        break;
    default:
        printf("included");
        break;
    }
    print_time(", until ", feature->expires_at, "the license ends");
}

/* Prints the decision and every feature. */
static void print_license(const lic2_license *license, const lic2_facts *facts, const lic2_decision *decision)
{
    uint32_t index;

    if (LIC2_GRANTED(decision)) {
        printf("granted%s\n", (decision->flags & LIC2_DECISION_IN_GRACE) != 0 ? ", on grace: renew soon" : "");
        print_time("  until: ", decision->grace_until, "no end");
    } else {
        printf("refused: %d, %s\n", (int)decision->status, lic2_status_text(decision->status));
        printf("  what to do: %s\n", lic2_status_advice(decision->status));
    }
    if (decision->serial == 0) {
        return; /* Not a genuine code: there is no license to talk about. */
    }
    printf("  license: %s\n", decision->license_id);
    print_time("  ask again: ", decision->next_deadline, "whenever a fact changes");
    for (index = 0; index < decision->feature_count; index++) {
        lic2_feature feature;

        LIC2_INIT(&feature);
        lic2_license_feature_at(license, facts, index, &feature);
        print_feature(&feature);
    }
}

/* Decides on a code: 1 if it permits, otherwise 0. */
static int check(const char *code, size_t code_len, const lic2_component *esn, lic2_keyring *ring, lic2_facts *facts,
                 lic2_license *license, lic2_decision *decision)
{
    /* README: begin */
    LIC2_INIT(ring), LIC2_INIT(facts);
    LIC2_INIT(license), LIC2_INIT(decision);
    facts->product = product;
    facts->product_len = strlen(product);
    facts->components = esn;
    facts->components_count = 1;
    facts->now = (uint64_t)time(NULL);
    decision->status = lic2_keyring_init(ring, lic2_anchors, sizeof lic2_anchors);
    if (decision->status == LIC2_STATUS_OK)
        lic2_code_check(ring, code, code_len, facts, license, decision);
    return LIC2_GRANTED(decision); /* else decision->status says why not */
    /* README: end */
}

int main(int argc, char **argv)
{
    static char code[LIC2_TEXT_RAW_MAX + 1];
    static lic2_keyring ring;
    static lic2_license license;
    lic2_facts facts;
    lic2_decision decision;
    lic2_component esn = {LIC2_COMPONENT_ESN, 0, NULL, 0};
    size_t code_len;
    FILE *file;
    int granted;

    if (argc != 3) {
        fprintf(stderr, "usage: desktop_c CODE-FILE ESN\n");
        return 1;
    }
    file = fopen(argv[1], "rb");
    if (file == NULL) {
        fprintf(stderr, "desktop_c: cannot open %s\n", argv[1]);
        return 1;
    }
    code_len = fread(code, 1, sizeof code, file);
    fclose(file);
    esn.value = (const uint8_t *)argv[2];
    esn.value_len = strlen(argv[2]);

    granted = check(code, code_len, &esn, &ring, &facts, &license, &decision);
    print_license(&license, &facts, &decision);
    return granted ? 0 : 3;
}
