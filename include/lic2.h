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

#ifndef LIC2_H
#define LIC2_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
/* The version of this header as text; lic2_version() tells that of the library. */
#define LIC2_VERSION_STRING "0.1.0"

/* Clears a struct, given by its address, and sets its struct_size. */
#define LIC2_INIT(x) (memset((x), 0, sizeof *(x)), (void)((x)->struct_size = (uint32_t)sizeof *(x)))

/*
 * Whether a decision, a feature or a meter, given by its address, permits. Tests two words, of which each is far from
 * zero, and the size, so that neither zeroed, nor damaged, nor never initialized memory permits. Each is read from memory
 * where it is tested: a second test in another place is one, whatever the compiler knows. On a device whose supply an
 * attacker can reach ask twice, the second time where the work is done (docs/SECURITY.md).
 */
#define LIC2_GRANTED(x) \
    (*(const volatile uint32_t *)&(x)->verdict == LIC2_VERDICT_GRANTED && (x)->struct_size >= sizeof *(x) && \
     *(const volatile uint32_t *)&(x)->verdict_check == LIC2_VERDICT_DENIED)

/*
 * The version of a product build for lic2_facts and lic2_config: major and minor up to 65535, patch up to 4294967295. Larger numbers
 * give 0, an unknown version, which never grants.
 */
#define LIC2_VERSION(major, minor, patch) \
    ((((uint64_t)(major) | (uint64_t)(minor)) >> 16) != 0 || ((uint64_t)(patch) >> 32) != 0 \
         ? (uint64_t)0 \
         : ((uint64_t)(major) << 48 | (uint64_t)(minor) << 32 | (uint64_t)(patch)))

#if defined(_WIN32) && defined(LIC2_SHARED)
#define LIC2_API __declspec(dllimport)
#else
#define LIC2_API
#endif

#if defined(__GNUC__) || defined(__clang__)
#define LIC2_MUST_USE __attribute__((warn_unused_result))
#else
#define LIC2_MUST_USE
#endif


/**
 * Number of this binary interface. A program and a library work together when the library's number,
 * lic2_abi_version(), is not lower than the one the program was compiled with.
 */
#define LIC2_ABI_VERSION 2

/**
 * Number of the document format that this library reads.
 */
#define LIC2_FORMAT_VERSION 1

/**
 * Major part of the library version.
 */
#define LIC2_VERSION_MAJOR 0

/**
 * Minor part of the library version.
 */
#define LIC2_VERSION_MINOR 1

/**
 * Patch part of the library version.
 */
#define LIC2_VERSION_PATCH 0

/**
 * Longest authorization code, in characters, white space not counted.
 */
#define LIC2_CODE_MAX 1024

/**
 * Longest text that is looked at, in bytes, white space included. Longer texts are TEXT_TOO_LONG.
 */
#define LIC2_TEXT_RAW_MAX 4096

/**
 * Length of an anchor and of a device key, in bytes.
 */
#define LIC2_KEY_BYTES 32

/**
 * Most anchors in one key ring.
 */
#define LIC2_ANCHORS_MAX 4

/**
 * Most issuers that lic2_keyring_add_issuer can add to one key ring.
 */
#define LIC2_ISSUERS_MAX 4

/**
 * Most identity components in lic2_facts.
 */
#define LIC2_COMPONENTS_MAX 16

/**
 * Longest value of one identity component, in bytes.
 */
#define LIC2_COMPONENT_VALUE_MAX 256

/**
 * Most features in one license.
 */
#define LIC2_FEATURES_MAX 64

/**
 * Room for any id or text of a license, in bytes: at most 64, then zeros.
 */
#define LIC2_TEXT_BYTES 72

/**
 * Room for the name of a feature, in bytes: at most 32, then zeros.
 */
#define LIC2_NAME_BYTES 40

/**
 * Size of lic2_keyring, in bytes.
 */
#define LIC2_KEYRING_BYTES 2176

/**
 * Size of lic2_license, in bytes.
 */
#define LIC2_LICENSE_BYTES 832

/**
 * Largest value of struct_size that is taken for a size rather than for memory nobody cleared.
 */
#define LIC2_STRUCT_MAX 1024

/**
 * The word in verdict that grants. Test it with LIC2_GRANTED, never alone.
 */
#define LIC2_VERDICT_GRANTED 1522744485

/**
 * The word in verdict of every refusal and every failure.
 */
#define LIC2_VERDICT_DENIED 2772222810

/**
 * Flag of lic2_facts: test codes are accepted. Never set it in a production build.
 */
#define LIC2_FACTS_ALLOW_TEST 1

/**
 * Flag of lic2_facts: powered_hours is known. Without it the field is ignored, so that 0 hours can be said.
 */
#define LIC2_FACTS_HAVE_POWERED_HOURS 2

/**
 * Flag of lic2_facts: a license for the product itself, not an add-on, is granted beside this one. Without it an
 * add-on is refused with BASE_MISSING. Set it from LIC2_GRANTED of the decision on the other code, never from
 * anything else.
 */
#define LIC2_FACTS_HAS_BASE 4

/**
 * Flag of lic2_decision: granted, but the term has ended and the license runs on grace.
 */
#define LIC2_DECISION_IN_GRACE 1

/**
 * Flag of lic2_decision: the code was signed by an issuer that an anchor has certified, not by an anchor.
 */
#define LIC2_DECISION_BY_ISSUER 2

/**
 * Flag of lic2_decision: the license is an add-on, which counts only beside a license for the product itself.
 */
#define LIC2_DECISION_ADD_ON 4

/**
 * License class: a paid license.
 */
#define LIC2_CLASS_COMMERCIAL 1

/**
 * License class: a trial.
 */
#define LIC2_CLASS_TRIAL 2

/**
 * License class: a test order. Refused unless LIC2_FACTS_ALLOW_TEST is set.
 */
#define LIC2_CLASS_TEST 3

/**
 * License class: not for resale.
 */
#define LIC2_CLASS_NOT_FOR_RESALE 4

/**
 * Feature type: it is there.
 */
#define LIC2_FEATURE_FLAG 1

/**
 * Feature type: value is the most of something at once.
 */
#define LIC2_FEATURE_LIMIT 2

/**
 * Feature type: value is a number of uses in total; the application counts them.
 */
#define LIC2_FEATURE_QUOTA 3

/**
 * Feature type: text is for the application.
 */
#define LIC2_FEATURE_TEXT 4

/**
 * Flag of lic2_feature: use beyond the quota is granted and reported, not refused.
 */
#define LIC2_FEATURE_OVERAGE 1

/**
 * Component kind: MAC address. For kinds below 128 letter case and the separators space, tab, CR, LF, ':',
 * '-' and '.' do not matter.
 */
#define LIC2_COMPONENT_MAC 1

/**
 * Component kind: serial number of the main board.
 */
#define LIC2_COMPONENT_BOARD 2

/**
 * Component kind: serial number of the disk.
 */
#define LIC2_COMPONENT_DISK 3

/**
 * Component kind: machine id of the operating system.
 */
#define LIC2_COMPONENT_MACHINE 4

/**
 * Component kind: electronic serial number of the device.
 */
#define LIC2_COMPONENT_ESN 5

/**
 * Component kind: id of the processor.
 */
#define LIC2_COMPONENT_CPU 6

/**
 * First component kind whose meaning the application defines, up to 255; every byte of the value matters.
 */
#define LIC2_COMPONENT_CUSTOM 128

/**
 * Field of lic2_license_text: the license id.
 */
#define LIC2_TEXT_LICENSE_ID 1

/**
 * Field of lic2_license_text: the product.
 */
#define LIC2_TEXT_PRODUCT 2

/**
 * Field of lic2_license_text: the edition or SKU.
 */
#define LIC2_TEXT_EDITION 3

/**
 * Field of lic2_license_text: the seller's customer reference.
 */
#define LIC2_TEXT_CUSTOMER 4

/**
 * Field of lic2_license_text: the seller's order reference.
 */
#define LIC2_TEXT_ORDER 5

/**
 * Largest stored activation, in bytes: each of the two slots of a store needs as many.
 */
#define LIC2_STATE_BYTES 4096

/**
 * Length of a signature, in bytes.
 */
#define LIC2_SIGNATURE_BYTES 64

/**
 * Least length of the secret in lic2_identity, in bytes.
 */
#define LIC2_SECRET_MIN 16

/**
 * Slot of a store: the first.
 */
#define LIC2_SLOT_A 0

/**
 * Slot of a store: the second.
 */
#define LIC2_SLOT_B 1

/**
 * Field wall of lic2_reading: the device has a clock, and nobody has set it since it lost its power.
 */
#define LIC2_WALL_UNSET 0

/**
 * Field wall of lic2_reading: the clock shows the time in the field time.
 */
#define LIC2_WALL_TIME 1

/**
 * Field wall of lic2_reading: the device has no clock that keeps running while it is off.
 */
#define LIC2_WALL_ABSENT 2

/**
 * Flag of lic2_config: test codes are accepted. Never set it in a production build.
 */
#define LIC2_CONFIG_ALLOW_TEST 1

/**
 * Flag of lic2_config: a stored activation without a seal is accepted though the identity has a secret. For the one
 * release that introduces the secret: it lets whoever edits the store set meters and times.
 */
#define LIC2_CONFIG_ACCEPT_UNSEALED 2

/**
 * Size of lic2_engine, in bytes.
 */
#define LIC2_ENGINE_BYTES 5120

/**
 * Room for any document that an engine writes, in bytes: at most LIC2_CODE_MAX characters and a NUL.
 */
#define LIC2_DOCUMENT_BYTES 1025

/**
 * Outcome of lic2_engine_apply: the license is activated on this device.
 */
#define LIC2_OUTCOME_ACTIVATED 1

/**
 * Outcome of lic2_engine_apply: a later issue replaces the license and lasts as long or longer.
 */
#define LIC2_OUTCOME_RENEWED 2

/**
 * Outcome of lic2_engine_apply: a later issue replaces the license and ends earlier, as after a refund.
 */
#define LIC2_OUTCOME_SHORTENED 3

/**
 * Outcome of lic2_engine_apply: this very document was applied before; nothing has changed.
 */
#define LIC2_OUTCOME_ALREADY_APPLIED 4

/**
 * Outcome of lic2_engine_apply: the revocation list is in force.
 */
#define LIC2_OUTCOME_LIST_ACCEPTED 5

/**
 * Outcome of lic2_engine_apply: the time token is accepted.
 */
#define LIC2_OUTCOME_TIME_ACCEPTED 6

/**
 * Outcome of lic2_engine_apply: the time token proves nothing that is not known; nothing has changed.
 */
#define LIC2_OUTCOME_TIME_OLDER 7

/**
 * Outcome of lic2_engine_apply: the device is unlocked.
 */
#define LIC2_OUTCOME_UNLOCKED 8

/**
 * State of the clock: it contradicts nothing.
 */
#define LIC2_CLOCK_GOOD 1

/**
 * State of the clock: the device has none, and powered-on time counts.
 */
#define LIC2_CLOCK_ABSENT 2

/**
 * State of the clock: it is not set, or the device has no clock and counts no uptime. The time is not known.
 */
#define LIC2_CLOCK_UNSET 3

/**
 * State of the clock: it shows a time that is certainly past.
 */
#define LIC2_CLOCK_BEHIND 4

/**
 * State of the clock: far ahead of the last known time. It is believed for now; warn whoever can set it.
 */
#define LIC2_CLOCK_AHEAD 5

/**
 * State of the clock: it is wrong, and a document tells the time of this session.
 */
#define LIC2_CLOCK_CORRECTED 6

/**
 * Sign in lic2_ask: the device is a virtual machine.
 */
#define LIC2_SIGN_VIRTUAL_MACHINE 1

/**
 * Sign in lic2_ask: the program runs in a container.
 */
#define LIC2_SIGN_CONTAINER 2

/**
 * Flag of lic2_engine_info: the stored activation is sealed with the device's secret.
 */
#define LIC2_ENGINE_SEALED 1

/**
 * Flag of lic2_engine_info: a request waits for its unlock.
 */
#define LIC2_ENGINE_REQUEST_PENDING 2

#if defined(LIC2_HOST)
/**
 * Size of lic2_host, in bytes.
 */
#define LIC2_HOST_BYTES 8192
#endif

#if defined(LIC2_HOST)
/**
 * Flag of lic2_host_open: the stored activation is sealed with the machine id, where the system has one. A copy of the
 * directory alone then does not work on another machine. It stops nobody who can read the machine id, and every user
 * of the machine can.
 */
#define LIC2_HOST_SEAL 1
#endif

#if defined(LIC2_HOST)
/**
 * Cause of a host's failure: the operating system refused; the code is its error number.
 */
#define LIC2_HOST_SYSTEM 1
#endif

#if defined(LIC2_HOST)
/**
 * Cause of a host's failure: a path or a component is not one, or is one too many.
 */
#define LIC2_HOST_ARGUMENT 2
#endif

#if defined(LIC2_HOST)
/**
 * Cause of a host's failure: another process uses the directory.
 */
#define LIC2_HOST_LOCKED 3
#endif

#if defined(LIC2_HOST)
/**
 * Cause of a host's failure: something that is not a regular file stands in the place of one.
 */
#define LIC2_HOST_NOT_A_FILE 4
#endif

/**
 * What a call returns, and why a license or a feature was refused. Numbers are never changed or used again.
 *
 * 101 to 199: the call is wrong. 201 to 299: the text is. 301 to 399: the code is not authentic. 401 to 499: the
 * license does not permit it. 501 to 599: a fact is missing, or the device failed. 901: the library is broken.
 */
enum lic2_status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : int32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
    /**
     * No error.
     */
    LIC2_STATUS_OK = 0,
    /**
     * A required pointer is NULL.
     * What to do: pass the address of an object; only (NULL, 0) stands for empty data.
     */
    LIC2_STATUS_NULL_POINTER = 101,
    /**
     * struct_size is smaller than the first version of the struct.
     * What to do: clear the struct with LIC2_INIT before filling it in.
     */
    LIC2_STATUS_STRUCT_SIZE = 102,
    /**
     * The struct has fields that this library does not know.
     * What to do: link the library that belongs to the header.
     */
    LIC2_STATUS_STRUCT_TOO_NEW = 103,
    /**
     * An argument is outside its documented range.
     * What to do: compare the arguments with the limits in the header.
     */
    LIC2_STATUS_INVALID_ARGUMENT = 104,
    /**
     * The key ring, license or engine was not set up by a call that succeeded.
     * What to do: check the status of lic2_keyring_init, lic2_code_verify or lic2_engine_open before using
     * its result.
     */
    LIC2_STATUS_NOT_INITIALIZED = 105,
    /**
     * An anchor is not a usable Ed25519 public key.
     * What to do: copy the key again from lic2-signer pubkey.
     */
    LIC2_STATUS_KEY_INVALID = 106,
    /**
     * The same anchor or issuer stands in the key ring twice.
     * What to do: list every key once.
     */
    LIC2_STATUS_KEY_DUPLICATE = 107,
    /**
     * The key ring holds no more keys.
     * What to do: remove keys that are no longer used.
     */
    LIC2_STATUS_KEYRING_FULL = 108,
    /**
     * The buffer is too small for the result.
     * What to do: pass a larger buffer: as many bytes as the returned length, for a text one more.
     */
    LIC2_STATUS_BUFFER_TOO_SMALL = 109,
    /**
     * The feature is not of the kind that this call works on.
     * What to do: consume quotas, acquire seats of limits; see the type of the feature.
     */
    LIC2_STATUS_FEATURE_KIND = 110,
    /**
     * The anchor table is damaged or has another format than this library reads.
     * What to do: make it anew with lic2-signer pubkey of the same version, and compile it in unchanged.
     */
    LIC2_STATUS_TABLE_INVALID = 111,
    /**
     * The anchor table belongs to a key that is no anchor of this key ring.
     * What to do: make the table from the anchor itself; set up the key ring before its tables.
     */
    LIC2_STATUS_TABLE_KEY = 112,
    /**
     * There is no text.
     * What to do: paste the authorization code.
     */
    LIC2_STATUS_TEXT_EMPTY = 201,
    /**
     * The text is longer than any code.
     * What to do: paste the authorization code alone.
     */
    LIC2_STATUS_TEXT_TOO_LONG = 202,
    /**
     * The text does not begin with LIC2.
     * What to do: copy the authorization code from its first characters, LIC2, and nothing before them.
     */
    LIC2_STATUS_TEXT_PREFIX = 203,
    /**
     * The text contains a character that no code contains.
     * What to do: copy the authorization code alone, without the words or punctuation around it.
     */
    LIC2_STATUS_TEXT_CHARACTER = 204,
    /**
     * The text contains more than one code.
     * What to do: paste one authorization code at a time, once.
     */
    LIC2_STATUS_TEXT_SEVERAL = 205,
    /**
     * Characters of the code are missing or changed.
     * What to do: copy the authorization code again, complete.
     */
    LIC2_STATUS_TEXT_DAMAGED = 206,
    /**
     * This is another document of this system, not the kind expected here.
     * What to do: use it where that kind of document is asked for, or paste an authorization code.
     */
    LIC2_STATUS_DOCUMENT_KIND = 207,
    /**
     * The document has a format that this product does not know yet.
     * What to do: update the product.
     */
    LIC2_STATUS_FORMAT_VERSION = 208,
    /**
     * The document is signed with an algorithm that this product does not know.
     * What to do: update the product.
     */
    LIC2_STATUS_FORMAT_ALGORITHM = 209,
    /**
     * The document's outer structure is not valid.
     * What to do: ask the seller for a new code.
     */
    LIC2_STATUS_FORMAT_ENVELOPE = 210,
    /**
     * The signed content cannot be decoded.
     * What to do: ask the seller for a new code.
     */
    LIC2_STATUS_PAYLOAD_MALFORMED = 211,
    /**
     * The signed content is not encoded in its one permitted form.
     * What to do: ask the seller for a new code.
     */
    LIC2_STATUS_PAYLOAD_NOT_CANONICAL = 212,
    /**
     * A value in the signed content is outside its limits.
     * What to do: ask the seller for a new code.
     */
    LIC2_STATUS_PAYLOAD_VALUE = 213,
    /**
     * The document depends on an extension that this product does not know.
     * What to do: update the product.
     */
    LIC2_STATUS_EXTENSION_UNKNOWN = 214,
    /**
     * The code is signed with a key that this product does not trust.
     * What to do: check that the code is for this product; ask the seller for a code that carries its issuer
     * certificate.
     */
    LIC2_STATUS_KEY_UNKNOWN = 301,
    /**
     * The signature does not belong to this content: the code was not made by the seller.
     * What to do: ask the seller for a genuine code.
     */
    LIC2_STATUS_SIGNATURE_INVALID = 302,
    /**
     * The issuer certificate is signed with a key that this product does not trust.
     * What to do: check that the code is for this product, or update the product.
     */
    LIC2_STATUS_CERTIFICATE_UNTRUSTED = 303,
    /**
     * The issuer certificate's signature is not valid.
     * What to do: ask the seller for a genuine code.
     */
    LIC2_STATUS_CERTIFICATE_SIGNATURE = 304,
    /**
     * The issuer certificate carries another one, is too long, or is not for the key that signed.
     * What to do: ask the seller for a new code.
     */
    LIC2_STATUS_CERTIFICATE_INVALID = 305,
    /**
     * The issuer may not sign this kind of document.
     * What to do: ask the seller for a code from another issuer.
     */
    LIC2_STATUS_ISSUER_KIND = 306,
    /**
     * The code was issued outside the issuer certificate's validity.
     * What to do: ask the seller for a new code from a current issuer.
     */
    LIC2_STATUS_ISSUER_DATE = 307,
    /**
     * The issuer may not sign codes for this product.
     * What to do: ask the seller for a code from another issuer.
     */
    LIC2_STATUS_ISSUER_SCOPE = 308,
    /**
     * The license lasts longer than its issuer may grant.
     * What to do: ask the seller for a code from another issuer.
     */
    LIC2_STATUS_ISSUER_TERM = 309,
    /**
     * The issuer may sign test codes only.
     * What to do: ask the seller for a code from a production issuer.
     */
    LIC2_STATUS_ISSUER_TEST_ONLY = 310,
    /**
     * The key that signed the document has been revoked.
     * What to do: ask the seller for a new code from a current issuer.
     */
    LIC2_STATUS_ISSUER_REVOKED = 311,
    /**
     * The document carries an issuer certificate, and this product trusts its anchors alone.
     * What to do: ask the seller for a code that is signed with an anchor.
     */
    LIC2_STATUS_ISSUER_UNSUPPORTED = 312,
    /**
     * The code is for another product.
     * What to do: enter the code in the product it was bought for.
     */
    LIC2_STATUS_PRODUCT_MISMATCH = 401,
    /**
     * This is a test code, and this product accepts none.
     * What to do: use a code from a real order.
     */
    LIC2_STATUS_TEST_CODE = 402,
    /**
     * The license does not cover this version of the product.
     * What to do: install a covered version or buy an upgrade.
     */
    LIC2_STATUS_VERSION_NOT_COVERED = 403,
    /**
     * This build was made after the license's maintenance ended.
     * What to do: install an earlier build or renew maintenance.
     */
    LIC2_STATUS_MAINTENANCE_ENDED = 404,
    /**
     * The code is for another device.
     * What to do: enter the code on the device it was issued for, or ask the seller to move it.
     */
    LIC2_STATUS_DEVICE_MISMATCH = 405,
    /**
     * The license has not started yet.
     * What to do: wait for its start date; check the device's clock.
     */
    LIC2_STATUS_NOT_YET_VALID = 406,
    /**
     * The license has expired.
     * What to do: renew the license and enter the new code.
     */
    LIC2_STATUS_EXPIRED = 407,
    /**
     * The license has to be refreshed and was not.
     * What to do: enter the seller's latest code or other signed document.
     */
    LIC2_STATUS_LEASE_OVERDUE = 408,
    /**
     * The license does not contain this feature.
     * What to do: buy the feature and enter the new code.
     */
    LIC2_STATUS_FEATURE_UNKNOWN = 409,
    /**
     * The feature has expired.
     * What to do: renew the feature and enter the new code.
     */
    LIC2_STATUS_FEATURE_EXPIRED = 410,
    /**
     * The code is an add-on, and no license for the product itself is granted.
     * What to do: enter the code of the product itself as well.
     */
    LIC2_STATUS_BASE_MISSING = 411,
    /**
     * No license is activated on this device.
     * What to do: enter the authorization code.
     */
    LIC2_STATUS_NOT_ACTIVATED = 412,
    /**
     * A later issue of this license is activated already.
     * What to do: use the latest code; if it is lost, the one that is activated stays in force.
     */
    LIC2_STATUS_CODE_OLDER = 413,
    /**
     * Another code of this license with the same serial number is activated.
     * What to do: ask the seller for a code with a higher serial number.
     */
    LIC2_STATUS_CODE_CONFLICT = 414,
    /**
     * This device has given the license back.
     * What to do: ask the seller for a new code for this device.
     */
    LIC2_STATUS_LICENSE_RETURNED = 415,
    /**
     * The seller has released the license from this device.
     * What to do: enter the license's new code, or buy one.
     */
    LIC2_STATUS_LICENSE_RELEASED = 416,
    /**
     * The seller has frozen the license.
     * What to do: settle the matter with the seller and enter the seller's next document.
     */
    LIC2_STATUS_LICENSE_FROZEN = 417,
    /**
     * The license was refunded.
     * What to do: buy a license and enter its code.
     */
    LIC2_STATUS_LICENSE_REFUNDED = 418,
    /**
     * The license was replaced by a later issue.
     * What to do: enter the latest code of this license.
     */
    LIC2_STATUS_LICENSE_REPLACED = 419,
    /**
     * A later revocation list is held already.
     * What to do: nothing: the later list stays in force.
     */
    LIC2_STATUS_LIST_OLDER = 420,
    /**
     * Another revocation list with the same number is held already.
     * What to do: ask the seller for a list with a higher number.
     */
    LIC2_STATUS_LIST_CONFLICT = 421,
    /**
     * The unlock does not answer this device's pending request.
     * What to do: make a request on this device and send it to the seller; an unlock works once.
     */
    LIC2_STATUS_UNLOCK_MISMATCH = 422,
    /**
     * This license is not activated on this device.
     * What to do: compare the license id with the list of activated licenses.
     */
    LIC2_STATUS_LICENSE_UNKNOWN = 423,
    /**
     * Less of the quota is left than was asked for.
     * What to do: buy more and enter the new code.
     */
    LIC2_STATUS_QUOTA_EXHAUSTED = 424,
    /**
     * All seats of the feature are taken.
     * What to do: release a seat, wait until a lease ends, or buy more.
     */
    LIC2_STATUS_SEATS_TAKEN = 425,
    /**
     * The license grants this feature in a way that this product does not know yet.
     * What to do: update the product.
     */
    LIC2_STATUS_RIGHT_UNKNOWN = 426,
    /**
     * The part of the revocation list that covers this license is not entered.
     * What to do: ask the seller for that part, enter it, then the code again.
     */
    LIC2_STATUS_LIST_PART_MISSING = 427,
    /**
     * The license depends on the time, and the time is not known.
     * What to do: set the device's clock.
     */
    LIC2_STATUS_TIME_UNKNOWN = 501,
    /**
     * The clock shows a time that is certainly past.
     * What to do: set the device's clock.
     */
    LIC2_STATUS_CLOCK_BEHIND = 502,
    /**
     * The license counts from its activation, and that time is not known.
     * What to do: pass the time of the first activation.
     */
    LIC2_STATUS_ACTIVATION_UNKNOWN = 503,
    /**
     * The license counts powered-on hours, and they are not known.
     * What to do: pass the powered-on hours since activation.
     */
    LIC2_STATUS_POWERED_HOURS_UNKNOWN = 504,
    /**
     * The application did not say which product it is.
     * What to do: pass the product id.
     */
    LIC2_STATUS_PRODUCT_UNKNOWN = 505,
    /**
     * The license covers certain versions, and the application did not state its own.
     * What to do: pass the product version.
     */
    LIC2_STATUS_VERSION_UNKNOWN = 506,
    /**
     * The license covers builds up to a date, and the application did not state its own.
     * What to do: pass the build time.
     */
    LIC2_STATUS_BUILD_TIME_UNKNOWN = 507,
    /**
     * The license is bound to a device, and this device's identity is not known.
     * What to do: pass the identity components or the device key.
     */
    LIC2_STATUS_DEVICE_UNKNOWN = 508,
    /**
     * The license depends on the time, and the device's clock is not set.
     * What to do: set the device's clock or enter a time token.
     */
    LIC2_STATUS_CLOCK_UNSET = 509,
    /**
     * The stored activation could not be read.
     * What to do: try again; check the storage of the device.
     */
    LIC2_STATUS_STORE_READ = 510,
    /**
     * The activation could not be stored.
     * What to do: try again; check the storage of the device: space, permissions, wear.
     */
    LIC2_STATUS_STORE_WRITE = 511,
    /**
     * The stored activation is damaged.
     * What to do: enter the authorization code again.
     */
    LIC2_STATUS_STATE_CORRUPT = 512,
    /**
     * The stored activation belongs to another device or product.
     * What to do: enter the authorization code of this device.
     */
    LIC2_STATUS_STATE_FOREIGN = 513,
    /**
     * The stored activation was written by a later version of the product.
     * What to do: update the product; the stored activation was left as it is.
     */
    LIC2_STATUS_STATE_TOO_NEW = 514,
    /**
     * The stored activation was replaced by an earlier copy or removed.
     * What to do: send a request to the seller and enter the unlock.
     */
    LIC2_STATUS_STATE_ROLLED_BACK = 515,
    /**
     * The stored activation has no room for more.
     * What to do: give back licenses that are no longer used.
     */
    LIC2_STATUS_STATE_FULL = 516,
    /**
     * The device's monotonic counter does not work.
     * What to do: try again; check the counter of the device.
     */
    LIC2_STATUS_COUNTER_FAILED = 517,
    /**
     * The device's own key did not sign.
     * What to do: try again; check the secure element or key of the device.
     */
    LIC2_STATUS_SIGNING_FAILED = 518,
    /**
     * The stored activation has a draft format that no released version reads.
     * What to do: delete the stored activation and enter the authorization code again.
     */
    LIC2_STATUS_STATE_TOO_OLD = 519,
    /**
     * The library computes wrong results on this machine.
     * What to do: do not ship this build: report the compiler, its options and the processor.
     */
    LIC2_STATUS_SELFTEST_FAILED = 901,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum lic2_status lic2_status;
#else
typedef int32_t lic2_status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

/**
 * The trusted keys of a product, checked and ready for use. The size is guaranteed, the content is not: do not
 * store it, do not copy it between programs.
 *
 * Threads: lic2_keyring_init and lic2_keyring_add_issuer need it alone; every other call only reads it.
 */
typedef struct lic2_keyring {
    /**
     * Size of this struct, set by LIC2_INIT.
     */
    uint32_t struct_size;
    /**
     * Zero.
     */
    uint32_t reserved;
    /**
     * The library's.
     */
    uint64_t opaque[271];
} lic2_keyring;

/**
 * A verified license. The size is guaranteed, the content is not: store the code, not this.
 *
 * Threads: lic2_code_verify and lic2_code_check need it alone; every other call only reads it.
 */
typedef struct lic2_license {
    /**
     * Size of this struct, set by LIC2_INIT.
     */
    uint32_t struct_size;
    /**
     * Zero.
     */
    uint32_t reserved;
    /**
     * The library's.
     */
    uint64_t opaque[103];
} lic2_license;

/**
 * One fact about the identity of the device. Has no struct_size, because it stands in arrays; never grows.
 */
typedef struct lic2_component {
    /**
     * LIC2_COMPONENT_MAC and so on, 1 to 255.
     */
    uint32_t kind;
    /**
     * Zero.
     */
    uint32_t reserved;
    /**
     * The value, as the operating system or the hardware shows it.
     */
    const uint8_t *value;
    /**
     * Bytes in value, at most LIC2_COMPONENT_VALUE_MAX. A value with nothing in it matches nothing.
     */
    size_t value_len;
} lic2_component;

/**
 * What the application tells the library. Zero means unknown, and what is unknown never grants anything.
 * Times are seconds since 1970-01-01 UTC.
 *
 * Threads: only read.
 */
typedef struct lic2_facts {
    /**
     * Size of this struct, set by LIC2_INIT.
     */
    uint32_t struct_size;
    /**
     * LIC2_FACTS_... flags, combined with |.
     */
    uint32_t flags;
    /**
     * What the clock shows.
     */
    uint64_t now;
    /**
     * When this build was made. Also the earliest time that a clock can truthfully show.
     */
    uint64_t built_at;
    /**
     * When this license was first activated on this device. The application keeps it.
     */
    uint64_t activated_at;
    /**
     * Issue time of the newest genuine document that this device has seen. The application keeps it: the
     * highest issued_at of every granted decision so far. Leave refused ones out: a free trial of another
     * product must not prolong a lease.
     */
    uint64_t refreshed_at;
    /**
     * Version of this build, made by LIC2_VERSION(major, minor, patch).
     */
    uint64_t version;
    /**
     * Powered-on hours since the first activation, if LIC2_FACTS_HAVE_POWERED_HOURS is set.
     */
    uint32_t powered_hours;
    /**
     * Zero.
     */
    uint32_t reserved;
    /**
     * The product id compiled into the application, UTF-8.
     */
    const char *product;
    /**
     * Bytes in product.
     */
    size_t product_len;
    /**
     * The identity of the device.
     */
    const struct lic2_component *components;
    /**
     * Components in components, at most LIC2_COMPONENTS_MAX.
     */
    size_t components_count;
    /**
     * Public half of the device's own key. Pass it only after the device has proved that it holds the private
     * half; the library does not check that.
     */
    const uint8_t *device_key;
    /**
     * LIC2_KEY_BYTES, or 0 if there is none.
     */
    size_t device_key_len;
} lic2_facts;

/**
 * What a license permits. Test it with LIC2_GRANTED(&decision) and nothing else.
 *
 * When the call itself failed, everything but status and the verdict is 0. Otherwise the fields describe the
 * license, also when it is refused, so that the application can say why. Times are seconds since 1970-01-01
 * UTC; 0 stands for none.
 */
typedef struct lic2_decision {
    /**
     * Size of this struct, set by LIC2_INIT.
     */
    uint32_t struct_size;
    /**
     * LIC2_VERDICT_GRANTED or LIC2_VERDICT_DENIED.
     */
    uint32_t verdict;
    /**
     * The complement of verdict, so that no single damaged word grants.
     */
    uint32_t verdict_check;
    /**
     * LIC2_STATUS_OK if granted; otherwise why not.
     */
    int32_t status;
    /**
     * LIC2_DECISION_... flags.
     */
    uint32_t flags;
    /**
     * LIC2_CLASS_...; 0 if the call failed.
     */
    uint32_t license_class;
    /**
     * Number of the issue of this license, from 1. Of two codes with one license id the higher serial counts:
     * the application keeps the highest it has seen and refuses lower ones.
     */
    uint32_t serial;
    /**
     * How many licenses, seats or channels this device may use; 0 if refused.
     */
    uint32_t quantity;
    /**
     * Features in the license, for lic2_license_feature_at.
     */
    uint32_t feature_count;
    /**
     * End of the term in powered-on hours; 0 if the license does not count them.
     */
    uint32_t powered_hours_end;
    /**
     * When the seller signed the code.
     */
    uint64_t issued_at;
    /**
     * When the license starts; 0 if at once.
     */
    uint64_t not_before;
    /**
     * End of the term: the first second in which it is over. 0 if it never ends, counts powered-on hours, or
     * counts from an activation time that the facts do not tell.
     */
    uint64_t expires_at;
    /**
     * End of use, grace included; 0 as for expires_at.
     */
    uint64_t grace_until;
    /**
     * When a newer signed document has to have arrived; 0 if the license asks for none.
     */
    uint64_t lease_until;
    /**
     * The next time at which this answer, or one about a feature, changes by itself. 0 if it never does, and
     * while the time is unknown or certainly wrong. Ask again then at the latest.
     */
    uint64_t next_deadline;
    /**
     * The key that signed the code: its first four bytes.
     */
    uint8_t key_id[4];
    /**
     * Zero.
     */
    uint8_t reserved[4];
    /**
     * License id, ends with NUL.
     */
    char license_id[LIC2_TEXT_BYTES];
    /**
     * Edition or SKU, ends with NUL; empty if there is none.
     */
    char edition[LIC2_TEXT_BYTES];
    /**
     * LIC2_CLOCK_...: what an engine found the clock to be; 0 in a decision that no engine made.
     */
    uint32_t clock;
    /**
     * Zero.
     */
    uint32_t reserved_2;
} lic2_decision;

