/*
 * Reads an authorization code from a file and prints in plain words what it permits on the device with the given
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
        return; /* Not a genuine code: there is no license to print. */
    }
    printf("  license: %s\n", decision->license_id);
    print_time("  ask again: ", decision->next_deadline, "whenever a fact changes");
    for (index = 0; index < decision->feature_count; index++) {
        lic2_feature feature;

        lic2_license_feature_at(license, facts, index, &feature);
        print_feature(&feature);
    }
}

int main(int argc, char **argv)
{
    static char code[LIC2_TEXT_RAW_MAX + 1];
    static lic2_keyring ring;
    static lic2_license license;
    lic2_facts facts;
    lic2_decision decision;
    lic2_component esn = {LIC2_COMPONENT_ESN, 0, NULL, 0};
    lic2_status status;
    size_t code_len;
    FILE *file;

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
    status = lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors);
    if (status != LIC2_STATUS_OK) {
        fprintf(stderr, "desktop_c: the anchor: %s\n", lic2_status_text(status));
        return 1;
    }
    esn.value = (const uint8_t *)argv[2];
    esn.value_len = strlen(argv[2]);
    LIC2_INIT(&facts);
    facts.product = "vision-appliance";
    facts.product_len = LIC2_TERMINATED;
    facts.components = &esn;
    facts.components_count = 1;
    facts.now = (uint64_t)time(NULL);
    lic2_code_check(&ring, code, code_len, &facts, &license, &decision);
    print_license(&license, &facts, &decision);
    return LIC2_GRANTED(&decision) ? 0 : 3;
}
