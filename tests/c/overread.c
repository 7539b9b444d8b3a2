/*
 * Positive control of the address checker: claims a code that is one byte longer than its memory. The library has to
 * be seen reading that byte, or the checker does not look into the library.
 */
#include <stdlib.h>

#include "known.h"

int main(void)
{
    const size_t length = sizeof sample_usual - 1;
    char *code = (char *)malloc(length);
    lic2_keyring ring;
    lic2_license license;
    lic2_component esn;
    lic2_facts facts;
    lic2_decision decision;

    if (code == NULL) {
        return 0;
    }
    memcpy(code, sample_usual, length);
    sample_ring(&ring);
    LIC2_INIT(&license);
    LIC2_INIT(&decision);
    sample_facts(&facts, &esn);
    lic2_code_check(&ring, code, length + 1, &facts, &license, &decision);
    printf("status %d\n", (int)decision.status);
    free(code);
    return check_report();
}
