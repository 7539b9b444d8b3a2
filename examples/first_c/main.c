#include <stdio.h>
#include <time.h>

#include "lic2.h"

#include "anchor.h"

int main(int argc, char **argv)
{
    static const lic2_component esn = {LIC2_COMPONENT_ESN, 0, (const uint8_t *)"2102312ABC0123456789", 20};
    static lic2_keyring ring;
    lic2_license license;
    lic2_decision decision;
    lic2_facts facts;

    LIC2_INIT(&facts);
    facts.product = "vision-appliance";
    facts.product_len = LIC2_TERMINATED;
    facts.components = &esn;
    facts.components_count = 1;
    facts.now = (uint64_t)time(NULL);
    if (argc != 2 || lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors) != LIC2_STATUS_OK)
        return 2;
    lic2_code_check(&ring, argv[1], LIC2_TERMINATED, &facts, &license, &decision);
    if (LIC2_GRANTED(&decision))
        printf("granted: %s\n", decision.license_id);
    else
        printf("refused: %s\n", lic2_status_text(decision.status));
    return LIC2_GRANTED(&decision) ? 0 : 1;
}