/**
 * What a feature permits. Test it with LIC2_GRANTED(&feature) and nothing else.
 *
 * Granted only if the license is granted too. A refused feature has value 0 and an empty text, but keeps name,
 * type and expires_at if the license contains it; when the call itself failed, these are 0 as well.
 */
typedef struct lic2_feature {
    /**
     * Size of this struct, set by LIC2_INIT.
     */
    uint32_t struct_size;
    /**
     * LIC2_VERDICT_GRANTED or LIC2_VERDICT_DENIED.
     */
    uint32_t verdict;
    /**
     * The complement of verdict.
     */
    uint32_t verdict_check;
    /**
     * LIC2_STATUS_OK if granted; otherwise why not.
     */
    int32_t status;
    /**
     * LIC2_FEATURE_FLAG, _LIMIT, _QUOTA or _TEXT; 0 if the license does not contain the feature, or in a way that
     * this library does not know (status RIGHT_UNKNOWN).
     */
    uint32_t type;
    /**
     * LIC2_FEATURE_OVERAGE or 0.
     */
    uint32_t flags;
    /**
     * The limit or the quota; 0 for other types, and if refused.
     */
    uint64_t value;
    /**
     * End of the feature; 0 if it lasts as long as the license.
     */
    uint64_t expires_at;
    /**
     * Name, ends with NUL.
     */
    char name[LIC2_NAME_BYTES];
    /**
     * Text in UTF-8, ends with NUL; empty for other types, and if refused.
     */
    char text[LIC2_TEXT_BYTES];
} lic2_feature;

/**
 * The activation of a device, as long as it runs. The size is guaranteed, the content is not: what lasts stands in
 * the store. Do not copy it; two engines must not share a store.
 *
 * Threads: every call needs it alone.
 */
typedef struct lic2_engine {
    /**
     * Size of this struct, set by LIC2_INIT.
     */
    uint32_t struct_size;
    /**
     * Zero.
     */
    uint32_t reserved;
    /**
     * The library's.
     */
    uint64_t opaque[639];
} lic2_engine;

/**
 * Where the activation is kept: two slots of LIC2_STATE_BYTES that keep their content while the device is off, such
 * as two files or two flash pages. A part of lic2_config; never grows.
 */
typedef struct lic2_store {
    /**
     * Passed to the callbacks, for whatever they need; may be NULL.
     */
    void *context;
    /**
     * Copies the content of a slot to memory, as far as it fits, and sets stored_len, which is 0 before the call, to
     * the length of the content. A slot that was never written is empty or all FF. Returns 0, or anything else if
     * the content may be there but cannot be read.
     */
    int32_t (*read)(void *context, uint32_t slot, uint8_t *memory, size_t memory_len, size_t *stored_len);
    /**
     * Replaces the content of a slot by bytes_len bytes, at most LIC2_STATE_BYTES. Returns 0 when they are certainly
     * stored, otherwise anything else. A power cut may leave any mixture of old, new and erased bytes in this slot,
     * but has to leave the other slot alone.
     */
    int32_t (*write)(void *context, uint32_t slot, const uint8_t *bytes, size_t bytes_len);
} lic2_store;

/**
 * One reading of a clock, filled in by the callback of lic2_clock.
 */
typedef struct lic2_reading {
    /**
     * Size of this struct, set by the library: a callback compiled with a newer header must not write beyond it.
     */
    uint32_t struct_size;
    /**
     * LIC2_WALL_TIME, LIC2_WALL_UNSET or LIC2_WALL_ABSENT. Any other number counts as LIC2_WALL_UNSET.
     */
    uint32_t wall;
    /**
     * What the clock shows, if wall is LIC2_WALL_TIME; 0 counts as LIC2_WALL_UNSET.
     */
    uint64_t time;
    /**
     * Seconds that never run backwards until the next lic2_engine_open, from any start, if has_uptime is not 0.
     */
    uint64_t uptime_seconds;
    /**
     * 1 if uptime_seconds is known, otherwise 0.
     */
    uint32_t has_uptime;
    /**
     * Zero.
     */
    uint32_t reserved;
} lic2_reading;

/**
 * The clock of the device. A part of lic2_config; never grows.
 */
typedef struct lic2_clock {
    /**
     * Passed to the callback; may be NULL.
     */
    void *context;
    /**
     * Fills in a reading, which is all zeros but for struct_size. Returns 0, or anything else if the clock cannot be
     * read, which counts as LIC2_WALL_UNSET without an uptime. NULL stands for a device with neither clock nor uptime.
     */
    int32_t (*read)(void *context, struct lic2_reading *reading);
} lic2_clock;

/**
 * Who this device is. A part of lic2_config; never grows.
 */
typedef struct lic2_identity {
    /**
     * Passed to the callback; may be NULL.
     */
    void *context;
    /**
     * The identity of the device. The same at every call, in the same order.
     */
    const struct lic2_component *components;
    /**
     * Components in components, at most LIC2_COMPONENTS_MAX.
     */
    size_t components_count;
    /**
     * A secret that another device does not have and that is not stored beside the activation. With it the stored
     * activation is sealed: it cannot be edited, nor used on another device.
     */
    const uint8_t *secret;
    /**
     * Bytes in secret, at least LIC2_SECRET_MIN, or 0 if there is none.
     */
    size_t secret_len;
    /**
     * Public half of the device's own key (Ed25519).
     */
    const uint8_t *device_key;
    /**
     * LIC2_KEY_BYTES, or 0 if there is none.
     */
    size_t device_key_len;
    /**
     * Signs a message with the device's own key (Ed25519, RFC 8032) into LIC2_SIGNATURE_BYTES. Returns 0, or anything
     * else if the key cannot be used now. Called only if there is a device key, and needed then.
     */
    int32_t (*sign)(void *context, const uint8_t *message, size_t message_len, uint8_t *signature);
} lic2_identity;

/**
 * A counter in hardware that only counts up, starts at 0 and is used for nothing else. With it an earlier copy of the
 * stored activation is noticed. A part of lic2_config; never grows.
 */
typedef struct lic2_counter {
    /**
     * Passed to the callbacks; may be NULL.
     */
    void *context;
    /**
     * Reads it. Returns 0, or anything else if it cannot be read. Both callbacks are NULL where there is no counter.
     */
    int32_t (*read)(void *context, uint32_t *value);
    /**
     * Adds one and reads the new value. Returns 0, or anything else if the new value is not certain. A power cut
     * leaves the old or the new value.
     */
    int32_t (*increment)(void *context, uint32_t *value);
} lic2_counter;

/**
 * What an engine works with. Everything that it points to has to stay where it is, unchanged, as long as the engine
 * is used; the struct itself need not. Zero means unknown or absent.
 *
 * Threads: only read.
 */
typedef struct lic2_config {
    /**
     * Size of this struct, set by LIC2_INIT.
     */
    uint32_t struct_size;
    /**
     * LIC2_CONFIG_... flags, combined with |.
     */
    uint32_t flags;
    /**
     * When this build was made. Also the earliest time that a clock can truthfully show.
     */
    uint64_t built_at;
    /**
     * Version of this build, made by LIC2_VERSION(major, minor, patch).
     */
    uint64_t version;
    /**
     * The product id compiled into the application, UTF-8.
     */
    const char *product;
    /**
     * Bytes in product.
     */
    size_t product_len;
    /**
     * The trusted keys.
     */
    const struct lic2_keyring *ring;
    /**
     * Zero.
     */
    size_t reserved;
    /**
     * Where the activation is kept. Needed.
     */
    struct lic2_store store;
    /**
     * The clock.
     */
    struct lic2_clock clock;
    /**
     * The identity.
     */
    struct lic2_identity identity;
    /**
     * The monotonic counter.
     */
    struct lic2_counter counter;
} lic2_config;

/**
 * The state of a quota, or of the seats of a limited feature. Test it with LIC2_GRANTED(&meter) and nothing else:
 * whether what was asked for is granted. Refused, and when the call failed, all numbers are 0.
 */
typedef struct lic2_meter {
    /**
     * Size of this struct, set by LIC2_INIT.
     */
    uint32_t struct_size;
    /**
     * LIC2_VERDICT_GRANTED or LIC2_VERDICT_DENIED.
     */
    uint32_t verdict;
    /**
     * The complement of verdict.
     */
    uint32_t verdict_check;
    /**
     * LIC2_STATUS_OK if granted; otherwise why not.
     */
    int32_t status;
    /**
     * The sum of the quotas of all granted licenses, or the limit.
     */
    uint64_t total;
    /**
     * How much is used, or how many seats are taken; use beyond the quotas included.
     */
    uint64_t used;
    /**
     * How much can be used without overage, or how many seats are free.
     */
    uint64_t remaining;
    /**
     * How much is used beyond the quotas.
     */
    uint64_t overage;
} lic2_meter;

/**
 * One seat of a limited feature, in a table of the caller's. Zeros are a free one. Has no struct_size, because it
 * stands in arrays; never grows.
 */
typedef struct lic2_seat {
    /**
     * Who sits on it: a number that the application gives; 0 for nobody.
     */
    uint64_t holder;
    /**
     * When the lease ends, in seconds of the engine's own count.
     */
    uint64_t until;
} lic2_seat;

/**
 * What a request asks for. Zeros ask for nothing in particular.
 *
 * Threads: only read.
 */
typedef struct lic2_ask {
    /**
     * Size of this struct, set by LIC2_INIT.
     */
    uint32_t struct_size;
    /**
     * LIC2_SIGN_... of what the application noticed about the device, combined with |.
     */
    uint32_t signs;
    /**
     * Id of the license that is wanted or troubled, UTF-8.
     */
    const char *license_id;
    /**
     * Bytes in license_id.
     */
    size_t license_id_len;
    /**
     * Random bytes, if there are any: they keep the numbers of equal devices' requests apart.
     */
    const uint8_t *entropy;
    /**
     * Bytes in entropy, any number.
     */
    size_t entropy_len;
} lic2_ask;

/**
 * What support staff need to know. It permits nothing: ask lic2_engine_check.
 */
typedef struct lic2_engine_info {
    /**
     * Size of this struct, set by LIC2_INIT.
     */
    uint32_t struct_size;
    /**
     * LIC2_ENGINE_... flags.
     */
    uint32_t flags;
    /**
     * Why the product may not run; LIC2_STATUS_OK if it may; the return value when the call fails.
     */
    int32_t refusal;
    /**
     * What is wrong with the stored activation as a whole; LIC2_STATUS_OK if nothing is.
     */
    int32_t condition;
    /**
     * LIC2_CLOCK_...
     */
    uint32_t clock;
    /**
     * Licenses that are held, for lic2_engine_license_at.
     */
    uint32_t license_count;
    /**
     * Revocation lists that are held.
     */
    uint32_t list_count;
    /**
     * The highest number among the lists.
     */
    uint32_t list_number;
    /**
     * Number of the last write to the store.
     */
    uint32_t sequence;
    /**
     * Bytes of the stored activation.
     */
    uint32_t stored_bytes;
    /**
     * The time that decisions are made with; 0 if it is not known.
     */
    uint64_t now;
    /**
     * A time that is certainly past; 0 if none is known.
     */
    uint64_t floor;
    /**
     * Issue time of the newest revocation list, time token or unlock; 0 if there was none.
     */
    uint64_t refreshed_at;
    /**
     * Powered-on seconds that were counted.
     */
    uint64_t powered_seconds;
} lic2_engine_info;

#if defined(LIC2_HOST)
/**
 * The ports of a desktop or server system: files, clock and identity of the machine. The size is guaranteed, the
 * content is not. Do not copy or move it while it is open.
 *
 * Threads: every call needs it alone, and so does every call of an engine that uses it.
 */
typedef struct lic2_host {
    /**
     * Size of this struct, set by LIC2_INIT.
     */
    uint32_t struct_size;
    /**
     * Zero.
     */
    uint32_t reserved;
    /**
     * The library's.
     */
    uint64_t opaque[1023];
} lic2_host;
#endif

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Checks on this machine that the library computes right results.
 *
 * Verifies one good code, one forged, one expired and one damaged, all made with a key of its own. Call it once
 * when bringing up a new board or compiler, or at every start of a program.
 *
 * @return   OK, or: SELFTEST_FAILED.
 * @threads  Any number at once.
 * @stack    16.3 kB (x86-64).
 * @time     Three signature checks.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_selftest(void);

/**
 * LIC2_ABI_VERSION of the library that is linked. Shared libraries may be newer than the header; a lower number
 * means that the program must not use the library.
 *
 * @return   The number.
 * @threads  Any number at once.
 * @stack    None.
 * @time     Constant.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
uint32_t lic2_abi_version(void);

/**
 * LIC2_FORMAT_VERSION of the library that is linked.
 *
 * @return   The number.
 * @threads  Any number at once.
 * @stack    None.
 * @time     Constant.
 * @since    0.1
 */
LIC2_API LIC2_MUST_USE uint32_t lic2_format_version(void);

/**
 * LIC2_VERSION_STRING of the library that is linked.
 *
 * @return   The version, such as "0.1.0". A constant; never NULL, never to be freed.
 * @threads  Any number at once.
 * @stack    None.
 * @time     Constant.
 * @since    0.1
 */
LIC2_API LIC2_MUST_USE const char *lic2_version(void);

/**
 * The name of a status without LIC2_STATUS_, for logs.
 *
 * @param  status  A lic2_status; any other number gives "UNKNOWN_STATUS".
 * @return   Printable ASCII. A constant; never NULL, never to be freed.
 * @threads  Any number at once.
 * @stack    Under 100 bytes.
 * @time     Constant.
 * @since    0.1
 */
LIC2_API LIC2_MUST_USE const char *lic2_status_name(int32_t status);

/**
 * What a status means: one English sentence, lower case, without a full stop.
 *
 * @param  status  A lic2_status, or any other number.
 * @return   Printable ASCII. A constant; never NULL, never to be freed.
 * @threads  Any number at once.
 * @stack    Under 100 bytes.
 * @time     Constant.
 * @since    0.1
 */
LIC2_API LIC2_MUST_USE const char *lic2_status_text(int32_t status);

/**
 * What to do about a status: one English sentence, lower case, without a full stop.
 *
 * @param  status  A lic2_status, or any other number.
 * @return   Printable ASCII. A constant; never NULL, never to be freed.
 * @threads  Any number at once.
 * @stack    Under 100 bytes.
 * @time     Constant.
 * @since    0.1
 */
LIC2_API LIC2_MUST_USE const char *lic2_status_advice(int32_t status);

/**
 * The name of an outcome without LIC2_OUTCOME_, for logs.
 *
 * @param  outcome  LIC2_OUTCOME_...; any other number gives "UNKNOWN_OUTCOME".
 * @return   Printable ASCII. A constant; never NULL, never to be freed.
 * @threads  Any number at once.
 * @stack    Under 100 bytes.
 * @time     Constant.
 * @since    0.1
 */
LIC2_API LIC2_MUST_USE const char *lic2_outcome_name(uint32_t outcome);

/**
 * What an outcome means: one English sentence, lower case, without a full stop.
 *
 * @param  outcome  LIC2_OUTCOME_..., or any other number.
 * @return   Printable ASCII. A constant; never NULL, never to be freed.
 * @threads  Any number at once.
 * @stack    Under 100 bytes.
 * @time     Constant.
 * @since    0.1
 */
LIC2_API LIC2_MUST_USE const char *lic2_outcome_text(uint32_t outcome);

/**
 * Fills a key ring with the public keys compiled into the product.
 *
 * Call it once at the start. Forgets what the ring held before. After a failure the ring trusts nothing, and
 * every call that uses it fails with NOT_INITIALIZED.
 *
 * @param[out] ring         The key ring; needs LIC2_INIT.
 * @param      anchors      Ed25519 public keys, one after another, as `lic2-signer pubkey --format c` prints them.
 * @param      anchors_len  Bytes in anchors: LIC2_KEY_BYTES for each key, 1 to LIC2_ANCHORS_MAX keys.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, KEY_INVALID, KEY_DUPLICATE,
 *           KEYRING_FULL.
 * @threads  Needs the ring alone.
 * @stack    3.3 kB (x86-64).
 * @time     A tenth of a signature check for each key.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_keyring_init(struct lic2_keyring *ring,
                              const uint8_t *anchors,
                              size_t anchors_len);

/**
 * Adds an issuer by its certificate, so that its codes need not carry the certificate.
 *
 * The certificate has to be signed by an anchor of the ring. After a failure the ring is as it was. Is missing where the
 * library is built without issuers.
 *
 * @param[in,out] ring             The key ring.
 * @param         certificate      Text of the issuer certificate; need not end in NUL.
 * @param         certificate_len  Bytes in certificate.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, KEY_DUPLICATE,
 *           KEYRING_FULL, TEXT_EMPTY, TEXT_TOO_LONG, TEXT_PREFIX, TEXT_CHARACTER, TEXT_SEVERAL, TEXT_DAMAGED,
 *           DOCUMENT_KIND, FORMAT_VERSION, FORMAT_ALGORITHM, FORMAT_ENVELOPE, PAYLOAD_MALFORMED,
 *           PAYLOAD_NOT_CANONICAL, PAYLOAD_VALUE, EXTENSION_UNKNOWN, CERTIFICATE_UNTRUSTED,
 *           CERTIFICATE_SIGNATURE, CERTIFICATE_INVALID.
 * @threads  Needs the ring alone.
 * @stack    11.5 kB (x86-64).
 * @time     One signature check.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_keyring_add_issuer(struct lic2_keyring *ring,
                                    const char *certificate,
                                    size_t certificate_len);

/**
 * Checks that a code was made by a seller whom the ring trusts, and keeps the license in it.
 *
 * Says nothing about time, product, version or device: lic2_license_decide does. After a failure the license
 * is cleared, and every call that uses it fails with NOT_INITIALIZED.
 *
 * @param      ring      The trusted keys.
 * @param      code      Text as the customer pasted it; need not end in NUL. White space, line breaks, zero-width
 *                       characters and quotes around it are forgiven.
 * @param      code_len  Bytes in code, any number.
 * @param[out] license   The license; needs LIC2_INIT.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, TEXT_EMPTY,
 *           TEXT_TOO_LONG, TEXT_PREFIX, TEXT_CHARACTER, TEXT_SEVERAL, TEXT_DAMAGED, DOCUMENT_KIND,
 *           FORMAT_VERSION, FORMAT_ALGORITHM, FORMAT_ENVELOPE, PAYLOAD_MALFORMED, PAYLOAD_NOT_CANONICAL,
 *           PAYLOAD_VALUE, EXTENSION_UNKNOWN, KEY_UNKNOWN, SIGNATURE_INVALID, CERTIFICATE_UNTRUSTED,
 *           CERTIFICATE_SIGNATURE, CERTIFICATE_INVALID, ISSUER_KIND, ISSUER_DATE, ISSUER_SCOPE, ISSUER_TERM,
 *           ISSUER_TEST_ONLY, ISSUER_UNSUPPORTED.
 * @threads  Needs the license alone; any number at once on one ring.
 * @stack    As lic2_code_check.
 * @time     One signature check, two if the code carries its issuer certificate; one more for each further key of
 *           the ring with the same key id.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_code_verify(const struct lic2_keyring *ring,
                             const char *code,
                             size_t code_len,
                             struct lic2_license *license);

/**
 * Verifies a code and decides what it permits: lic2_code_verify and lic2_license_decide in one.
 *
 * The decision tells everything, so the return value need not be looked at. The license serves
 * lic2_license_feature and later decisions; it is cleared when the call fails, and kept when the decision is a
 * refusal.
 *
 * @param      ring      The trusted keys.
 * @param      code      As for lic2_code_verify.
 * @param      code_len  As for lic2_code_verify.
 * @param      facts     What the application knows; needs LIC2_INIT and at least product.
 * @param[out] license   The license; needs LIC2_INIT.
 * @param[out] decision  The decision; needs LIC2_INIT. Its status equals the return value when the call fails.
 * @return   OK if a decision was made, also if it is a refusal; or, as in lic2_code_verify: NULL_POINTER,
 *           STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, TEXT_EMPTY, TEXT_TOO_LONG, TEXT_PREFIX,
 *           TEXT_CHARACTER, TEXT_SEVERAL, TEXT_DAMAGED, DOCUMENT_KIND, FORMAT_VERSION, FORMAT_ALGORITHM,
 *           FORMAT_ENVELOPE, PAYLOAD_MALFORMED, PAYLOAD_NOT_CANONICAL, PAYLOAD_VALUE, EXTENSION_UNKNOWN, KEY_UNKNOWN,
 *           SIGNATURE_INVALID, CERTIFICATE_UNTRUSTED, CERTIFICATE_SIGNATURE, CERTIFICATE_INVALID, ISSUER_KIND,
 *           ISSUER_DATE, ISSUER_SCOPE, ISSUER_TERM, ISSUER_TEST_ONLY, ISSUER_UNSUPPORTED. For decision.status of a
 *           refusal see lic2_license_decide.
 * @threads  Needs license and decision alone; any number at once on one ring and facts.
 * @stack    12.8 kB (x86-64).
 * @time     As lic2_code_verify.
 * @since    0.1
 */
LIC2_API
lic2_status lic2_code_check(const struct lic2_keyring *ring,
                            const char *code,
                            size_t code_len,
                            const struct lic2_facts *facts,
                            struct lic2_license *license,
                            struct lic2_decision *decision);

/**
 * Decides what a license permits, given the facts. Checks no signature: lic2_code_verify did.
 *
 * Call it again at next_deadline, and whenever a fact changes.
 *
 * @param      license   The license from lic2_code_verify or lic2_code_check.
 * @param      facts     What the application knows; needs LIC2_INIT and at least product.
 * @param[out] decision  The decision; needs LIC2_INIT. Its status is OK if granted; why not: PRODUCT_MISMATCH,
 *                       TEST_CODE, BASE_MISSING, VERSION_NOT_COVERED, MAINTENANCE_ENDED, DEVICE_MISMATCH,
 *                       NOT_YET_VALID, EXPIRED, LEASE_OVERDUE, TIME_UNKNOWN, CLOCK_BEHIND, ACTIVATION_UNKNOWN, POWERED_HOURS_UNKNOWN,
 *                       PRODUCT_UNKNOWN, VERSION_UNKNOWN, BUILD_TIME_UNKNOWN, DEVICE_UNKNOWN; or the return value
 *                       when the call fails.
 * @return   OK if a decision was made, also if it is a refusal; or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW,
 *           INVALID_ARGUMENT, NOT_INITIALIZED.
 * @threads  Needs the decision alone; any number at once on one license and facts.
 * @stack    4.2 kB (x86-64).
 * @time     A few microseconds; one hash for each component.
 * @since    0.1
 */
LIC2_API
lic2_status lic2_license_decide(const struct lic2_license *license,
                                const struct lic2_facts *facts,
                                struct lic2_decision *decision);

/**
 * Decides what the feature with this name permits, given the facts. Decides on the license, too: a feature of
 * a refused license is refused for the same reason.
 *
 * @param      license   The license from lic2_code_verify or lic2_code_check.
 * @param      facts     As for lic2_license_decide.
 * @param      name      Name of the feature, UTF-8; need not end in NUL. Not the name field of the very struct that
 *                       feature points to: outputs are cleared first.
 * @param      name_len  Bytes in name.
 * @param[out] feature   The feature; needs LIC2_INIT. Its status is OK if granted; why not: FEATURE_UNKNOWN,
 *                       RIGHT_UNKNOWN, FEATURE_EXPIRED, or any refusal that lic2_license_decide names; or the return value when
 *                       the call fails.
 * @return   OK if a decision was made, also if it is a refusal; or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW,
 *           INVALID_ARGUMENT, NOT_INITIALIZED.
 * @threads  Needs the feature alone; any number at once on one license and facts.
 * @stack    At most 4.6 kB (x86-64).
 * @time     As lic2_license_decide.
 * @since    0.1
 */
LIC2_API
lic2_status lic2_license_feature(const struct lic2_license *license,
                                 const struct lic2_facts *facts,
                                 const char *name,
                                 size_t name_len,
                                 struct lic2_feature *feature);

/**
 * Decides what one of the features permits, by its place in the license: for listing them all.
 *
 * @param      license  The license from lic2_code_verify or lic2_code_check.
 * @param      facts    As for lic2_license_decide.
 * @param      index    0 to feature_count - 1 of the decision.
 * @param[out] feature  As for lic2_license_feature.
 * @return   OK if a decision was made, also if it is a refusal; or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW,
 *           INVALID_ARGUMENT (also for an index past the end), NOT_INITIALIZED.
 * @threads  Needs the feature alone; any number at once on one license and facts.
 * @stack    At most 4.6 kB (x86-64).
 * @time     As lic2_license_decide.
 * @since    0.1
 */
LIC2_API
lic2_status lic2_license_feature_at(const struct lic2_license *license,
                                    const struct lic2_facts *facts,
                                    uint32_t index,
                                    struct lic2_feature *feature);

/**
 * Copies a text of the license, with a NUL behind it. A license that does not state it has an empty text.
 *
 * Shows what the license says; it decides nothing.
 *
 * @param      license     The license from lic2_code_verify or lic2_code_check.
 * @param      field       LIC2_TEXT_LICENSE_ID, _PRODUCT, _EDITION, _CUSTOMER or _ORDER.
 * @param[out] buffer      The text in UTF-8 and a NUL. LIC2_TEXT_BYTES are always enough. Cleared when the call fails.
 * @param      buffer_len  Bytes in buffer.
 * @param[out] text_len    Bytes of the text, without the NUL; also told when the buffer is too small.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED,
 *           BUFFER_TOO_SMALL.
 * @threads  Needs buffer and text_len alone; any number at once on one license.
 * @stack    As lic2_license_decide.
 * @time     A microsecond.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_license_text(const struct lic2_license *license,
                              int32_t field,
                              char *buffer,
                              size_t buffer_len,
                              size_t *text_len);

/**
 * Copies the bytes of an item of the license: the seller's own data, which has numbers from 1000 on, or any
 * other item of the document format. A license without the item has no bytes in it.
 *
 * Shows what the license says; it decides nothing.
 *
 * @param      license     The license from lic2_code_verify or lic2_code_check.
 * @param      number      Number of the item.
 * @param[out] buffer      The bytes. Cleared when the call fails.
 * @param      buffer_len  Bytes in buffer; LIC2_CODE_MAX are always enough.
 * @param[out] bytes_len   Bytes of the item; also told when the buffer is too small.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED,
 *           BUFFER_TOO_SMALL.
 * @threads  Needs buffer and bytes_len alone; any number at once on one license.
 * @stack    As lic2_license_decide.
 * @time     A microsecond.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_license_item(const struct lic2_license *license,
                              uint32_t number,
                              uint8_t *buffer,
                              size_t buffer_len,
                              size_t *bytes_len);

/**
 * Sets up an engine and reads the stored activation. Writes nothing.
 *
 * A damaged or foreign activation is no failure: every answer tells it, and lic2_engine_apply with a code repairs it.
 * After a failure the engine is not open, and every call that uses it fails with NOT_INITIALIZED. Call it once at the
 * start; again to start anew. There is nothing to close; before the device is switched off call lic2_engine_settle.
 *
 * @param[out] engine  The engine; needs LIC2_INIT.
 * @param      config  What to work with; needs LIC2_INIT, product, ring and store.
 * @return   OK, or: NULL_POINTER (also without a callback of the store, with one of the counter's two, or with a
 *           device key that nothing signs with), STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED (the
 *           key ring), STORE_READ, STATE_TOO_NEW, COUNTER_FAILED.
 * @threads  Needs the engine alone.
 * @stack    13.5 kB (x86-64), and what the callbacks need.
 * @time     Up to three readings of a slot; one signature check for each document in the store, unless it is sealed.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_engine_open(struct lic2_engine *engine,
                             const struct lic2_config *config);

/**
 * Takes in a document from the seller, as the customer pasted it: a code, a revocation list, a time token or an
 * unlock.
 *
 * Verifies before it stores, and stores before it returns. After a failure nothing has changed. Permits nothing by
 * itself: ask lic2_engine_check. Where the marks of a failure have to be told apart: from 412 on the document is
 * genuine, but not for this device now.
 *
 * @param[in,out] engine    The engine.
 * @param         text      The document; need not end in NUL. Forgiven as in lic2_code_verify.
 * @param         text_len  Bytes in text, any number.
 * @param[out]    outcome   LIC2_OUTCOME_...; 0 when the call fails.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, TEXT_EMPTY,
 *           TEXT_TOO_LONG, TEXT_PREFIX, TEXT_CHARACTER, TEXT_SEVERAL, TEXT_DAMAGED, DOCUMENT_KIND, FORMAT_VERSION,
 *           FORMAT_ALGORITHM, FORMAT_ENVELOPE, PAYLOAD_MALFORMED, PAYLOAD_NOT_CANONICAL, PAYLOAD_VALUE,
 *           EXTENSION_UNKNOWN, KEY_UNKNOWN, SIGNATURE_INVALID, CERTIFICATE_UNTRUSTED, CERTIFICATE_SIGNATURE,
 *           CERTIFICATE_INVALID, ISSUER_KIND, ISSUER_DATE, ISSUER_SCOPE, ISSUER_TERM, ISSUER_TEST_ONLY, ISSUER_UNSUPPORTED,
 *           ISSUER_REVOKED, PRODUCT_MISMATCH, TEST_CODE, DEVICE_MISMATCH, DEVICE_UNKNOWN, CODE_OLDER, CODE_CONFLICT,
 *           LICENSE_RETURNED, LICENSE_RELEASED, LICENSE_FROZEN, LICENSE_REFUNDED, LICENSE_REPLACED, LIST_OLDER,
 *           LIST_CONFLICT, UNLOCK_MISMATCH, STORE_WRITE, STATE_ROLLED_BACK, STATE_FULL, COUNTER_FAILED.
 * @threads  Needs the engine alone.
 * @stack    15 kB (x86-64), and what the callbacks need.
 * @time     As lic2_code_verify; one write to the store.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_engine_apply(struct lic2_engine *engine,
                              const char *text,
                              size_t text_len,
                              uint32_t *outcome);

/**
 * May this run? Call it at every start and as often as wished, at the latest at next_deadline.
 *
 * Tells the best of all licenses; next_deadline is the earliest of them all. Believes the signatures that were checked
 * when the documents were applied or read; lic2_engine_reverify checks them again.
 *
 * @param[in,out] engine    The engine.
 * @param[out]    decision  The decision; needs LIC2_INIT. Its status is OK if granted; why not: NOT_ACTIVATED, any
 *                          refusal that lic2_license_decide names, CLOCK_UNSET, LICENSE_RELEASED, LICENSE_FROZEN,
 *                          LICENSE_REFUNDED, LICENSE_REPLACED, STATE_CORRUPT, STATE_FOREIGN, STATE_ROLLED_BACK; if the
 *                          time had to be stored and was not, STORE_WRITE, STATE_FULL, COUNTER_FAILED; if the keys of
 *                          the ring have changed or an issuer was revoked, any status from 301 to 311; or the return
 *                          value when the call fails.
 * @return   OK if a decision was made, also if it is a refusal; or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW,
 *           INVALID_ARGUMENT, NOT_INITIALIZED (also when the store has failed so that it is not known any more what is
 *           stored: open the engine again).
 * @threads  Needs the engine and the decision alone.
 * @stack    7.5 kB (x86-64), 13.5 kB if the store fails, and what the callbacks need.
 * @time     Some microseconds for each license; seldom one write to the store.
 * @since    0.1
 */
LIC2_API
lic2_status lic2_engine_check(struct lic2_engine *engine,
                              struct lic2_decision *decision);

/**
 * May this feature be used, and how much of it? The license that gives most of it counts.
 *
 * @param[in,out] engine    The engine.
 * @param         name      Name of the feature, UTF-8; need not end in NUL. Not the name field of the very struct that
 *                          feature points to: outputs are cleared first.
 * @param         name_len  Bytes in name.
 * @param[out]    feature   The feature; needs LIC2_INIT. Its status is OK if granted; why not: FEATURE_UNKNOWN,
 *                          RIGHT_UNKNOWN, FEATURE_EXPIRED, or any refusal that lic2_engine_check names; or the return value when the
 *                          call fails.
 * @return   As lic2_engine_check.
 * @threads  Needs the engine and the feature alone.
 * @stack    7.5 kB (x86-64), 13.5 kB if the store fails, and what the callbacks need.
 * @time     As lic2_engine_check.
 * @since    0.1
 */
LIC2_API
lic2_status lic2_engine_feature(struct lic2_engine *engine,
                                const char *name,
                                size_t name_len,
                                struct lic2_feature *feature);

/**
 * Stores what an engine keeps in memory only, so that nothing reserved is lost: before the device is switched off.
 * The engine stays open.
 *
 * @param[in,out] engine  The engine.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, STORE_WRITE,
 *           STATE_FULL, COUNTER_FAILED.
 * @threads  Needs the engine alone.
 * @stack    As lic2_engine_check.
 * @time     At most one write to the store.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_engine_settle(struct lic2_engine *engine);

/**
 * Checks the signature of everything that is stored again, as lic2_engine_open does where nothing is sealed. For
 * programs that run for months and for those that distrust their own memory.
 *
 * @param[in,out] engine  The engine.
 * @return   OK, also if a signature is not good any more, which the next decision tells; or: NULL_POINTER,
 *           STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED.
 * @threads  Needs the engine alone.
 * @stack    As lic2_engine_open.
 * @time     One signature check for each document in the store.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_engine_reverify(struct lic2_engine *engine);

/**
 * Uses some of a quota: all of amount or nothing. What is used is stored before it is granted.
 *
 * With a reservation as much more is stored as used along with it, as far as the quota reaches, so that the next uses
 * need no write. A power cut without lic2_engine_settle costs what is left of the reservation.
 *
 * @param[in,out] engine       The engine.
 * @param         name         Name of the feature, UTF-8; need not end in NUL.
 * @param         name_len     Bytes in name.
 * @param         amount       How much to use.
 * @param         reservation  How much more to store as used where something has to be stored; 0 for none.
 * @param[out]    meter        Granted if the amount may be used; needs LIC2_INIT. Its status is OK if granted; why not:
 *                             QUOTA_EXHAUSTED, or any refusal that lic2_engine_feature names; or the return value when
 *                             the call fails.
 * @return   OK if a decision was made, also if it is a refusal; or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW,
 *           INVALID_ARGUMENT, NOT_INITIALIZED, FEATURE_KIND (the feature is no quota), STORE_WRITE, STATE_FULL,
 *           COUNTER_FAILED.
 * @threads  Needs the engine and the meter alone.
 * @stack    As lic2_engine_check.
 * @time     As lic2_engine_check; a write to the store where the reservation does not reach.
 * @since    0.1
 */
LIC2_API
lic2_status lic2_engine_consume(struct lic2_engine *engine,
                                const char *name,
                                size_t name_len,
                                uint64_t amount,
                                uint64_t reservation,
                                struct lic2_meter *meter);

/**
 * Gives back some of a quota that was used in vain, as far as that much was used.
 *
 * Kept in memory like a reservation: a power cut without lic2_engine_settle takes it back.
 *
 * @param[in,out] engine    The engine.
 * @param         name      Name of the feature, UTF-8; need not end in NUL.
 * @param         name_len  Bytes in name.
 * @param         amount    How much to give back.
 * @param[out]    meter     As for lic2_engine_consume.
 * @return   As lic2_engine_consume.
 * @threads  Needs the engine and the meter alone.
 * @stack    As lic2_engine_check.
 * @time     As lic2_engine_check.
 * @since    0.1
 */
LIC2_API
lic2_status lic2_engine_give_back(struct lic2_engine *engine,
                                  const char *name,
                                  size_t name_len,
                                  uint64_t amount,
                                  struct lic2_meter *meter);

/**
 * How much of a quota is used and left. Uses nothing, so it permits nothing: only lic2_engine_consume does.
 *
 * @param[in,out] engine    The engine.
 * @param         name      Name of the feature, UTF-8; need not end in NUL.
 * @param         name_len  Bytes in name.
 * @param[out]    meter     Granted if the feature is; needs LIC2_INIT. Its status is OK if granted; why not: any
 *                          refusal that lic2_engine_feature names; or the return value when the call fails.
 * @return   As lic2_engine_consume.
 * @threads  Needs the engine and the meter alone.
 * @stack    As lic2_engine_check.
 * @time     As lic2_engine_check.
 * @since    0.1
 */
LIC2_API
lic2_status lic2_engine_meter(struct lic2_engine *engine,
                              const char *name,
                              size_t name_len,
                              struct lic2_meter *meter);

/**
 * Takes a seat of a limited feature, or prolongs the lease of the one that the holder has.
 *
 * Seats live in the caller's memory and end with the device's power, as the users do. Keep one table for each feature
 * and engine; begin with zeros. A seat whose lease has ended is free.
 *
 * @param[in,out] engine         The engine.
 * @param         name           Name of the feature, UTF-8; need not end in NUL.
 * @param         name_len       Bytes in name.
 * @param[in,out] seats          The table. Unchanged when the call fails.
 * @param         seats_count    Seats in the table; as many as the limit that licenses have at most.
 * @param         holder         Who takes the seat: any number but 0.
 * @param         lease_seconds  How long the seat is kept without another call; not 0.
 * @param[out]    meter          Granted if the holder has a seat; needs LIC2_INIT. Its status is OK if granted; why
 *                               not: SEATS_TAKEN, or any refusal that lic2_engine_feature names, among them
 *                               TIME_UNKNOWN if nothing counts seconds; or the return value when the call fails.
 * @return   OK if a decision was made, also if it is a refusal; or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW,
 *           INVALID_ARGUMENT, NOT_INITIALIZED, BUFFER_TOO_SMALL (the table is full, the limit not reached),
 *           FEATURE_KIND (the feature is no limit), STORE_WRITE, STATE_FULL, COUNTER_FAILED.
 * @threads  Needs the engine, the table and the meter alone.
 * @stack    As lic2_engine_check.
 * @time     As lic2_engine_check twice.
 * @since    0.1
 */
LIC2_API
lic2_status lic2_engine_acquire(struct lic2_engine *engine,
                                const char *name,
                                size_t name_len,
                                struct lic2_seat *seats,
                                size_t seats_count,
                                uint64_t holder,
                                uint32_t lease_seconds,
                                struct lic2_meter *meter);

/**
 * Frees the seat of a holder, if it has one.
 *
 * @param[in,out] seats        The table.
 * @param         seats_count  Seats in the table.
 * @param         holder       Whose seat to free; not 0.
 * @return   OK, also if the holder had no seat; or: NULL_POINTER, INVALID_ARGUMENT.
 * @threads  Needs the table alone.
 * @stack    Under 100 bytes.
 * @time     As long as the table.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_seat_release(struct lic2_seat *seats,
                              size_t seats_count,
                              uint64_t holder);

/**
 * Writes a request for the seller: for a license, or for the unlock of a device that needs one.
 *
 * The first one is stored, and repeated until an unlock answers it, so that every copy of it is as good.
 *
 * @param[in,out] engine      The engine.
 * @param         ask         What to ask for; needs LIC2_INIT. NULL asks for nothing in particular.
 * @param[out]    buffer      The text and a NUL. LIC2_DOCUMENT_BYTES are always enough. Cleared when the call fails.
 * @param         buffer_len  Bytes in buffer.
 * @param[out]    text_len    Bytes of the text, without the NUL; when the buffer is too small, the most that they can
 *                            be.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, BUFFER_TOO_SMALL,
 *           STORE_WRITE, STATE_FULL, COUNTER_FAILED, SIGNING_FAILED.
 * @threads  Needs the engine, buffer and text_len alone.
 * @stack    8.5 kB (x86-64), 15.5 kB if the store fails, and what the callbacks need.
 * @time     A hash for each component; the first time a write to the store; a signature if the device has a key.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_engine_request(struct lic2_engine *engine,
                                const struct lic2_ask *ask,
                                char *buffer,
                                size_t buffer_len,
                                size_t *text_len);

/**
 * Gives a license back and writes the receipt for the seller.
 *
 * From now on the device refuses the license, until it gets a code with a higher serial. Asked again, it writes the
 * same receipt again, as long as it is one of the last four. A receipt of many quotas has several texts:
 * lic2_engine_next_part writes the others.
 *
 * @param[in,out] engine          The engine.
 * @param         license_id      Id of the license, UTF-8; need not end in NUL.
 * @param         license_id_len  Bytes in license_id.
 * @param         entropy         Random bytes, if there are any.
 * @param         entropy_len     Bytes in entropy, any number.
 * @param[out]    buffer          As for lic2_engine_request. When it is too small, the license is kept.
 * @param         buffer_len      Bytes in buffer.
 * @param[out]    text_len        As for lic2_engine_request.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, BUFFER_TOO_SMALL,
 *           LICENSE_UNKNOWN, STORE_WRITE, STATE_CORRUPT, STATE_FOREIGN, STATE_ROLLED_BACK, STATE_FULL,
 *           COUNTER_FAILED, SIGNING_FAILED. After a failure the license
 *           is kept; after COUNTER_FAILED it may be gone, and asking again writes the receipt.
 * @threads  Needs the engine, buffer and text_len alone.
 * @stack    As lic2_engine_request.
 * @time     As lic2_engine_request; a write to the store.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_engine_deactivate(struct lic2_engine *engine,
                                   const char *license_id,
                                   size_t license_id_len,
                                   const uint8_t *entropy,
                                   size_t entropy_len,
                                   char *buffer,
                                   size_t buffer_len,
                                   size_t *text_len);

/**
 * Writes a usage report for the seller: how much of every quota was used in total, and how much of that the seller
 * had accepted before. A report of many quotas has several texts: lic2_engine_next_part writes the others. A report
 * that a power cut interrupts begins again with the next number; nothing is lost.
 *
 * @param[in,out] engine          The engine.
 * @param         license_id      Restricts the report to one license, UTF-8; (NULL, 0) for all.
 * @param         license_id_len  Bytes in license_id.
 * @param         entropy         Random bytes, if there are any.
 * @param         entropy_len     Bytes in entropy, any number.
 * @param[out]    buffer          As for lic2_engine_request.
 * @param         buffer_len      Bytes in buffer.
 * @param[out]    text_len        As for lic2_engine_request.
 * @param[out]    number          Number of the report, for lic2_engine_usage_accepted; 0 when the call fails.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, BUFFER_TOO_SMALL,
 *           LICENSE_UNKNOWN, STORE_WRITE, STATE_FULL, COUNTER_FAILED, SIGNING_FAILED.
 * @threads  Needs the engine, buffer, text_len and number alone.
 * @stack    As lic2_engine_request.
 * @time     As lic2_engine_request; a write to the store.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_engine_usage(struct lic2_engine *engine,
                              const char *license_id,
                              size_t license_id_len,
                              const uint8_t *entropy,
                              size_t entropy_len,
                              char *buffer,
                              size_t buffer_len,
                              size_t *text_len,
                              uint32_t *number);

/**
 * Writes the next text of the receipt or usage report that was written last. Call it until text_len is 0, and send
 * every text to the seller.
 *
 * Another receipt or report, and lic2_engine_apply, end a report that is not complete: begin it again then. After a
 * failure the call can be repeated.
 *
 * @param[in,out] engine      The engine.
 * @param[out]    buffer      As for lic2_engine_request; empty when there is no other text.
 * @param         buffer_len  Bytes in buffer.
 * @param[out]    text_len    As for lic2_engine_request; 0 when there is no other text.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, NOT_INITIALIZED, BUFFER_TOO_SMALL, STORE_WRITE,
 *           STATE_FULL, COUNTER_FAILED, SIGNING_FAILED.
 * @threads  Needs the engine, buffer and text_len alone.
 * @stack    As lic2_engine_request.
 * @time     As lic2_engine_usage.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_engine_next_part(struct lic2_engine *engine,
                                  char *buffer,
                                  size_t buffer_len,
                                  size_t *text_len);

/**
 * Notes that the seller has accepted the last usage report: later ones count from it.
 *
 * @param[in,out] engine  The engine.
 * @param         number  Number of that report.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT (also for another number),
 *           NOT_INITIALIZED, STORE_WRITE, STATE_FULL, COUNTER_FAILED.
 * @threads  Needs the engine alone.
 * @stack    As lic2_engine_check.
 * @time     A write to the store.
 * @since    0.1
 */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_usage_accepted(struct lic2_engine *engine, uint32_t number);

/**
 * Tells the state of the engine, for support staff. Writes nothing.
 *
 * @param[in,out] engine  The engine.
 * @param[out]    info    The state; needs LIC2_INIT.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED.
 * @threads  Needs the engine and info alone.
 * @stack    As lic2_engine_check.
 * @time     As lic2_engine_check, without a write.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_engine_status(struct lic2_engine *engine,
                               struct lic2_engine_info *info);

/**
 * Decides on one of the licenses that are held, by its number: for listing them all. Writes nothing.
 *
 * @param[in,out] engine        The engine.
 * @param         index         0 to license_count - 1 of lic2_engine_info.
 * @param[out]    decision      What this license permits by itself; needs LIC2_INIT. Its status as in
 *                              lic2_engine_check.
 * @param[out]    activated_at  When it was first activated; 0 while the time was never known, and when the call fails.
 * @return   OK if a decision was made, also if it is a refusal; or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW,
 *           INVALID_ARGUMENT (also for an index past the end), NOT_INITIALIZED.
 * @threads  Needs the engine, the decision and activated_at alone.
 * @stack    As lic2_engine_check.
 * @time     As lic2_engine_check, without a write.
 * @since    0.1
 */
LIC2_API
lic2_status lic2_engine_license_at(struct lic2_engine *engine,
                                   uint32_t index,
                                   struct lic2_decision *decision,
                                   uint64_t *activated_at);

/**
 * Writes the state of the engine and of each license as text for support staff: lines of `name: value`, English,
 * times in Unix seconds. For people; the words may change. Writes nothing to the store.
 *
 * @param[in,out] engine      The engine.
 * @param[out]    buffer      The text in UTF-8 and a NUL. Cleared when the call fails.
 * @param         buffer_len  Bytes in buffer.
 * @param[out]    text_len    Bytes of the text, without the NUL; also told when the buffer is too small.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, BUFFER_TOO_SMALL.
 * @threads  Needs the engine, buffer and text_len alone.
 * @stack    As lic2_engine_check.
 * @time     As lic2_engine_check, without a write.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_engine_status_text(struct lic2_engine *engine,
                                    char *buffer,
                                    size_t buffer_len,
                                    size_t *text_len);

/**
 * Copies a text of the license that lic2_engine_check answers with; as lic2_license_text.
 *
 * @param[in,out] engine      The engine.
 * @param         field       LIC2_TEXT_LICENSE_ID, _PRODUCT, _EDITION, _CUSTOMER or _ORDER.
 * @param[out]    buffer      The text in UTF-8 and a NUL. LIC2_TEXT_BYTES are always enough. Cleared when the call
 *                            fails.
 * @param         buffer_len  Bytes in buffer.
 * @param[out]    text_len    Bytes of the text, without the NUL; also told when the buffer is too small.
 * @return   As lic2_engine_check; or: BUFFER_TOO_SMALL, LICENSE_UNKNOWN (there is no license).
 * @threads  Needs the engine, buffer and text_len alone.
 * @stack    As lic2_engine_check.
 * @time     As lic2_engine_check.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_engine_license_text(struct lic2_engine *engine,
                                     int32_t field,
                                     char *buffer,
                                     size_t buffer_len,
                                     size_t *text_len);

/**
 * Copies the bytes of an item of the license that lic2_engine_check answers with; as lic2_license_item.
 *
 * @param[in,out] engine      The engine.
 * @param         number      Number of the item.
 * @param[out]    buffer      The bytes. Cleared when the call fails.
 * @param         buffer_len  Bytes in buffer; LIC2_CODE_MAX are always enough.
 * @param[out]    bytes_len   Bytes of the item; also told when the buffer is too small.
 * @return   As lic2_engine_license_text.
 * @threads  Needs the engine, buffer and bytes_len alone.
 * @stack    As lic2_engine_check.
 * @time     As lic2_engine_check.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_engine_license_item(struct lic2_engine *engine,
                                     uint32_t number,
                                     uint8_t *buffer,
                                     size_t buffer_len,
                                     size_t *bytes_len);

#if defined(LIC2_TABLES)
/**
 * Checks an anchor's signatures with a table of its multiples from now on: in about half the time.
 *
 * Call it after lic2_keyring_init, once for each table. Tells a damaged table from a whole one and finds its anchor;
 * it does not recompute the table: lic2_anchor_table_check does. After a failure the ring is as it was.
 *
 * Whoever can change the table can make codes, as with the anchor itself: both belong where the program is. The
 * ring keeps the pointer: the table stays where it is, unchanged, as long as the ring is used.
 *
 * @param[in,out] ring   The key ring.
 * @param         table  The array that `lic2-signer pubkey --format c-tables` prints.
 * @param         size   Its size, sizeof.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, TABLE_INVALID,
 *           TABLE_KEY.
 * @threads  Needs the ring alone.
 * @stack    0.3 kB (x86-64).
 * @time     A twentieth of a signature check.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_keyring_use_table(struct lic2_keyring *ring,
                                   const void *table,
                                   size_t size);
#endif

#if defined(LIC2_TABLES)
/**
 * Recomputes every number of an anchor table from its key: for the line on which a product is made, and for tests.
 *
 * @param  table  As for lic2_keyring_use_table.
 * @param  size   As for lic2_keyring_use_table.
 * @return   OK, or: NULL_POINTER, INVALID_ARGUMENT, TABLE_INVALID.
 * @threads  Any number at once.
 * @stack    2 kB (x86-64).
 * @time     One signature check without a table.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_anchor_table_check(const void *table,
                                    size_t size);
#endif

#if defined(LIC2_DEVICE_KEY)
/**
 * The public half of the device key that is made from a seed, for device_key of lic2_identity.
 *
 * @param      seed  LIC2_KEY_BYTES secret random bytes, made on the device and kept there.
 * @param[out] key   LIC2_KEY_BYTES. Zeros when the call fails.
 * @return   OK, or: NULL_POINTER.
 * @threads  Any number at once.
 * @stack    2 kB (x86-64).
 * @time     A third of a signature check.
 * @since    0.1
 */
LIC2_API LIC2_MUST_USE lic2_status lic2_device_key_public(const uint8_t *seed, uint8_t *key);
#endif

#if defined(LIC2_DEVICE_KEY)
/**
 * Signs with the device key that is made from a seed: the whole work of the callback sign of lic2_identity.
 *
 * @param      seed         LIC2_KEY_BYTES secret random bytes, made on the device and kept there.
 * @param      message      What to sign.
 * @param      message_len  Bytes in message.
 * @param[out] signature    LIC2_SIGNATURE_BYTES. Zeros when the call fails.
 * @return   OK, or: NULL_POINTER, INVALID_ARGUMENT.
 * @threads  Any number at once.
 * @stack    4 kB (x86-64).
 * @time     Two thirds of a signature check, whatever the seed is.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_device_key_sign(const uint8_t *seed,
                                 const uint8_t *message,
                                 size_t message_len,
                                 uint8_t *signature);
#endif

#if defined(LIC2_HOST)
/**
 * Opens the ports of this system: takes the lock of a directory for the stored activation, and reads the identity of
 * the machine.
 *
 * The directory is made if it is missing; its parent has to be there. A product needs one of its own. While a host is
 * open no other process can open the directory; this one waits half a second for it. Close it with lic2_host_close.
 *
 * @param[in,out] host           The host; needs LIC2_INIT. One that is open is refused: close it first.
 * @param         directory      Path of the directory, in the system's encoding, on Windows UTF-8; need not end in NUL.
 * @param         directory_len  Bytes in directory.
 * @param         flags          LIC2_HOST_SEAL or 0.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT (also for a path that is none),
 *           STORE_READ (lic2_host_error tells why).
 * @threads  Needs the host alone.
 * @stack    16 kB (x86-64).
 * @time     Some milliseconds, up to half a second.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_host_open(struct lic2_host *host,
                           const char *directory,
                           size_t directory_len,
                           uint32_t flags);
#endif

#if defined(LIC2_HOST)
/**
 * Closes a host: frees the lock of its directory. No engine may use it any more. One that is not open stays so.
 *
 * @param[in,out] host  The host.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT.
 * @threads  Needs the host alone.
 * @stack    Under 500 bytes.
 * @time     Some microseconds.
 * @since    0.1
 */
LIC2_API
lic2_status lic2_host_close(struct lic2_host *host);
#endif

#if defined(LIC2_HOST)
/**
 * Adds a component to the identity of the machine that the application knows: a serial number, or the name that a
 * cluster gives its node. Before lic2_host_configure.
 *
 * @param[in,out] host       The host.
 * @param         kind       LIC2_COMPONENT_..., 1 to 255.
 * @param         value      The value.
 * @param         value_len  Bytes in value, 1 to LIC2_COMPONENT_VALUE_MAX.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT (also if there are LIC2_COMPONENTS_MAX
 *           already), NOT_INITIALIZED.
 * @threads  Needs the host alone.
 * @stack    Under 1 kB.
 * @time     A microsecond.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_host_add(struct lic2_host *host,
                          uint32_t kind,
                          const uint8_t *value,
                          size_t value_len);
#endif

#if defined(LIC2_HOST)
/**
 * Fills in store, clock and identity of a config with those of this system. The host has to stay open and where it is
 * as long as an engine uses them.
 *
 * @param[in,out] host    The host.
 * @param[in,out] config  The config; needs LIC2_INIT. Everything else in it is left as it is.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED.
 * @threads  Needs the host and the config alone.
 * @stack    Under 1 kB.
 * @time     A microsecond.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_host_configure(struct lic2_host *host,
                                struct lic2_config *config);
#endif

#if defined(LIC2_HOST)
/**
 * Copies the identity components of the machine, which are personal data. The values stay good until the host is
 * closed.
 *
 * @param[in,out] host              The host.
 * @param[out]    components        The components. LIC2_COMPONENTS_MAX are always enough.
 * @param         components_count  Components that there is room for.
 * @param[out]    count             Components that there are; also told when there is no room for all of them.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, BUFFER_TOO_SMALL.
 * @threads  Needs the host, components and count alone.
 * @stack    Under 1 kB.
 * @time     A microsecond.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_host_components(struct lic2_host *host,
                                 struct lic2_component *components,
                                 size_t components_count,
                                 size_t *count);
#endif

#if defined(LIC2_HOST)
/**
 * Tells what shows that the machine is a virtual one or that the program runs in a container, for signs of lic2_ask.
 * Nothing follows from it by itself.
 *
 * @param[in,out] host   The host.
 * @param[out]    signs  LIC2_SIGN_..., combined with |.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED.
 * @threads  Needs the host and signs alone.
 * @stack    Under 500 bytes.
 * @time     Constant.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_host_signs(struct lic2_host *host,
                            uint32_t *signs);
#endif

#if defined(LIC2_HOST)
/**
 * Writes the fingerprint that the marketplace asks for: `MAC|disk|board|processor`. Personal data.
 *
 * @param[in,out] host        The host.
 * @param[out]    buffer      The text and a NUL. LIC2_DOCUMENT_BYTES are always enough. Cleared when the call fails.
 * @param         buffer_len  Bytes in buffer.
 * @param[out]    text_len    Bytes of the text, without the NUL; when the buffer is too small, the most that they can
 *                            be.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, NOT_INITIALIZED, BUFFER_TOO_SMALL.
 * @threads  Needs the host, buffer and text_len alone.
 * @stack    Under 1 kB.
 * @time     A microsecond.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_host_fingerprint(struct lic2_host *host,
                                  char *buffer,
                                  size_t buffer_len,
                                  size_t *text_len);
#endif

#if defined(LIC2_HOST)
/**
 * Fills memory from the random generator of the system: for the entropy of a request.
 *
 * @param[in,out] host        The host, open or not: keeps why the call failed.
 * @param[out]    buffer      The random bytes; zeros when the call fails.
 * @param         buffer_len  Bytes in buffer.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT, STORE_READ (the system refused).
 * @threads  Needs the host and the buffer alone.
 * @stack    Under 500 bytes.
 * @time     Some microseconds.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_host_random(struct lic2_host *host,
                             uint8_t *buffer,
                             size_t buffer_len);
#endif

#if defined(LIC2_HOST)
/**
 * Tells why the last call that failed with STORE_READ or STORE_WRITE did: of this host, or of an engine that uses it.
 *
 * @param[in,out] host   The host, open or not.
 * @param[out]    cause  LIC2_HOST_SYSTEM and so on; 0 if nothing failed.
 * @param[out]    code   The operating system's error number, or 0.
 * @return   OK, or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW, INVALID_ARGUMENT.
 * @threads  Needs the host, cause and code alone.
 * @stack    Under 500 bytes.
 * @time     Constant.
 * @since    0.1
 */
LIC2_API
LIC2_MUST_USE
lic2_status lic2_host_error(struct lic2_host *host,
                            uint32_t *cause,
                            int32_t *code);
#endif

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* LIC2_H */
