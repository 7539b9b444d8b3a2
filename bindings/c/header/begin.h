/*
 * lic2: verifies signed License 2.0 authorization codes offline and decides what they permit.
 *
 * Generated from bindings/c; do not edit. This file explains the whole use of the library.
 *
 * A seller signs a license and gives the customer its text, the authorization code. The application holds the
 * seller's public key, the anchor, and what it knows about itself, the facts. One call, lic2_code_check, answers:
 * may this run, until when, with which limits.
 *
 * Example. anchor.h defines lic2_anchors; `lic2-signer pubkey --format c` writes it. Once at the start:
 *
 *     static lic2_keyring ring;
 *     LIC2_INIT(&ring);
 *     if (lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors) != LIC2_STATUS_OK)
 *         return 0;
 *
 * Then, for a code of code_len characters:
 *
 *     lic2_facts facts;
 *     lic2_license license;
 *     lic2_decision decision;
 *     lic2_component esn = {LIC2_COMPONENT_ESN, 0, (const uint8_t *)serial, strlen(serial)};
 *     LIC2_INIT(&facts);
 *     LIC2_INIT(&license);
 *     LIC2_INIT(&decision);
 *     facts.product = "vision-appliance";
 *     facts.product_len = strlen(facts.product);
 *     facts.components = &esn;
 *     facts.components_count = 1;
 *     facts.now = (uint64_t)time(NULL);
 *     lic2_code_check(&ring, code, code_len, &facts, &license, &decision);
 *     if (!LIC2_GRANTED(&decision))
 *         printf("refused: %s\n", lic2_status_text(decision.status));
 *     return LIC2_GRANTED(&decision);
 *
 * What the library does not decide:
 *   - whether the program was patched to ignore the answer. Ask in several places, and let features do real work.
 *   - whether a virtual machine or a disk was cloned, with every identity component it shows.
 *   - whether the clock lies. It reads none: facts.now is believed as far as the build, the code's issue and the
 *     other times in the facts do not contradict it. Where the customer sets the clock, pass refreshed_at.
 *   - whether an issuer's or an anchor's private key was stolen. Its codes are good until the key is revoked.
 *   - whether the application went back to an older code or forgot what it has to keep (activated_at, refreshed_at,
 *     powered_hours, the highest serial). The library keeps nothing.
 * It reads no clock, no file and no network, allocates no memory, writes nothing out, and has no global state but the
 * answer to the question which instructions the processor has.
 *
 * Rules for all functions:
 *   1. Inputs come first, outputs last. A length follows its pointer and counts bytes; an array's count follows it.
 *   2. NULL with length 0 is empty data. Any other NULL is refused with NULL_POINTER, a misaligned pointer with
 *      INVALID_ARGUMENT. No two arguments may overlap.
 *   3. Structs begin with struct_size. LIC2_INIT(&x) clears a struct and sets it; do so before the first use. A
 *      size that no version of the struct can have is refused: STRUCT_SIZE or STRUCT_TOO_NEW. Which sizes a library
 *      takes is no test for a forgotten LIC2_INIT. A program compiled with an older header
 *      works with a newer library; one compiled with a newer header works with an older library as long as the
 *      fields that this library does not know are 0, and gets STRUCT_TOO_NEW otherwise.
 *   4. Every output is overwritten with a denying value before anything can fail. LIC2_GRANTED is 0 for it.
 *   5. Functions return a status; 0 means that the call worked, never that something is permitted. Permission is
 *      what LIC2_GRANTED says of a decision or a feature. A refusal is a result, not a failure: it stands in the
 *      status of the struct, with a number from 401 on.
 *   6. The library keeps no pointer after the call.
 *   7. What a function takes as const may be shared by any number of threads; what it writes it needs alone.
 *   8. Integers have fixed widths; times are seconds since 1970-01-01 UTC, 0 stands for unknown or none.
 *   9. Reserved fields are 0, unknown flags and numbers are refused with INVALID_ARGUMENT.
 * A doc comment lists every status that its function can return, without LIC2_STATUS_.
 *
 * C99 or C++11. Link liblic2.a, or use pkg-config lic2, or CMake find_package(lic2) and lic2::lic2.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
