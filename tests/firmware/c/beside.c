/* Two Rust libraries in one program, each with its own panic handler and its own copy of Rust's core library. */
#include "anchor.h"
#include "board.h"
#include "lic2.h"
#include "signatures.h"

static lic2_keyring ring;

static void say(const char *text)
{
    while (*text != '\0') {
        board_put(*text++);
    }
}

void firmware(void)
{
    static const uint8_t message[1] = {0};
    static const uint8_t signature[64] = {0};

    if (lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors) == LIC2_STATUS_OK &&
        lic2_selftest() == LIC2_STATUS_OK) {
        say("ours 1\n");
    }
    /* Nothing but zeros is no signature, for either. */
    if (!firmware_signature(lic2_anchors, message, sizeof message, signature) &&
        !firmware_dalek_strict(lic2_anchors, message, sizeof message, signature)) {
        say("theirs 1\n");
    }
    board_exit();
}
