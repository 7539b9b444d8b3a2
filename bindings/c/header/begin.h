/*
 * lic2 0.1: checks software licenses offline and remembers them. This file is the reference, docs/C.md the
 * guide. Generated from bindings/c; do not edit.
 *
 * A seller signs a license, the customer pastes its text (a code), and your program decides what the customer
 * may use. Your program contains the seller's public key, the anchor, in a file that the seller makes:
 * `lic2-signer pubkey --format c anchor.pub > anchor.h`.
 *
 * On Linux, macOS and Windows define LIC2_HOST and link liblic2_host.a. At every start:
 *
 *     static lic2_host host;
 *     static lic2_engine engine;
 *     lic2_decision decision;
 *     lic2_status status = lic2_host_open(&host, &engine, "vision-appliance", LIC2_TERMINATED, NULL, 0,
 *                                         lic2_anchors, sizeof lic2_anchors, NULL);
 *     if (status != LIC2_STATUS_OK)
 *         return fail(status);
 *     lic2_engine_check(&engine, &decision);
 *     if (!LIC2_GRANTED(&decision))
 *         puts(lic2_status_text(decision.status));
 *
 * When the customer pastes a document, whatever it is:
 *
 *     uint32_t outcome;
 *     lic2_status status = lic2_engine_apply(&engine, text, LIC2_TERMINATED, &outcome, NULL);
 *     puts(status == LIC2_STATUS_OK ? lic2_outcome_text(outcome) : lic2_status_text(status));
 *
 * Contents: Three ways to use it; What the library cannot detect; Rules for all functions; Topics; Linking;
 * constants and structs; functions (The library itself; Texts of statuses; Texts of outcomes; Key ring;
 * Codes, without an engine; Verified licenses, without an engine; Engine; Engine: quotas and seats; Engine:
 * documents for the seller; Engine: About box and support; Anchor tables; Device key in software; Host; Host:
 * machine and failures); Statuses.
 *
 * Three ways to use it
 *   Host: lic2_host_open sets up an engine with the files, the clock and the identity of this computer.
 *   Engine on a device: you provide callbacks for a store of two slots and, if the device has them, for a
 *   clock, an identity and a counter. The calls are the same as on a host:
 *
 *     static lic2_keyring ring;
 *     static lic2_engine engine;
 *     lic2_config config;
 *     LIC2_INIT(&config);
 *     config.product = "vision-appliance";
 *     config.product_len = LIC2_TERMINATED;
 *     config.ring = &ring;
 *     config.store.read = read_slot;
 *     config.store.write = write_slot;
 *     config.clock.read = read_clock;
 *     config.identity.components = &esn;
 *     config.identity.components_count = 1;
 *     lic2_status status = lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors);
 *     if (status == LIC2_STATUS_OK)
 *         status = lic2_engine_open(&engine, &config);
 *
 *   Without an engine: one call judges a code by the facts that you pass, and stores nothing.
 *
 *     static lic2_keyring ring;
 *     lic2_license license;
 *     lic2_decision decision;
 *     lic2_facts facts;
 *     LIC2_INIT(&facts);
 *     facts.product = "vision-appliance";
 *     facts.product_len = LIC2_TERMINATED;
 *     facts.components = &esn;
 *     facts.components_count = 1;
 *     facts.now = (uint64_t)time(NULL);
 *     if (lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors) != LIC2_STATUS_OK)
 *         return 1;
 *     lic2_code_check(&ring, code, LIC2_TERMINATED, &facts, &license, &decision);
 *     if (!LIC2_GRANTED(&decision))
 *         puts(lic2_status_text(decision.status));
 *
 * What the library cannot detect
 *   - A patched program. Ask in several places, and let features do real work.
 *   - A cloned virtual machine or disk that shows the same identity components.
 *   - A wrong clock, unless it contradicts something certain: a time earlier than the build, the documents or
 *     (with an engine) an earlier reading is rejected. Without an engine, pass refreshed_at if the customer
 *     can set the clock.
 *   - A stolen private key. Its codes are valid until the key is revoked.
 *   - An older copy of the store, unless the device has a counter. Without an engine: an older code, or lost
 *     facts (activated_at, refreshed_at, powered_hours, the highest serial).
 *
 * Rules for all functions
 *   1. Inputs come first, outputs last. A length follows its pointer and counts bytes; a count follows its
 *      array. Keys and signatures have one length each and need none. A text (const char *) takes
 *      LIC2_TERMINATED as its length if it ends with a NUL.
 *   2. (NULL, 0) is empty data. Any other NULL is refused with NULL_POINTER, a misaligned pointer with
 *      INVALID_ARGUMENT. Arguments must not overlap.
 *   3. Call LIC2_INIT(&x) on the structs that you fill in: lic2_facts, lic2_config, lic2_ask,
 *      lic2_host_options. Outputs and opaque structs need no initialization. The library neither reads nor
 *      writes beyond the version of a struct that it knows. A program with an older header works with a newer
 *      library; with an older library, a struct that has grown is refused with STRUCT_TOO_NEW.
 *   4. Every output denies before anything can fail: LIC2_GRANTED is 0 for it.
 *   5. Functions return a status; 0 means that the call succeeded, never that something is permitted. Only
 *      LIC2_GRANTED of a decision, a feature or a meter permits. A refusal is a result, not a failure: its
 *      number, from 301 on, is in the status of the struct. If an attacker can disturb the device's supply,
 *      test LIC2_GRANTED in two places, the second where the work is done, and use quantity or value of the
 *      struct, which are 0 without a grant.
 *   6. The library keeps no pointers after a call, with these exceptions: everything that a lic2_config
 *      points to must outlive the engine, a lic2_host must outlive its engine, an anchor table must outlive
 *      its key ring.
 *   7. Threads may share const arguments. An object that a call writes to must not be used by another thread
 *      meanwhile. The library has no locks and starts no threads; its only global state is a cached answer to
 *      which instructions the processor has. Apart from your callbacks and the host functions it performs no
 *      I/O.
 *   8. It allocates no memory. @stack gives the most stack that a call needs on x86-64, callbacks excluded;
 *      docs/FIRMWARE.md has the figures of microcontrollers. docs/FIGURES.md measures a signature check, the
 *      unit of @time.
 *   9. Integers have fixed widths. Times are seconds since 1970-01-01 UTC; 0 means unknown or none.
 *  10. Reserved fields are 0. Unknown flags and numbers are refused with INVALID_ARGUMENT.
 *  11. A callback returns 0 for success; any other number is a failure. It is called only during a call of
 *      its engine, on that call's thread. It must not keep the pointers that it gets, or use that engine: its
 *      calls return ENGINE_BUSY. Nor must it throw or jump out: until the engine is opened again, every call
 *      then returns ENGINE_BUSY.
 *
 * A function lists the statuses that it returns, without LIC2_STATUS_. Five groups have names:
 *   ARGUMENTS   101 to 104: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT
 *   TEXT        201 to 214: the text is not a document that the library reads
 *   SIGNATURE   301 to 312: the document is not authentic
 *   STORING     STORE_WRITE, STATE_FULL, COUNTER_FAILED
 *   RULES       {rules}
 * SELFTEST_FAILED is not listed: any call that delivers a verdict returns it if the processor miscomputes.
 *
 * Topics (docs/C.md)
 *   Trial: ship a trial code with the program and apply it when a check says NOT_ACTIVATED. Its days
 *   count from that moment.
 *   Metering: lic2_engine_consume stores a use before it grants it. A reservation saves writes.
 *   About box: lic2_engine_check fills in id, edition and dates; lic2_engine_license_at lists all licenses.
 *   Capacity: an engine needs LIC2_ENGINE_BYTES of memory and two slots of LIC2_STATE_BYTES.
 *   Backup and uninstall: a restored store is refused if there is a counter. lic2_host_erase removes all of
 *   it.
 *   Updates: a newer library reads what an older one stored. The reverse is refused with STATE_TOO_NEW.
 *
 * Linking
 *   C99 or C++11. Link liblic2.a, or use pkg-config lic2, or CMake find_package(lic2) with lic2::lic2. For
 *   the host functions define LIC2_HOST and link liblic2_host.a, which contains the library, or use
 *   pkg-config lic2-host, or lic2::host; macOS and Windows are untested. LIC2_DEVICE_KEY and LIC2_TABLES
 *   declare the functions that only archives built with a device key in software or with anchor tables have.
 * SPDX-License-Identifier: MIT OR Apache-2.0
 */

#ifndef LIC2_H
#define LIC2_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

