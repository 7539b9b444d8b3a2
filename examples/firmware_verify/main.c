/*
 * The least that a firmware can do with lic2: the production line has written a code beside the program, and this asks
 * at every start whether the code permits this device. No engine, no store.
 */
#include <string.h>

#include "lic2.h"

#include "anchor.h"
#include "board.h"
#include "print.h"
#include "semihosting.h"

static const char product[] = "data-logger";

/* 2026-01-01: when this program was built. No clock can truthfully show an earlier time. */
static const uint64_t built_at = 1767225600;

/* Too large for the stack of a small device. */
static lic2_keyring ring;
static lic2_license license;
static lic2_decision decision;

static size_t code_length(void)
{
    size_t length = 0;

    while (length < sizeof board_code && board_code[length] != '\0' && board_code[length] != '\xFF') {
        length++;
    }
    return length;
}

static void decide(void)
{
    char serial[BOARD_SERIAL_LEN + 1];
    const lic2_component esn = {LIC2_COMPONENT_ESN, 0, (const uint8_t *)serial, board_serial(serial)};
    lic2_facts facts;

    LIC2_INIT(&decision); /* Denies, also if the key ring fails. */
    LIC2_INIT(&facts);
    facts.product = product;
    facts.product_len = sizeof product - 1;
    facts.built_at = built_at;
    facts.now = host_time();
    facts.components = &esn;
    facts.components_count = 1;
    decision.status = lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors);
    if (decision.status == LIC2_STATUS_OK) {
        lic2_code_check(&ring, board_code, code_length(), &facts, &license, &decision);
    }
}

/*
 * What the license is for. An attacker who can make the processor skip an instruction may get this far without a grant, so it asks
 * again, where the work is done.
 */
static int work(void)
{
    if (!LIC2_GRANTED(&decision)) {
        return 3;
    }
    print("granted\n");
    return 0;
}

int main(void)
{
    decide();
    if (!LIC2_GRANTED(&decision)) {
        /* A number, which docs/ERRORS.md explains: lic2_status_text would bring in 11 KB of sentences. */
        print("refused: ");
        print_number((uint32_t)decision.status);
        print("\n");
        return 3;
    }
    return work();
}
