/* Every version is told the same way by the macro and by the function, and the self-test passes. */
#include "check.h"

static void versions_agree(void)
{
    char text[32];

    CHECK(lic2_abi_version() == LIC2_ABI_VERSION);
    CHECK(lic2_format_version() == LIC2_FORMAT_VERSION);
    CHECK(strcmp(lic2_version(), LIC2_VERSION_STRING) == 0);
    sprintf(text, "%d.%d.%d", LIC2_VERSION_MAJOR, LIC2_VERSION_MINOR, LIC2_VERSION_PATCH);
    CHECK(strcmp(text, LIC2_VERSION_STRING) == 0);
}

static void product_versions_are_packed(void)
{
    CHECK(LIC2_VERSION(0, 0, 0) == 0);
    CHECK(LIC2_VERSION(1, 2, 3) == 0x0001000200000003u);
    CHECK(LIC2_VERSION(65535, 65535, 4294967295u) == UINT64_MAX);
    CHECK(LIC2_VERSION(65536, 0, 1) == 0);
    CHECK(LIC2_VERSION(0, 65536, 1) == 0);
    CHECK(LIC2_VERSION(1, 0, 4294967296u) == 0);
    CHECK(LIC2_VERSION(-1, 0, 0) == 0 && LIC2_VERSION(1, -1, 0) == 0 && LIC2_VERSION(1, 0, -1) == 0);
}

static void statuses_have_texts(void)
{
    int32_t status;

    for (status = -2; status < 1000; status++) {
        CHECK(strlen(lic2_status_name(status)) >= 2);
        CHECK(strlen(lic2_status_text(status)) >= 8);
        CHECK(strlen(lic2_status_advice(status)) >= 8);
    }
    CHECK(strcmp(lic2_status_name(LIC2_STATUS_OK), "OK") == 0);
    CHECK(strcmp(lic2_status_name(LIC2_STATUS_EXPIRED), "EXPIRED") == 0);
    CHECK(strcmp(lic2_status_name(INT32_MAX), "UNKNOWN_STATUS") == 0);
    CHECK(strcmp(lic2_status_name(INT32_MIN), "UNKNOWN_STATUS") == 0);
}

int main(void)
{
    versions_agree();
    product_versions_are_packed();
    statuses_have_texts();
    CHECK(lic2_selftest() == LIC2_STATUS_OK);
    return check_report();
}
