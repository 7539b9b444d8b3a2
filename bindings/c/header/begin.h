/*
 * lic2: verifies signed License 2.0 authorization codes offline, keeps them on the device and decides what they permit.
 *
 * Generated from bindings/c; do not edit. This file explains the whole use of the library.
 *
 * A seller signs a license and gives the customer its text, the authorization code. The application holds the
 * seller's public key, the anchor. There are two ways to use the library:
 *   - An engine keeps the activation. The application lends it a store, a clock and an identity, and it answers, at
 *     every start, whether the product may run; it renews, revokes, counts and gives back.
 *   - Without an engine one call, lic2_code_check, judges a code by the facts that the application tells: may this
 *     run, until when, with which limits. The library keeps nothing.
 *
 * Example with an engine. anchor.h defines lic2_anchors; `lic2-signer pubkey --format c` writes it. Once at the start:
 *
 *     static lic2_keyring ring;
 *     LIC2_INIT(&ring);
 *     if (lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors) != LIC2_STATUS_OK)
 *         return 0;
 *
 *     static lic2_engine engine;
 *     lic2_config config;
 *     LIC2_INIT(&engine);
 *     LIC2_INIT(&config);
 *     config.product = "vision-appliance";
 *     config.product_len = strlen(config.product);
 *     config.ring = &ring;
 *     config.store.read = read_slot;
 *     config.store.write = write_slot;
 *     config.clock.read = read_clock;
 *     config.identity.components = &esn;
 *     config.identity.components_count = 1;
 *     if (lic2_engine_open(&engine, &config) != LIC2_STATUS_OK)
 *         return 0;
 *
 * When the customer pastes a document of text_len characters, whatever it is:
 *
 *     uint32_t outcome;
 *     lic2_status status = lic2_engine_apply(&engine, text, text_len, &outcome);
 *     printf("%s\n", status == LIC2_STATUS_OK ? lic2_outcome_text(outcome) : lic2_status_text(status));
 *
 * At every start, and again at next_deadline at the latest:
 *
 *     lic2_decision decision;
 *     LIC2_INIT(&decision);
 *     lic2_engine_check(&engine, &decision);
 *     if (!LIC2_GRANTED(&decision))
 *         printf("refused: %s\n", lic2_status_text(decision.status));
 *     return LIC2_GRANTED(&decision);
 *
 * Example without an engine, for a code of code_len characters and the ring from above:
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
 *   - whether the clock lies. It is believed as far as it contradicts nothing that is certainly past: the build, the
 *     documents, with an engine also what the clock showed before. Without an engine, where the customer sets the
 *     clock, pass refreshed_at.
 *   - whether an issuer's or an anchor's private key was stolen. Its codes are good until the key is revoked.
 *   - with an engine, whether the store went back to an older copy, unless there is a counter.
 *   - without an engine, whether the application went back to an older code or forgot what it has to keep
 *     (activated_at, refreshed_at, powered_hours, the highest serial).
 * But for the callbacks that it is given it reads no clock, no file and no network and writes nothing out. It allocates
 * no memory, and has no global state but the answer to the question which instructions the processor has.
 *
 * Rules for all functions:
 *   1. Inputs come first, outputs last. A length follows its pointer and counts bytes; an array's count follows it.
 *      Keys and signatures have one length each and need none.
 *   2. NULL with length 0 is empty data. Any other NULL is refused with NULL_POINTER, a misaligned pointer with
 *      INVALID_ARGUMENT. No two arguments may overlap.
 *   3. Structs begin with struct_size. LIC2_INIT(&x) clears a struct and sets it; do so before the first use. A
 *      size that no version of the struct can have is refused: STRUCT_SIZE or STRUCT_TOO_NEW. Which sizes a library
 *      takes is no test for a forgotten LIC2_INIT. A program compiled with an older header
 *      works with a newer library; one compiled with a newer header works with an older library as long as the
 *      fields that this library does not know are 0, and gets STRUCT_TOO_NEW otherwise.
 *   4. Every output is overwritten with a denying value before anything can fail. LIC2_GRANTED is 0 for it.
 *   5. Functions return a status; 0 means that the call worked, never that something is permitted. Permission is
 *      what LIC2_GRANTED says of a decision, a feature or a meter. A refusal is a result, not a failure: it stands in
 *      the status of the struct, with a number from 301 on. On a device whose supply an attacker can disturb, test
 *      LIC2_GRANTED in two places, the second where the work is done, and work with quantity or value of the struct:
 *      both are 0 without a grant. A status is a single register, which a fault can set.
 *   6. The library keeps no pointer after the call, but for those in a lic2_config and in what it points to: they have
 *      to stay good as long as the engine is used; and that of an anchor table, as long as the key ring is used.
 *   7. What a function takes as const may be shared by any number of threads; what it writes it needs alone.
 *   8. Integers have fixed widths; times are seconds since 1970-01-01 UTC, 0 stands for unknown or none.
 *   9. Reserved fields are 0, unknown flags and numbers are refused with INVALID_ARGUMENT.
 *  10. A callback returns 0 if it did what it was asked for; any other number is a failure. It is called only during a
 *      call of the engine that it was given to, on that call's thread. It must not use that engine, throw or jump out,
 *      and must not keep the pointers that it gets.
 * A doc comment lists every status that its function can return, without LIC2_STATUS_; but for SELFTEST_FAILED, which
 * whatever delivers a verdict can return: the processor has not done what the program says.
 *
 * C99 or C++11. Link liblic2.a, or use pkg-config lic2, or CMake find_package(lic2) and lic2::lic2.
 * On Linux, macOS and Windows liblic2_host.a holds the library and the ports of the system: files, clock, identity of
 * the machine. Define LIC2_HOST and link it instead, or use pkg-config lic2-host, or lic2::host. macOS and Windows are
 * untested. LIC2_DEVICE_KEY declares what only archives with a device key in software have, LIC2_TABLES what only those
 * with tables of anchors have.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */
