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
 *   RULES       PRODUCT_UNKNOWN, PRODUCT_MISMATCH, TEST_CODE, BASE_MISSING, VERSION_UNKNOWN,
 *               VERSION_NOT_COVERED, BUILD_TIME_UNKNOWN, MAINTENANCE_ENDED, DEVICE_UNKNOWN,
 *               DEVICE_MISMATCH, POWERED_HOURS_UNKNOWN, ACTIVATION_UNKNOWN, TIME_UNKNOWN, CLOCK_BEHIND,
 *               NOT_YET_VALID, EXPIRED, LEASE_OVERDUE
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

/** The version of this header; lic2_version() returns that of the library. */
#define LIC2_VERSION_STRING "0.1.0"

/** Clears a struct, given by its address, and sets its struct_size. */
#define LIC2_INIT(x) (memset((x), 0, sizeof *(x)), (void)((x)->struct_size = (uint32_t)sizeof *(x)))

/** The length of a text argument that ends with a NUL. */
#define LIC2_TERMINATED ((size_t)-1)

/** Whether a decision, a feature or a meter, given by its address, permits. Tests two words, each of which
 *  is far from zero, and the size, so that zeroed, damaged or uninitialized memory never permits. Reads each
 *  from memory: a second test in another place is a real one, whatever the compiler knows. */
#define LIC2_GRANTED(x) \
    (*(const volatile uint32_t *)&(x)->verdict == LIC2_VERDICT_GRANTED && (x)->struct_size >= sizeof *(x) && \
     *(const volatile uint32_t *)&(x)->verdict_check == LIC2_VERDICT_DENIED)

/** The version of a product build: major and minor up to 65535, patch up to 4294967295. Larger numbers give
 *  0, an unknown version, which never grants. */
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

#ifdef __cplusplus
#define LIC2_INLINE inline
extern "C" {
#else
#define LIC2_INLINE static inline
#endif

#define LIC2_ABI_VERSION 3                   /**< Number of this binary interface. */
#define LIC2_FORMAT_VERSION 1                /**< Number of the document format that this library reads. */
#define LIC2_VERSION_MAJOR 0                 /**< Major part of the library version. */
#define LIC2_VERSION_MINOR 1                 /**< Minor part. */
#define LIC2_VERSION_PATCH 0                 /**< Patch part. */
#define LIC2_CODE_MAX 1024                   /**< Longest code, in characters without white space. */
#define LIC2_TEXT_RAW_MAX 4096               /**< Longest text that is read, in bytes. */
#define LIC2_KEY_BYTES 32                    /**< Length of an anchor and of a device key, in bytes. */
#define LIC2_ANCHORS_MAX 4                   /**< Most anchors in one key ring. */
#define LIC2_ISSUERS_MAX 4                   /**< Most issuers added to one key ring. */
#define LIC2_COMPONENTS_MAX 16               /**< Most identity components of a device. */
#define LIC2_COMPONENT_VALUE_MAX 256         /**< Longest value of a component, in bytes. */
#define LIC2_FEATURES_MAX 64                 /**< Most features in one license. */
#define LIC2_TEXT_BYTES 72                   /**< Room for any id or text of a license, in bytes. */
#define LIC2_NAME_BYTES 40                   /**< Room for the name of a feature, in bytes. */
#define LIC2_KEYRING_BYTES 2176              /**< Size of lic2_keyring, in bytes. */
#define LIC2_LICENSE_BYTES 832               /**< Size of lic2_license, in bytes. */

/* Words of an answer. Test them with LIC2_GRANTED, never on their own. */
#define LIC2_VERDICT_GRANTED 0x5AC33CA5      /**< In verdict: granted. */
#define LIC2_VERDICT_DENIED 0xA53CC35A       /**< In verdict: every refusal and every failure. */

/* Flags of lic2_facts. */
#define LIC2_FACTS_ALLOW_TEST 1              /**< Accepts test codes. Never set it in a production build. */
#define LIC2_FACTS_HAVE_POWERED_HOURS 2      /**< powered_hours is known; without it the field is ignored. */
/** A license for the product itself is granted beside this one; without it an add-on is refused with
 *  BASE_MISSING. Set it from LIC2_GRANTED of the decision on the other code. */
#define LIC2_FACTS_HAS_BASE 4

/* Flags of lic2_decision. */
#define LIC2_DECISION_IN_GRACE 1 /**< Granted, but the term has ended: the license runs on grace. */
#define LIC2_DECISION_BY_ISSUER 2            /**< Signed by an issuer that an anchor has certified. */
#define LIC2_DECISION_ADD_ON 4               /**< An add-on, which needs a license for the product itself. */

/* Classes of licenses: license_class of lic2_decision. */
#define LIC2_CLASS_COMMERCIAL 1              /**< A paid license. */
#define LIC2_CLASS_TRIAL 2                   /**< A trial. */
#define LIC2_CLASS_TEST 3                    /**< A test order: refused unless test codes are allowed. */
#define LIC2_CLASS_NOT_FOR_RESALE 4          /**< Not for resale. */

/* Types of features: type of lic2_feature; and its flag. */
#define LIC2_FEATURE_FLAG 1                  /**< Present or absent, without a value. */
#define LIC2_FEATURE_LIMIT 2                 /**< A limit on concurrent use. */
#define LIC2_FEATURE_QUOTA 3                 /**< A number of uses in total. */
#define LIC2_FEATURE_TEXT 4                  /**< A text for the program. */
#define LIC2_FEATURE_OVERAGE 1               /**< Flag: use beyond the quota is granted and reported. */

/* Kinds of identity components. Below 128, letter case and space, tab, CR, LF, ':', '-' and '.' in a
 * value are ignored. */
#define LIC2_COMPONENT_MAC 1                 /**< MAC address. */
#define LIC2_COMPONENT_BOARD 2               /**< Serial number of the main board. */
#define LIC2_COMPONENT_DISK 3                /**< Serial number of the disk. */
#define LIC2_COMPONENT_MACHINE 4             /**< Machine id of the operating system. */
#define LIC2_COMPONENT_ESN 5                 /**< Electronic serial number of the device. */
#define LIC2_COMPONENT_CPU 6                 /**< Id of the processor. */
#define LIC2_COMPONENT_CUSTOM 128            /**< The first of the program's own kinds, up to 255. */

/* Fields of lic2_license_text. */
#define LIC2_TEXT_LICENSE_ID 1               /**< License id. */
#define LIC2_TEXT_PRODUCT 2                  /**< Product. */
#define LIC2_TEXT_EDITION 3                  /**< Edition or SKU. */
#define LIC2_TEXT_CUSTOMER 4                 /**< The seller's customer reference. */
#define LIC2_TEXT_ORDER 5                    /**< The seller's order reference. */

#define LIC2_STATE_BYTES 4096                /**< Size of each of the two slots of a store, in bytes. */
#define LIC2_SIGNATURE_BYTES 64              /**< Length of a signature, in bytes. */
#define LIC2_SECRET_MIN 16                   /**< Least length of the secret in lic2_identity, in bytes. */

/* Slots of a store. */
#define LIC2_SLOT_A 0                        /**< The first. */
#define LIC2_SLOT_B 1                        /**< The second. */

/* Field wall of lic2_reading. */
#define LIC2_WALL_UNSET 0                    /**< The clock was not set since it lost its power. */
#define LIC2_WALL_TIME 1                     /**< The clock shows the time in the field time. */
#define LIC2_WALL_ABSENT 2                   /**< No clock runs while the device is off. */

/* Flags of lic2_config. */
#define LIC2_CONFIG_ALLOW_TEST 1             /**< Accepts test codes. Never set it in a production build. */
/** Accepts a stored activation without a seal although the identity has a secret. For the one release that
 *  introduces the secret: anyone who edits the store can set meters and times. */
#define LIC2_CONFIG_ACCEPT_UNSEALED 2

#define LIC2_ENGINE_BYTES 5120               /**< Size of lic2_engine, in bytes. */
#define LIC2_DOCUMENT_BYTES 1025             /**< Room for any document that an engine writes, in bytes. */

/* Outcomes of lic2_engine_apply. */
#define LIC2_OUTCOME_ACTIVATED 1             /**< The license is activated on this device. */
#define LIC2_OUTCOME_RENEWED 2 /**< A later issue replaces the license and lasts as long or longer. */
#define LIC2_OUTCOME_SHORTENED 3             /**< A later issue replaces the license and ends earlier. */
#define LIC2_OUTCOME_ALREADY_APPLIED 4       /**< Applied before; nothing has changed. */
#define LIC2_OUTCOME_LIST_ACCEPTED 5         /**< The revocation list is in force. */
#define LIC2_OUTCOME_TIME_ACCEPTED 6         /**< The time token is accepted. */
#define LIC2_OUTCOME_TIME_OLDER 7            /**< The time token proves nothing new; nothing has changed. */
#define LIC2_OUTCOME_UNLOCKED 8              /**< The device is unlocked. */
/** The license is stored, and does not cover the running version. */
#define LIC2_OUTCOME_VERSION_NOT_COVERED 9

#define LIC2_DAYS_UNLIMITED UINT32_MAX       /**< In days of lic2_engine_days_left: the license has no end. */

/* States of the clock: clock of lic2_decision and lic2_engine_info. */
#define LIC2_CLOCK_GOOD 1                    /**< It contradicts nothing. */
#define LIC2_CLOCK_ABSENT 2                  /**< There is none: powered-on time counts. */
#define LIC2_CLOCK_UNSET 3 /**< Not set, or neither clock nor uptime: the time is unknown. */
#define LIC2_CLOCK_BEHIND 4                  /**< It shows a time that is certainly past. */
#define LIC2_CLOCK_AHEAD 5                   /**< Far ahead of the last known time; accepted for now. */
#define LIC2_CLOCK_CORRECTED 6               /**< Wrong; a document states the time of this session. */

/* Signs in lic2_ask, from lic2_host_signs. */
#define LIC2_SIGN_VIRTUAL_MACHINE 1          /**< The device is a virtual machine. */
#define LIC2_SIGN_CONTAINER 2                /**< The program runs in a container. */

/* Flags of lic2_engine_info. */
#define LIC2_ENGINE_SEALED 1                 /**< The stored activation is sealed with the device's secret. */
#define LIC2_ENGINE_REQUEST_PENDING 2        /**< A request waits for its unlock. */

/** What a call returns, and why a right was refused: LIC2_STATUS_... Numbers never change their meaning. */
typedef int32_t lic2_status;

/** The trusted keys of a product. The size is guaranteed, the content is not: do not store it or copy it
 *  between programs. */
typedef struct lic2_keyring {
    uint32_t struct_size;                    /**< Set by the library. */
    uint32_t reserved;                       /**< Zero. */
    uint64_t opaque[271];                    /**< The library's. */
} lic2_keyring;

/** A verified license. The size is guaranteed, the content is not: store the code, not this. */
typedef struct lic2_license {
    uint32_t struct_size;                    /**< Set by the library. */
    uint32_t reserved;                       /**< Zero. */
    uint64_t opaque[103];                    /**< The library's. */
} lic2_license;

/** One fact about the identity of a device. It has no struct_size because it is in arrays; it never grows. */
typedef struct lic2_component {
    uint32_t kind;                           /**< LIC2_COMPONENT_..., 1 to 255. */
    uint32_t reserved;                       /**< Zero. */
    const uint8_t *value;                    /**< The value, as the hardware or the system shows it. */
    size_t value_len;                        /**< Bytes in value. An empty value matches nothing. */
} lic2_component;

/** What the program knows. Zero means unknown, and the unknown never grants anything. */
typedef struct lic2_facts {
    uint32_t struct_size;                    /**< Set by LIC2_INIT. */
    uint32_t flags;                          /**< LIC2_FACTS_..., combined with |. */
    uint64_t now;                            /**< The time of the clock. */
    uint64_t built_at; /**< When this build was made. An earlier time of the clock is rejected. */
    uint64_t activated_at; /**< When this license was first activated on this device. Keep it. */
    /** Issue time of the newest genuine document that this device has seen: keep the highest issued_at of
     *  all granted decisions. Leave out refused ones: a free trial of another product must not prolong a
     *  lease. */
    uint64_t refreshed_at;
    uint64_t version;                        /**< Version of this build: LIC2_VERSION(major, minor, patch). */
    uint32_t powered_hours;                  /**< Powered-on hours since the first activation. */
    uint32_t reserved;                       /**< Zero. */
    const char *product;                     /**< The product id compiled into the program, UTF-8. */
    size_t product_len;                      /**< Bytes in product, or LIC2_TERMINATED. */
    const lic2_component *components;        /**< The identity of the device. */
    size_t components_count;                 /**< Components in components. */
    /** Public half of the device's own key. Pass it only after the device has proved that it has the
     *  private half. */
    const uint8_t *device_key;
    size_t device_key_len;                   /**< LIC2_KEY_BYTES, or 0 if there is none. */
} lic2_facts;

/** What a license permits. Test it with LIC2_GRANTED(&decision) and nothing else. If the call failed,
 *  everything except status and verdict is 0. Otherwise the fields describe the license, even if it is
 *  refused. Times: 0 means none. */
typedef struct lic2_decision {
    uint32_t struct_size;                    /**< Set by the library. */
    uint32_t verdict;                        /**< LIC2_VERDICT_GRANTED or LIC2_VERDICT_DENIED. */
    uint32_t verdict_check;                  /**< The complement of verdict. */
    lic2_status status;                      /**< OK if granted; otherwise why not. */
    uint32_t flags;                          /**< LIC2_DECISION_... */
    uint32_t license_class;                  /**< LIC2_CLASS_...; 0 if the call failed. */
    /** Number of the issue of this license, from 1. Of two codes with one license id the higher serial
     *  counts: without an engine, keep the highest and refuse lower ones. */
    uint32_t serial;
    uint32_t quantity; /**< Licenses, seats or channels that this device may use; 0 if refused. */
    uint32_t feature_count;                  /**< Features in the license. */
    uint32_t powered_hours_end; /**< End of the term in powered-on hours; 0 if they do not count. */
    uint64_t issued_at;                      /**< When the seller signed the code. */
    uint64_t not_before;                     /**< When the license starts; 0 if at once. */
    /** End of the term: its first second. 0 if it never ends, counts powered-on hours, or counts from an
     *  unknown activation time. */
    uint64_t expires_at;
    uint64_t grace_until;                    /**< End of use, grace included; 0 as in expires_at. */
    uint64_t lease_until;                    /**< When a newer signed document must arrive; 0 if never. */
    /** The next time at which this answer, or one about a feature, changes on its own. 0 if it never does,
     *  and while the time is unknown or wrong. Ask again then at the latest. */
    uint64_t next_deadline;
    uint8_t key_id[4];                       /**< First four bytes of the key that signed the code. */
    uint8_t reserved[4];                     /**< Zero. */
    char license_id[LIC2_TEXT_BYTES];        /**< License id, with a NUL. */
    char edition[LIC2_TEXT_BYTES];           /**< Edition or SKU, with a NUL; may be empty. */
    uint32_t clock;                          /**< LIC2_CLOCK_... of an engine; otherwise 0. */
    uint32_t reserved_2;                     /**< Zero. */
} lic2_decision;

/** What a feature permits. Test it with LIC2_GRANTED(&feature) and nothing else. Granted only if the
 *  license is. A refused feature has value 0 and no text, but keeps name, type and expires_at if the
 *  license contains it. */
typedef struct lic2_feature {
    uint32_t struct_size;                    /**< Set by the library. */
    uint32_t verdict;                        /**< LIC2_VERDICT_GRANTED or LIC2_VERDICT_DENIED. */
    uint32_t verdict_check;                  /**< The complement of verdict. */
    lic2_status status;                      /**< OK if granted; otherwise why not. */
    uint32_t type;                           /**< LIC2_FEATURE_...; 0 if missing or of an unknown type. */
    uint32_t flags;                          /**< LIC2_FEATURE_OVERAGE or 0. */
    uint64_t value;                          /**< The limit or quota; 0 for other types, and if refused. */
    uint64_t expires_at;                     /**< End of the feature; 0 if as the license. */
    char name[LIC2_NAME_BYTES];              /**< Name, with a NUL. */
    char text[LIC2_TEXT_BYTES];              /**< Text, with a NUL; empty for other types. */
} lic2_feature;

/** The activation of a device while it runs. The size is guaranteed, the content is not. Do not copy it;
 *  two engines must not share a store. */
typedef struct lic2_engine {
    uint32_t struct_size;                    /**< Set by the library. */
    uint32_t reserved;                       /**< Zero. */
    uint64_t opaque[639];                    /**< The library's. */
} lic2_engine;

/** The store of the activation: two slots of LIC2_STATE_BYTES that keep their content without power,
 *  such as two files or two flash pages. A part of lic2_config; never grows. */
typedef struct lic2_store {
    void *context;                           /**< For the callbacks; may be NULL. */
    /** Copies the content of a slot to memory, as far as it fits, and sets stored_len, which is 0 before
     *  the call, to its length. A slot that was never written is empty or all FF. Fails if the content may
     *  be there but cannot be read. */
    int32_t (*read)(void *context, uint32_t slot, uint8_t *memory, size_t memory_len, size_t *stored_len);
    /** Replaces the content of a slot. Succeeds only when it is certainly stored. A power cut may leave
     *  any mixture of old, new and erased bytes in this slot, but must not change the other one. */
    int32_t (*write)(void *context, uint32_t slot, const uint8_t *bytes, size_t bytes_len);
} lic2_store;

/** A reading of the clock. It is all zeros except struct_size when the callback gets it. */
typedef struct lic2_reading {
    uint32_t struct_size;                    /**< Set by the library: do not write beyond it. */
    uint32_t wall;                           /**< LIC2_WALL_TIME, LIC2_WALL_UNSET or LIC2_WALL_ABSENT. */
    uint64_t time;                           /**< The time, if wall is LIC2_WALL_TIME; 0 means not set. */
    /** Seconds from any start that never run backwards until the next lic2_engine_open, if has_uptime is
     *  1. */
    uint64_t uptime_seconds;
    uint32_t has_uptime;                     /**< 1 or 0. */
    uint32_t reserved;                       /**< Zero. */
} lic2_reading;

/** The clock of the device. A part of lic2_config; never grows. */
typedef struct lic2_clock {
    void *context;                           /**< For the callback; may be NULL. */
    /** Fills in a reading. A failure counts as LIC2_WALL_UNSET without an uptime, and so do impossible
     *  numbers, which lic2_engine_open refuses. NULL: the device has neither clock nor uptime. */
    int32_t (*read)(void *context, lic2_reading *reading);
} lic2_clock;

/** The identity of the device. A part of lic2_config; never grows. */
typedef struct lic2_identity {
    void *context;                           /**< For the callback; may be NULL. */
    const lic2_component *components;        /**< The same at every call, in the same order. */
    size_t components_count;                 /**< Components in components. */
    /** A secret that no other device has and that is not stored beside the activation. It seals the
     *  activation, which can then neither be edited nor used on another device. */
    const uint8_t *secret;
    size_t secret_len;                       /**< At least LIC2_SECRET_MIN; 0 if there is none. */
    const uint8_t *device_key;               /**< Public half of the device's own key (Ed25519). */
    size_t device_key_len;                   /**< LIC2_KEY_BYTES, or 0 if there is none. */
    /** Signs a message with the device's own key (Ed25519, RFC 8032) into LIC2_SIGNATURE_BYTES. Required
     *  if there is a device key. */
    int32_t (*sign)(void *context, const uint8_t *message, size_t message_len, uint8_t *signature);
} lic2_identity;

/** A hardware counter that only counts up from 0 and has no other use. It detects an earlier copy of the
 *  stored activation. Both callbacks are NULL if there is none. A part of lic2_config; never grows. */
typedef struct lic2_counter {
    void *context;                           /**< For the callbacks; may be NULL. */
    int32_t (*read)(void *context, uint32_t *value); /**< Reads it. */
    /** Adds one and reads the new value. Fails if the new value is not certain. A power cut leaves the old
     *  or the new value. */
    int32_t (*increment)(void *context, uint32_t *value);
} lic2_counter;

/** What an engine works with. Everything it points to must outlive the engine, unchanged; the struct itself
 *  need not. Zero means unknown or absent. */
typedef struct lic2_config {
    uint32_t struct_size;                    /**< Set by LIC2_INIT. */
    uint32_t flags;                          /**< LIC2_CONFIG_..., combined with |. */
    uint64_t built_at; /**< When this build was made. An earlier time of the clock is rejected. */
    uint64_t version;                        /**< Version of this build: LIC2_VERSION(major, minor, patch). */
    const char *product;                     /**< The product id compiled into the program, UTF-8. */
    size_t product_len;                      /**< Bytes in product, or LIC2_TERMINATED. */
    const lic2_keyring *ring;                /**< The trusted keys. */
    size_t reserved;                         /**< Zero. */
    lic2_store store;                        /**< The store. Required. */
    lic2_clock clock;                        /**< The clock. */
    lic2_identity identity;                  /**< The identity. */
    lic2_counter counter;                    /**< The counter. */
} lic2_config;

/** A quota, or the seats of a limited feature. LIC2_GRANTED(&meter) says whether the request is granted.
 *  After QUOTA_EXHAUSTED the numbers say what is used and left; after any other refusal or failure they
 *  are 0. */
typedef struct lic2_meter {
    uint32_t struct_size;                    /**< Set by the library. */
    uint32_t verdict;                        /**< LIC2_VERDICT_GRANTED or LIC2_VERDICT_DENIED. */
    uint32_t verdict_check;                  /**< The complement of verdict. */
    lic2_status status;                      /**< OK if granted; otherwise why not. */
    uint64_t total; /**< The sum of the quotas of all granted licenses, or the limit. */
    uint64_t used;                           /**< How much is used, overage included, or seats taken. */
    uint64_t remaining;                      /**< How much is left without overage, or seats free. */
    uint64_t overage;                        /**< How much is used beyond the quotas. */
} lic2_meter;

/** One seat of a limited feature, in your table. Zeros are a free seat. It has no struct_size because it is
 *  in arrays; it never grows. */
typedef struct lic2_seat {
    uint64_t holder;                         /**< Who has it: your number; 0 for nobody. */
    uint64_t until;                          /**< End of the lease, in seconds of the engine's own count. */
} lic2_seat;

/** What a request asks for. Zeros ask for nothing in particular. */
typedef struct lic2_ask {
    uint32_t struct_size;                    /**< Set by LIC2_INIT. */
    uint32_t signs;                          /**< LIC2_SIGN_..., combined with |. */
    const char *license_id;                  /**< Id of the license that is wanted or in trouble, UTF-8. */
    size_t license_id_len;                   /**< Bytes in license_id, or LIC2_TERMINATED. */
    const uint8_t *entropy; /**< Random bytes, if there are any: they distinguish equal devices' requests. */
    size_t entropy_len;                      /**< Bytes in entropy. */
} lic2_ask;

/** What support staff need. It permits nothing: call lic2_engine_check. */
typedef struct lic2_engine_info {
    uint32_t struct_size;                    /**< Set by the library. */
    uint32_t flags;                          /**< LIC2_ENGINE_... */
    lic2_status refusal; /**< Why the product may not run; OK if it may; or the return value. */
    lic2_status condition; /**< What is wrong with the stored activation as a whole; OK if nothing. */
    uint32_t clock;                          /**< LIC2_CLOCK_... */
    uint32_t license_count;                  /**< Stored licenses, for lic2_engine_license_at. */
    uint32_t list_count;                     /**< Stored revocation lists. */
    uint32_t list_number;                    /**< The highest number among the lists. */
    uint32_t sequence;                       /**< Number of the last write to the store. */
    uint32_t stored_bytes;                   /**< Length of the stored activation. */
    uint64_t now;                            /**< The time that decisions use; 0 if unknown. */
    uint64_t floor;                          /**< The earliest time that the engine accepts; 0 if none. */
    uint64_t refreshed_at; /**< Issue time of the newest list, time token or unlock; 0 if none. */
    uint64_t powered_seconds;                /**< Powered-on seconds counted so far. */
} lic2_engine_info;

/* For other languages: the functions behind the inline ones below. Each takes the size of its output struct
 * after the struct and writes no byte beyond it. The comments are at the inline functions. */
LIC2_API lic2_status lic2_code_check_sized(const lic2_keyring *ring, const char *code, size_t code_len,
        const lic2_facts *facts, lic2_license *license, lic2_decision *decision, size_t decision_size);
LIC2_API lic2_status lic2_license_decide_sized(const lic2_license *license, const lic2_facts *facts,
        lic2_decision *decision, size_t decision_size);
LIC2_API lic2_status lic2_license_feature_sized(const lic2_license *license, const lic2_facts *facts,
        const char *name, size_t name_len, lic2_feature *feature, size_t feature_size);
LIC2_API lic2_status lic2_license_feature_at_sized(const lic2_license *license, const lic2_facts *facts,
        uint32_t index, lic2_feature *feature, size_t feature_size);
LIC2_API lic2_status lic2_engine_check_sized(lic2_engine *engine, lic2_decision *decision,
        size_t decision_size);
LIC2_API lic2_status lic2_engine_feature_sized(lic2_engine *engine, const char *name, size_t name_len,
        lic2_feature *feature, size_t feature_size);
LIC2_API lic2_status lic2_engine_consume_sized(lic2_engine *engine, const char *name, size_t name_len,
        uint64_t amount, uint64_t reservation, lic2_meter *meter, size_t meter_size);
LIC2_API lic2_status lic2_engine_give_back_sized(lic2_engine *engine, const char *name, size_t name_len,
        uint64_t amount, lic2_meter *meter, size_t meter_size);
LIC2_API lic2_status lic2_engine_meter_sized(lic2_engine *engine, const char *name, size_t name_len,
        lic2_meter *meter, size_t meter_size);
LIC2_API lic2_status lic2_engine_acquire_sized(lic2_engine *engine, const char *name, size_t name_len,
        lic2_seat *seats, size_t seats_count, uint64_t holder, uint32_t lease_seconds, lic2_meter *meter,
        size_t meter_size);
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_status_sized(lic2_engine *engine, lic2_engine_info *info,
        size_t info_size);
LIC2_API lic2_status lic2_engine_license_at_sized(lic2_engine *engine, uint32_t index,
        lic2_decision *decision, size_t decision_size, uint64_t *activated_at);
LIC2_API lic2_status lic2_engine_feature_at_sized(lic2_engine *engine, uint32_t license, uint32_t index,
        lic2_feature *feature, size_t feature_size);

/* The library itself ------------------------------------------------------------------------------------- */

/** Checks that the library computes correctly on this machine: one good code, one forged, one expired, one
 *  damaged. Call it when you bring up a board or a compiler, or at every start. It needs more stack than
 *  any other call.
 *  @return OK, or SELFTEST_FAILED.
 *  @stack 16.3 kB; about 6.6 kB on a Cortex-M4. @time Three signature checks. */
LIC2_API LIC2_MUST_USE lic2_status lic2_selftest(void);

/** The LIC2_ABI_VERSION of the linked library. A number lower than that of the header means that the
 *  program must not use the library: only a shared library can be that old. */
LIC2_API LIC2_MUST_USE uint32_t lic2_abi_version(void);

/** The LIC2_FORMAT_VERSION of the linked library. */
LIC2_API LIC2_MUST_USE uint32_t lic2_format_version(void);

/** The LIC2_VERSION_STRING of the linked library, such as "0.1.0". A constant; never NULL. */
LIC2_API LIC2_MUST_USE const char *lic2_version(void);

/* Texts of statuses -------------------------------------------------------------------------------------- */

/** The name of a status without LIC2_STATUS_, for logs; "UNKNOWN_STATUS" for any other number. Printable
 *  ASCII. A constant; never NULL. */
LIC2_API LIC2_MUST_USE const char *lic2_status_name(lic2_status status);

/** The meaning of a status: an English sentence in lower case without a full stop. Never NULL. */
LIC2_API LIC2_MUST_USE const char *lic2_status_text(lic2_status status);

/** The suggested action for a status, in the same form. Never NULL. */
LIC2_API LIC2_MUST_USE const char *lic2_status_advice(lic2_status status);

/* Texts of outcomes -------------------------------------------------------------------------------------- */

/** The name of an outcome without LIC2_OUTCOME_, for logs; "UNKNOWN_OUTCOME" for any other number.
 *  Printable ASCII. A constant; never NULL. */
LIC2_API LIC2_MUST_USE const char *lic2_outcome_name(uint32_t outcome);

/** The meaning of an outcome: an English sentence in lower case without a full stop. Never NULL. */
LIC2_API LIC2_MUST_USE const char *lic2_outcome_text(uint32_t outcome);

/* Key ring ----------------------------------------------------------------------------------------------- */

/** Fills a key ring with the public keys compiled into the product. Replaces what the ring contained. After
 *  a failure the ring trusts nothing, and every call that uses it returns NOT_INITIALIZED.
 *  @param[out] ring The key ring. It needs no initialization.
 *  @param anchors Ed25519 public keys, one after another, as `lic2-signer pubkey --format c` prints them.
 *  @param anchors_len LIC2_KEY_BYTES for each key; 1 to LIC2_ANCHORS_MAX keys.
 *  @return OK, or: ARGUMENTS, KEY_INVALID, KEY_DUPLICATE, KEYRING_FULL.
 *  @stack 3.3 kB. @time A tenth of a signature check for each key. */
LIC2_API LIC2_MUST_USE lic2_status lic2_keyring_init(lic2_keyring *ring, const uint8_t *anchors,
        size_t anchors_len);

/** Adds an issuer by its certificate, so that its codes need not carry the certificate. An anchor of the
 *  ring must have signed it. After a failure the ring is unchanged. Missing in archives built without
 *  issuers.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, KEY_DUPLICATE, KEYRING_FULL, TEXT, CERTIFICATE_UNTRUSTED,
 *      CERTIFICATE_SIGNATURE, CERTIFICATE_INVALID.
 *  @stack 11.5 kB. @time One signature check. */
LIC2_API LIC2_MUST_USE lic2_status lic2_keyring_add_issuer(lic2_keyring *ring, const char *certificate,
        size_t certificate_len);

/* Codes, without an engine ------------------------------------------------------------------------------- */

/** Checks that a seller whom the ring trusts made this code, and keeps the license. It ignores time,
 *  product, version and device: lic2_license_decide checks them. After a failure the license is cleared,
 *  and every call that uses it returns NOT_INITIALIZED.
 *  @param code The text as the customer pasted it. White space, line breaks, zero-width characters and
 *      quotes around it are ignored.
 *  @param[out] license The license. It needs no initialization.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED (the ring), TEXT, SIGNATURE.
 *  @stack 12.8 kB. @time One signature check, two if the code carries its issuer certificate; one more for
 *      each further key of the ring with the same key id. */
LIC2_API LIC2_MUST_USE lic2_status lic2_code_verify(const lic2_keyring *ring, const char *code,
        size_t code_len, lic2_license *license);

/** Verifies a code and decides what it permits: lic2_code_verify and lic2_license_decide in one call. You
 *  may ignore the return value: the decision contains it.
 *  @param code As in lic2_code_verify.
 *  @param facts What the program knows; needs at least product.
 *  @param[out] license The license, for lic2_license_feature and later decisions. Cleared when the call
 *      fails; kept when the decision is a refusal.
 *  @param[out] decision The decision. Its status is OK, a refusal as in lic2_license_decide, or the return
 *      value.
 *  @return OK if a decision was made, also if it is a refusal; or: ARGUMENTS, NOT_INITIALIZED, TEXT,
 *      SIGNATURE.
 *  @stack 12.8 kB. @time As lic2_code_verify. */
LIC2_INLINE lic2_status lic2_code_check(const lic2_keyring *ring, const char *code, size_t code_len,
        const lic2_facts *facts, lic2_license *license, lic2_decision *decision)
{ return lic2_code_check_sized(ring, code, code_len, facts, license, decision, sizeof *decision); }

/* Verified licenses, without an engine ------------------------------------------------------------------- */

/** Decides what a verified license permits under these facts. Checks no signature. Call it again at
 *  next_deadline, and whenever a fact changes.
 *  @param[out] decision The decision. Its status is OK; the return value; or: RULES.
 *  @return OK if a decision was made, also if it is a refusal; or: ARGUMENTS, NOT_INITIALIZED (the
 *      license).
 *  @stack 4.2 kB. @time A few microseconds; one hash for each component. */
LIC2_INLINE lic2_status lic2_license_decide(const lic2_license *license, const lic2_facts *facts,
        lic2_decision *decision)
{ return lic2_license_decide_sized(license, facts, decision, sizeof *decision); }

/** Decides what the feature with this name permits. It also decides on the license: a feature of a refused
 *  license is refused for the same reason.
 *  @param name Name of the feature, UTF-8. Not the name field of the struct that feature points to: outputs
 *      are cleared first.
 *  @param[out] feature The feature. Its status is OK; FEATURE_UNKNOWN, RIGHT_UNKNOWN, FEATURE_EXPIRED; or
 *      as in lic2_license_decide.
 *  @return As lic2_license_decide.
 *  @stack 4.6 kB. @time As lic2_license_decide. */
LIC2_INLINE lic2_status lic2_license_feature(const lic2_license *license, const lic2_facts *facts,
        const char *name, size_t name_len, lic2_feature *feature)
{ return lic2_license_feature_sized(license, facts, name, name_len, feature, sizeof *feature); }

/** As lic2_license_feature, by index: to list all features.
 *  @param index 0 to feature_count - 1 of the decision; others are INVALID_ARGUMENT.
 *  @return As lic2_license_decide. @stack 4.6 kB. @time As lic2_license_decide. */
LIC2_INLINE lic2_status lic2_license_feature_at(const lic2_license *license, const lic2_facts *facts,
        uint32_t index, lic2_feature *feature)
{ return lic2_license_feature_at_sized(license, facts, index, feature, sizeof *feature); }

/** Copies a text field of the license as a NUL-terminated string; empty if the license does not have it. It
 *  decides nothing.
 *  @param field LIC2_TEXT_LICENSE_ID, _PRODUCT, _EDITION, _CUSTOMER or _ORDER.
 *  @param[out] buffer The text in UTF-8. LIC2_TEXT_BYTES are always enough. Cleared when the call fails.
 *  @param[out] text_len Length of the text without the NUL; also set when the buffer is too small.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL. @stack 4.2 kB. @time A microsecond. */
LIC2_API LIC2_MUST_USE lic2_status lic2_license_text(const lic2_license *license, int32_t field, char *buffer,
        size_t buffer_len, size_t *text_len);

/** Copies the bytes of an item of the license: the seller's own data, which has numbers from 1000 on, or
 *  any other item of the document format. No bytes if the license does not have it. It decides nothing.
 *  @param[out] buffer The bytes. LIC2_CODE_MAX are always enough. Cleared when the call fails.
 *  @param[out] bytes_len Length of the item; also set when the buffer is too small.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL. @stack 4.2 kB. @time A microsecond. */
LIC2_API LIC2_MUST_USE lic2_status lic2_license_item(const lic2_license *license, uint32_t number,
        uint8_t *buffer, size_t buffer_len, size_t *bytes_len);

/* Engine ------------------------------------------------------------------------------------------------- */

/** Sets up an engine and reads the stored activation; writes nothing. On a host, lic2_host_open calls it. A
 *  damaged or foreign activation is not an error: each call reports it until lic2_engine_apply stores a
 *  valid code. After a failure every call that uses the engine returns NOT_INITIALIZED. You need not close
 *  an engine. Call lic2_engine_settle before you power down the device.
 *  @param[out] engine The engine. It needs no initialization.
 *  @param config Needs product, ring and store. Everything it points to must outlive the engine.
 *  @return OK, or: ARGUMENTS (NULL_POINTER also for a missing callback of the store, one of two counter
 *      callbacks, or a device key without sign; INVALID_ARGUMENT also for a clock that returns impossible
 *      numbers), NOT_INITIALIZED (the ring), STORE_READ, STATE_TOO_NEW, STATE_TOO_OLD, COUNTER_FAILED.
 *  @stack 13.5 kB. @time Up to three reads of a slot; one signature check for each stored document, unless
 *      sealed. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_open(lic2_engine *engine, const lic2_config *config);

/** Accepts a document from the seller as the customer pasted it: a code, a revocation list, a time token or
 *  an unlock. Verifies before it stores, and stores before it returns. After a failure nothing has changed.
 *  It permits nothing: call lic2_engine_check. Statuses from 412 on mean that the document is genuine but
 *  does not apply to this device now.
 *  @param text As code in lic2_code_verify.
 *  @param[out] outcome LIC2_OUTCOME_...; 0 when the call fails.
 *  @param[out] usable NULL, or: OK, or why the stored license cannot be used now, such as EXPIRED,
 *      NOT_YET_VALID or VERSION_NOT_COVERED; of any other document, why a license of this device has
 *      ended; OK when the call fails.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, ENGINE_BUSY, TEXT, SIGNATURE, PRODUCT_MISMATCH, TEST_CODE,
 *      DEVICE_MISMATCH, DEVICE_UNKNOWN, CODE_OLDER, CODE_CONFLICT, LICENSE_RETURNED, LICENSE_RELEASED,
 *      LICENSE_FROZEN, LICENSE_REFUNDED, LICENSE_REPLACED, LIST_OLDER, LIST_CONFLICT, UNLOCK_MISMATCH,
 *      STATE_ROLLED_BACK, STORING.
 *  @stack 15 kB. @time As lic2_code_verify; one write to the store. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_apply(lic2_engine *engine, const char *text, size_t text_len,
        uint32_t *outcome, lic2_status *usable);

/** Reports what lic2_engine_apply would do with this document now, and stores nothing: to ask the customer
 *  before a renewal takes the running version away (LIC2_OUTCOME_VERSION_NOT_COVERED).
 *  @param outcome As lic2_engine_apply. @param usable As lic2_engine_apply.
 *  @return As lic2_engine_apply, but only ARGUMENTS, NOT_INITIALIZED and STATE_FULL of STORING.
 *  @stack 19.5 kB. @time As lic2_code_verify. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_preview(lic2_engine *engine, const char *text, size_t text_len,
        uint32_t *outcome, lic2_status *usable);

/** Decides whether the product may run. Call it at every start and again no later than next_deadline. The
 *  decision is that of the best license; next_deadline is the earliest of all. Trusts the signatures that
 *  were checked when the documents were applied or read; lic2_engine_reverify checks them again.
 *  @param[out] decision The decision. Its status is OK; the return value; a refusal as in
 *      lic2_license_decide; or: NOT_ACTIVATED, CLOCK_UNSET, LICENSE_RELEASED, _FROZEN, _REFUNDED,
 *      _REPLACED, LIST_PART_MISSING, STATE_CORRUPT, STATE_FOREIGN, STATE_ROLLED_BACK; STORING if the time
 *      had to be stored and was not; SIGNATURE if the keys of the ring have changed or an issuer was
 *      revoked.
 *  @return OK if a decision was made, also if it is a refusal; or: ARGUMENTS, NOT_INITIALIZED (also if the
 *      store failed in a way that leaves its content unknown: open the engine again).
 *  @stack 7.5 kB; 13.5 kB if the store fails. @time Some microseconds for each license; rarely one write. */
LIC2_INLINE lic2_status lic2_engine_check(lic2_engine *engine, lic2_decision *decision)
{ return lic2_engine_check_sized(engine, decision, sizeof *decision); }

/** Decides whether a feature may be used, and how much of it. The license that grants most of it counts.
 *  @param name As in lic2_license_feature.
 *  @param[out] feature The feature. Its status is OK; FEATURE_UNKNOWN, RIGHT_UNKNOWN, FEATURE_EXPIRED; or
 *      as in lic2_engine_check.
 *  @return As lic2_engine_check. @stack As lic2_engine_check. @time As lic2_engine_check. */
LIC2_INLINE lic2_status lic2_engine_feature(lic2_engine *engine, const char *name, size_t name_len,
        lic2_feature *feature)
{ return lic2_engine_feature_sized(engine, name, name_len, feature, sizeof *feature); }

/** Stores what the engine keeps only in memory, so that no reservation is lost: before the device is
 *  switched off. The engine remains open.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, STORING. @stack As lic2_engine_check. @time At most one
 *      write. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_settle(lic2_engine *engine);

/** Checks the signatures of all stored documents again, for programs that run for months or distrust their
 *  memory. A bad signature is not an error: the next decision reports it.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED. @stack 13.5 kB. @time One signature check for each stored
 *      document. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_reverify(lic2_engine *engine);

/** Confirms this build of your firmware: from now on the activation is stored in the latest format that this
 *  library knows. Until then it keeps the format that was read, so that an update that is tried and reverted
 *  leaves the build before it an activation that it can read. Call it at every start, after your self-test.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, ENGINE_BUSY, STORING. @stack As lic2_engine_check.
 *  @time One write to the store, once for each new format. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_confirm_version(lic2_engine *engine);

/** Reports how many days of the term are left under the license that lic2_engine_check answers with. A begun
 *  day counts as one; of a license that counts powered-on hours, 24 of them are a day.
 *  @param[out] days The days; LIC2_DAYS_UNLIMITED without an end; 0 in grace, if nothing is granted, and when
 *      the call fails.
 *  @return As lic2_engine_check. @stack As lic2_engine_check. @time As lic2_engine_check. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_days_left(lic2_engine *engine, uint32_t *days);

/** Reports why lic2_engine_open failed: every other call says only NOT_INITIALIZED.
 *  @return The status that lic2_engine_open returned; OK while the engine is open; NOT_INITIALIZED if it was
 *      never opened; ENGINE_BUSY; or: ARGUMENTS.
 *  @stack As lic2_engine_check. @time Constant. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_open_status(lic2_engine *engine);

/* Engine: quotas and seats ------------------------------------------------------------------------------- */

/** Uses some of a quota: the whole amount or nothing. The use is stored before it is granted. With a
 *  reservation, that much more is stored as used along with it, as far as the quota reaches, so that the
 *  next uses need no write. A power cut without lic2_engine_settle loses the rest of the reservation.
 *  @param reservation How much more to store as used when a write is needed; 0 for none.
 *  @param[out] meter Granted if the amount may be used. Its status is OK; QUOTA_EXHAUSTED; or as in
 *      lic2_engine_feature.
 *  @return OK if a decision was made, also if it is a refusal; or: ARGUMENTS, NOT_INITIALIZED, FEATURE_KIND
 *      (the feature is not a quota), STORING.
 *  @stack As lic2_engine_check. @time As lic2_engine_check; one write if the reservation does not reach. */
LIC2_INLINE lic2_status lic2_engine_consume(lic2_engine *engine, const char *name, size_t name_len,
        uint64_t amount, uint64_t reservation, lic2_meter *meter)
{ return lic2_engine_consume_sized(engine, name, name_len, amount, reservation, meter, sizeof *meter); }

/** Returns some of a quota that was used in vain, at most as much as was used. Kept in memory like a
 *  reservation: a power cut without lic2_engine_settle undoes it.
 *  @return As lic2_engine_consume. @stack As lic2_engine_check. @time As lic2_engine_check. */
LIC2_INLINE lic2_status lic2_engine_give_back(lic2_engine *engine, const char *name, size_t name_len,
        uint64_t amount, lic2_meter *meter)
{ return lic2_engine_give_back_sized(engine, name, name_len, amount, meter, sizeof *meter); }

/** Reports how much of a quota is used and left. Uses nothing, so it permits nothing: only
 *  lic2_engine_consume does.
 *  @param[out] meter Granted if the feature is. Its status as in lic2_engine_feature.
 *  @return As lic2_engine_consume. @stack As lic2_engine_check. @time As lic2_engine_check. */
LIC2_INLINE lic2_status lic2_engine_meter(lic2_engine *engine, const char *name, size_t name_len,
        lic2_meter *meter)
{ return lic2_engine_meter_sized(engine, name, name_len, meter, sizeof *meter); }

/** Takes a seat of a limited feature, or prolongs the lease of the seat that the holder has. Seats are in
 *  your memory and end with the power, as their users do. Keep one table for each feature and engine, zeros
 *  at first.
 *  @param[in,out] seats The table: as many seats as the highest limit that a license may have. Unchanged on
 *      failure.
 *  @param holder Who takes the seat; not 0.
 *  @param lease_seconds How long the seat is kept without another call; not 0.
 *  @param[out] meter Granted if the holder has a seat. Its status is OK; SEATS_TAKEN; or as in
 *      lic2_engine_feature, TIME_UNKNOWN also if nothing counts seconds.
 *  @return As lic2_engine_consume (FEATURE_KIND: the feature is not a limit); or: BUFFER_TOO_SMALL (the
 *      table is full, the limit not reached).
 *  @stack As lic2_engine_check. @time Twice lic2_engine_check. */
LIC2_INLINE lic2_status lic2_engine_acquire(lic2_engine *engine, const char *name, size_t name_len,
        lic2_seat *seats, size_t seats_count, uint64_t holder, uint32_t lease_seconds, lic2_meter *meter)
{ return lic2_engine_acquire_sized(engine, name, name_len, seats, seats_count, holder, lease_seconds, meter,
        sizeof *meter); }

/** Frees the seat of a holder, if it has one.
 *  @param holder Whose seat; not 0.
 *  @return OK, also if the holder has no seat; or: ARGUMENTS. @stack Under 100 bytes. @time By length of
 *      the table. */
LIC2_API LIC2_MUST_USE lic2_status lic2_seat_release(lic2_seat *seats, size_t seats_count, uint64_t holder);

/* Engine: documents for the seller ----------------------------------------------------------------------- */

/** Writes a request for the seller: for a license, or for the unlock of a device that needs one. The first
 *  one is stored and repeated until an unlock answers it, so that every copy of it is valid.
 *  @param ask What to ask for; NULL asks for nothing in particular.
 *  @param[out] buffer The text. LIC2_DOCUMENT_BYTES are always enough. Cleared when the call fails.
 *  @param[out] text_len Length of the text without the NUL; the length that is always enough if the buffer
 *      is too small.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL, STORING, SIGNING_FAILED.
 *  @stack 8.5 kB; 15.5 kB if the store fails. @time One hash for each component; at first one write; a
 *      signature if the device has a key. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_request(lic2_engine *engine, const lic2_ask *ask, char *buffer,
        size_t buffer_len, size_t *text_len);

/** Returns a license and writes the receipt for the seller. From now on the device refuses the license
 *  until it gets a code with a higher serial. Called again, it writes the same receipt, if it is among the
 *  last four. A receipt of many quotas has several texts: lic2_engine_next_part writes the others.
 *  @param entropy Random bytes, if there are any.
 *  @param[out] buffer As in lic2_engine_request. If it is too small, the license is kept.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL, LICENSE_UNKNOWN, STATE_CORRUPT,
 *      STATE_FOREIGN, STATE_ROLLED_BACK, STORING, SIGNING_FAILED. After a failure the license is kept;
 *      after COUNTER_FAILED it may be gone, and another call writes the receipt.
 *  @stack As lic2_engine_request. @time As lic2_engine_request; one write. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_deactivate(lic2_engine *engine, const char *license_id,
        size_t license_id_len, const uint8_t *entropy, size_t entropy_len, char *buffer, size_t buffer_len,
        size_t *text_len);

/** Writes one of the kept receipts again, by index, the oldest first. lic2_engine_next_part writes its other
 *  texts.
 *  @param index 0 and up, at most 3; INVALID_ARGUMENT past the last one.
 *  @param[out] buffer As in lic2_engine_request.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL, SIGNING_FAILED.
 *  @stack As lic2_engine_request. @time As lic2_engine_request. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_receipt_at(lic2_engine *engine, uint32_t index, char *buffer,
        size_t buffer_len, size_t *text_len);

/** Writes a usage report for the seller: how much of every quota was used in total, and how much of that
 *  the seller had accepted before. A report of many quotas has several texts: lic2_engine_next_part writes
 *  the others. A report that a power cut interrupts begins again with the next number; nothing is lost.
 *  @param license_id Restricts the report to one license; (NULL, 0) for all.
 *  @param entropy Random bytes, if there are any.
 *  @param[out] buffer As in lic2_engine_request.
 *  @param[out] number Number of the report, for lic2_engine_usage_accepted; 0 when the call fails.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL, LICENSE_UNKNOWN, STORING, SIGNING_FAILED.
 *  @stack As lic2_engine_request. @time As lic2_engine_request; one write. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_usage(lic2_engine *engine, const char *license_id,
        size_t license_id_len, const uint8_t *entropy, size_t entropy_len, char *buffer, size_t buffer_len,
        size_t *text_len, uint32_t *number);

/** Writes the next text of the last receipt or usage report. Call it until text_len is 0, and send every
 *  text to the seller. Another receipt or report, and lic2_engine_apply, end an incomplete report: begin it
 *  again then. After a failure you can repeat the call.
 *  @param[out] buffer As in lic2_engine_request; empty after the last text.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL, STORING, SIGNING_FAILED.
 *  @stack As lic2_engine_request. @time As lic2_engine_usage. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_next_part(lic2_engine *engine, char *buffer, size_t buffer_len,
        size_t *text_len);

/** Notes that the seller has accepted the last usage report: later ones count from it.
 *  @param number Number of that report; others are INVALID_ARGUMENT.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, STORING. @stack As lic2_engine_check. @time One write. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_usage_accepted(lic2_engine *engine, uint32_t number);

/* Engine: About box and support -------------------------------------------------------------------------- */

/** Reports the state of the engine for support staff. Writes nothing.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED. @stack As lic2_engine_check. @time As lic2_engine_check. */
LIC2_INLINE LIC2_MUST_USE lic2_status lic2_engine_status(lic2_engine *engine, lic2_engine_info *info)
{ return lic2_engine_status_sized(engine, info, sizeof *info); }

/** Decides on one stored license on its own, by index: to list all licenses. Writes nothing.
 *  @param index 0 to license_count - 1 of lic2_engine_info; others are INVALID_ARGUMENT.
 *  @param[out] decision What this license permits on its own. Its status as in lic2_engine_check.
 *  @param[out] activated_at When it was first activated; 0 if the time was never known, and when the call
 *      fails.
 *  @return OK if a decision was made, also if it is a refusal; or: ARGUMENTS, NOT_INITIALIZED.
 *  @stack As lic2_engine_check. @time As lic2_engine_check. */
LIC2_INLINE lic2_status lic2_engine_license_at(lic2_engine *engine, uint32_t index, lic2_decision *decision,
        uint64_t *activated_at)
{ return lic2_engine_license_at_sized(engine, index, decision, sizeof *decision, activated_at); }

/** Writes the state of the engine and of each license for support staff: lines of `name: value`, English,
 *  times in Unix seconds. For people; the words may change. Writes nothing to the store. Of an engine that
 *  could not be opened: the product and why.
 *  @param[out] buffer The text in UTF-8. Cleared when the call fails.
 *  @param[out] text_len Length of the text without the NUL; also set when the buffer is too small.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL. @stack As lic2_engine_check. @time As
 *      lic2_engine_check. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_status_text(lic2_engine *engine, char *buffer,
        size_t buffer_len, size_t *text_len);

/** Decides on one feature of one stored license on its own, by index: to list all features, as an About box
 *  does.
 *  @param license As index in lic2_engine_license_at.
 *  @param index 0 and up; INVALID_ARGUMENT past the last one.
 *  @param[out] feature As in lic2_engine_feature.
 *  @return As lic2_engine_feature. @stack As lic2_engine_check. @time As lic2_engine_check. */
LIC2_INLINE lic2_status lic2_engine_feature_at(lic2_engine *engine, uint32_t license, uint32_t index,
        lic2_feature *feature)
{ return lic2_engine_feature_at_sized(engine, license, index, feature, sizeof *feature); }

/** As lic2_license_text, of one stored license, by index.
 *  @param index As in lic2_engine_license_at.
 *  @return As lic2_engine_license_text; LICENSE_UNKNOWN also if its signature is no longer trusted.
 *  @stack As lic2_engine_check. @time As lic2_engine_check. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_license_text_at(lic2_engine *engine, uint32_t index,
        int32_t field, char *buffer, size_t buffer_len, size_t *text_len);

/** As lic2_license_text, of the license that lic2_engine_check answers with.
 *  @return As lic2_engine_check; or: BUFFER_TOO_SMALL, LICENSE_UNKNOWN (there is no license).
 *  @stack As lic2_engine_check. @time As lic2_engine_check. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_license_text(lic2_engine *engine, int32_t field, char *buffer,
        size_t buffer_len, size_t *text_len);

/** As lic2_license_item, of the license that lic2_engine_check answers with.
 *  @return As lic2_engine_license_text. @stack As lic2_engine_check. @time As lic2_engine_check. */
LIC2_API LIC2_MUST_USE lic2_status lic2_engine_license_item(lic2_engine *engine, uint32_t number,
        uint8_t *buffer, size_t buffer_len, size_t *bytes_len);

#if defined(LIC2_HOST)

#define LIC2_HOST_BYTES 12288                /**< Size of lic2_host, in bytes. */

/* Flags of lic2_host_options. */
/** Seals the stored activation with the machine id, if the system has one. A copy of the directory alone
 *  then does not work on another machine. Every user of the machine can read the machine id. */
#define LIC2_HOST_SEAL 1
#define LIC2_HOST_NO_WAIT 2                  /**< Does not wait for another process. */

/* Causes: what lic2_host_error reports. */
#define LIC2_HOST_CAUSE_SYSTEM 1 /**< The operating system refused; the code is its error number. */
#define LIC2_HOST_CAUSE_ARGUMENT 2 /**< A path, prefix or component is invalid, or is one too many. */
#define LIC2_HOST_CAUSE_LOCKED 3             /**< Another process uses the directory. */
#define LIC2_HOST_CAUSE_NOT_A_FILE 4         /**< A link, a directory or a device has the name of a file. */

/** The files, clock and identity of a desktop or server system. The size is guaranteed, the content is not.
 *  Do not move it while it is open: a copy is not open. */
typedef struct lic2_host {
    uint32_t struct_size;                    /**< Size of this struct, set by the library. */
    uint32_t reserved;                       /**< Zero. */
    uint64_t opaque[1535];                   /**< The library's. */
} lic2_host;

/** How a host is opened. Zeros are the defaults. */
typedef struct lic2_host_options {
    uint32_t struct_size;                    /**< Size of this struct, set by LIC2_INIT. */
    uint32_t flags;                          /**< LIC2_HOST_SEAL and LIC2_HOST_NO_WAIT, combined with |. */
    /** When this build was made. Also the earliest time that a clock can truthfully show. */
    uint64_t built_at;
    uint64_t version;                        /**< Version of this build: LIC2_VERSION(major, minor, patch). */
    uint32_t wait_ms;                        /**< How long to wait for another process, in ms; 0 means 500. */
    uint32_t config_flags;                   /**< LIC2_CONFIG_... flags of the engine. */
    /** Start of the file names: up to 64 letters, digits, '-', '_', '.'; NULL means "lic2". */
    const char *prefix;
    size_t prefix_len;                       /**< Bytes in prefix, or LIC2_TERMINATED. */
    /** Components of the identity that only the program knows, such as a serial number. */
    const lic2_component *components;
    /** Components in components; with those of the machine at most LIC2_COMPONENTS_MAX. */
    size_t components_count;
} lic2_host_options;

/* Host --------------------------------------------------------------------------------------------------- */

/** Opens everything on a desktop or server system: the directory of the stored activation, the clock, the
 *  identity of the machine, the trusted keys and the engine. No other process can open the directory until
 *  lic2_host_close or the end of the process. After a failure nothing is open.
 *  @param[out] host The host. It needs no initialization; one that is open is INVALID_ARGUMENT. It must
 *      outlive the engine.
 *  @param[out] engine The engine. It needs no initialization.
 *  @param product The product id compiled into the program.
 *  @param directory Path in the system's encoding, on Windows UTF-8. It is created if missing; its parent
 *      must exist. (NULL, 0) means the usual place, which is created: $XDG_STATE_HOME/PRODUCT or
 *      $HOME/.local/state/PRODUCT on Linux, $HOME/Library/Application Support/PRODUCT on macOS,
 *      %LOCALAPPDATA%\PRODUCT on Windows.
 *  @param anchors As in lic2_keyring_init.
 *  @param options NULL for the defaults: no version, no build time, 500 ms for another process, not sealed.
 *  @return OK, or: ARGUMENTS (also for an invalid path, and if the environment names no usual place),
 *      KEY_INVALID, KEY_DUPLICATE, KEYRING_FULL, STORE_READ (lic2_host_error says why), STATE_TOO_NEW,
 *      STATE_TOO_OLD.
 *  @stack 40 kB. @time Some milliseconds; as long as wait_ms if another process uses the directory. */
LIC2_API LIC2_MUST_USE lic2_status lic2_host_open(lic2_host *host, lic2_engine *engine, const char *product,
        size_t product_len, const char *directory, size_t directory_len, const uint8_t *anchors,
        size_t anchors_len, const lic2_host_options *options);

/** Opens a host without an engine, for a config of your own: with a counter, a device key or another
 *  identity. Then call lic2_host_configure, complete the config and call lic2_engine_open.
 *  @param product Names the usual place; ignored if there is a directory.
 *  @return As lic2_host_open. @stack 40 kB. @time As lic2_host_open. */
LIC2_API LIC2_MUST_USE lic2_status lic2_host_prepare(lic2_host *host, const char *product, size_t product_len,
        const char *directory, size_t directory_len, const lic2_host_options *options);

/** Fills in store, clock and identity of a config; leaves the rest unchanged. The host must outlive the
 *  engine.
 *  @param[in,out] config The config; needs LIC2_INIT.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED. @stack Under 1 kB. @time A microsecond. */
LIC2_API LIC2_MUST_USE lic2_status lic2_host_configure(lic2_host *host, lic2_config *config);

/** Closes a host and releases the lock of its directory; does nothing if it is not open. Its engine can no
 *  longer read or write: call lic2_engine_settle before, if you use reservations.
 *  @return OK, or: ARGUMENTS. @stack Under 500 bytes. @time Some microseconds. */
LIC2_API lic2_status lic2_host_close(lic2_host *host);

/** Uninstalls: removes the stored activation, its lock, and the directory if it contains nothing else. The
 *  seller is not told: return the license first with lic2_engine_deactivate. Close the host before.
 *  @param host Memory for a host, which keeps the reason of a failure for lic2_host_error.
 *  @param product, directory, options As in lic2_host_open.
 *  @return OK, also if there is nothing; or: ARGUMENTS, STORE_READ (lic2_host_error says why).
 *  @stack 18 kB. @time As lic2_host_open. */
LIC2_API LIC2_MUST_USE lic2_status lic2_host_erase(lic2_host *host, const char *product, size_t product_len,
        const char *directory, size_t directory_len, const lic2_host_options *options);

/* Host: machine and failures ----------------------------------------------------------------------------- */

/** Adds a component to the machine's identity that the program knows: a serial number, or the name that a
 *  cluster gives its node. Between lic2_host_prepare and lic2_host_configure.
 *  @return OK, or: ARGUMENTS (also for more than LIC2_COMPONENTS_MAX), NOT_INITIALIZED. @stack Under 1 kB.
 *      @time A microsecond. */
LIC2_API LIC2_MUST_USE lic2_status lic2_host_add(lic2_host *host, uint32_t kind, const uint8_t *value,
        size_t value_len);

/** Copies the identity components of the machine, which are personal data. The values are valid until the
 *  host is closed.
 *  @param[out] components LIC2_COMPONENTS_MAX are always enough.
 *  @param[out] count How many there are; also set when there is no room for all of them.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL. @stack Under 1 kB. @time A microsecond. */
LIC2_API LIC2_MUST_USE lic2_status lic2_host_components(lic2_host *host, lic2_component *components,
        size_t components_count, size_t *count);

/** Reports what suggests a virtual machine or a container, for signs of lic2_ask. Nothing follows from it.
 *  @param[out] signs LIC2_SIGN_..., combined with |.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED. @stack Under 500 bytes. @time Constant. */
LIC2_API LIC2_MUST_USE lic2_status lic2_host_signs(lic2_host *host, uint32_t *signs);

/** Writes the fingerprint that the marketplace asks for: `MAC|disk|board|processor`. Personal data.
 *  @param[out] buffer The text. LIC2_DOCUMENT_BYTES are always enough. Cleared when the call fails.
 *  @param[out] text_len Length of the text without the NUL; the length that is always enough if the buffer
 *      is too small.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, BUFFER_TOO_SMALL. @stack Under 1 kB. @time A microsecond. */
LIC2_API LIC2_MUST_USE lic2_status lic2_host_fingerprint(lic2_host *host, char *buffer, size_t buffer_len,
        size_t *text_len);

/** Fills memory from the random generator of the system: for the entropy of a request.
 *  @param host The host, open or not. @param[out] buffer The random bytes; zeros when the call fails.
 *  @return OK, or: ARGUMENTS, STORE_READ (the system refused). @stack Under 500 bytes. @time Some
 *      microseconds. */
LIC2_API LIC2_MUST_USE lic2_status lic2_host_random(lic2_host *host, uint8_t *buffer, size_t buffer_len);

/** Reports why the last call that returned STORE_READ or STORE_WRITE failed: of this host, or of an engine
 *  that uses it.
 *  @param host The host, open or not.
 *  @param[out] cause LIC2_HOST_CAUSE_...; 0 if nothing failed.
 *  @param[out] code The operating system's error number, or 0.
 *  @return OK, or: ARGUMENTS. @stack Under 500 bytes. @time Constant. */
LIC2_API LIC2_MUST_USE lic2_status lic2_host_error(lic2_host *host, uint32_t *cause, int32_t *code);

#endif

#if defined(LIC2_TABLES)

/* Anchor tables ------------------------------------------------------------------------------------------ */

/** Checks an anchor's signatures with a table of its multiples from now on, in about half the time. Call it
 *  after lic2_keyring_init, once for each table. It detects a damaged table and finds its anchor, but does
 *  not recompute the table: lic2_anchor_table_check does. Anyone who can change the table can make codes,
 *  as with the anchor itself. After a failure the ring is unchanged.
 *  @param table The array that `lic2-signer pubkey --format c-tables` prints. It must outlive the ring,
 *      unchanged.
 *  @param size Its size, sizeof.
 *  @return OK, or: ARGUMENTS, NOT_INITIALIZED, TABLE_INVALID, TABLE_KEY.
 *  @stack 0.3 kB. @time A twentieth of a signature check. */
LIC2_API LIC2_MUST_USE lic2_status lic2_keyring_use_table(lic2_keyring *ring, const void *table, size_t size);

/** Recomputes every number of an anchor table from its key: for the production line, and for tests.
 *  @return OK, or: ARGUMENTS, TABLE_INVALID. @stack 2 kB. @time One signature check without a table. */
LIC2_API LIC2_MUST_USE lic2_status lic2_anchor_table_check(const void *table, size_t size);

#endif

#if defined(LIC2_DEVICE_KEY)

/* Device key in software --------------------------------------------------------------------------------- */

/** Computes the public half of the device key that belongs to a seed, for device_key of lic2_identity.
 *  @param seed LIC2_KEY_BYTES secret random bytes, made on the device and kept there.
 *  @param[out] key LIC2_KEY_BYTES. Zeros when the call fails.
 *  @return OK, or: NULL_POINTER. @stack 2 kB. @time A third of a signature check. */
LIC2_API LIC2_MUST_USE lic2_status lic2_device_key_public(const uint8_t *seed, uint8_t *key);

/** Signs with the device key that belongs to a seed: all that the callback sign of lic2_identity has to do.
 *  @param[out] signature LIC2_SIGNATURE_BYTES. Zeros when the call fails.
 *  @return OK, or: ARGUMENTS. @stack 4 kB. @time Two thirds of a signature check, whatever the seed. */
LIC2_API LIC2_MUST_USE lic2_status lic2_device_key_sign(const uint8_t *seed, const uint8_t *message,
        size_t message_len, uint8_t *signature);

#endif

#ifdef __cplusplus
} /* extern "C" */
#endif

/* Statuses ----------------------------------------------------------------------------------------------- */

#define LIC2_STATUS_OK 0                     /**< No error. */

/* 101 to 199: the call is wrong. */
#define LIC2_STATUS_NULL_POINTER 101         /**< A required pointer is NULL. */
#define LIC2_STATUS_STRUCT_SIZE 102 /**< struct_size is smaller than the first version of the struct. */
#define LIC2_STATUS_STRUCT_TOO_NEW 103       /**< The struct has fields that this library does not know. */
#define LIC2_STATUS_INVALID_ARGUMENT 104     /**< An argument is outside its documented range. */
/** The key ring, license or engine was not set up by a call that succeeded. */
#define LIC2_STATUS_NOT_INITIALIZED 105
#define LIC2_STATUS_KEY_INVALID 106          /**< An anchor is not a usable Ed25519 public key. */
#define LIC2_STATUS_KEY_DUPLICATE 107        /**< The key ring already contains this key. */
#define LIC2_STATUS_KEYRING_FULL 108         /**< The key ring is full. */
#define LIC2_STATUS_BUFFER_TOO_SMALL 109     /**< The buffer is too small for the result. */
#define LIC2_STATUS_FEATURE_KIND 110         /**< This call does not work on a feature of this type. */
/** The anchor table is damaged or has a format that this library does not read. */
#define LIC2_STATUS_TABLE_INVALID 111
/** The anchor table is for a key that is not an anchor of this key ring. */
#define LIC2_STATUS_TABLE_KEY 112
/** The engine is used in one of its own callbacks, or a callback never returned. */
#define LIC2_STATUS_ENGINE_BUSY 113

/* 201 to 299: the text is not a document that this library reads. */
#define LIC2_STATUS_TEXT_EMPTY 201           /**< There is no text. */
#define LIC2_STATUS_TEXT_TOO_LONG 202        /**< The text is longer than any code. */
#define LIC2_STATUS_TEXT_PREFIX 203          /**< The text does not begin with LIC2. */
#define LIC2_STATUS_TEXT_CHARACTER 204 /**< The text contains a character that cannot be part of a code. */
#define LIC2_STATUS_TEXT_SEVERAL 205         /**< The text contains more than one code. */
#define LIC2_STATUS_TEXT_DAMAGED 206         /**< Characters of the code are missing or changed. */
#define LIC2_STATUS_DOCUMENT_KIND 207        /**< This is a different kind of document than expected here. */
#define LIC2_STATUS_FORMAT_VERSION 208       /**< This product is too old for the document's format. */
/** This product is too old for the document's signature algorithm. */
#define LIC2_STATUS_FORMAT_ALGORITHM 209
#define LIC2_STATUS_FORMAT_ENVELOPE 210      /**< The document's outer structure is not valid. */
#define LIC2_STATUS_PAYLOAD_MALFORMED 211    /**< The signed content cannot be decoded. */
#define LIC2_STATUS_PAYLOAD_NOT_CANONICAL 212 /**< The signed content is not in its canonical encoding. */
#define LIC2_STATUS_PAYLOAD_VALUE 213        /**< A value in the signed content is outside its limits. */
/** This product is too old for an extension that the document requires. */
#define LIC2_STATUS_EXTENSION_UNKNOWN 214

/* 301 to 399: the document is not authentic. */
#define LIC2_STATUS_KEY_UNKNOWN 301 /**< The code is signed with a key that this product does not trust. */
/** The signature does not match the content: the seller did not issue this code. */
#define LIC2_STATUS_SIGNATURE_INVALID 302
/** The issuer certificate is signed with a key that this product does not trust. */
#define LIC2_STATUS_CERTIFICATE_UNTRUSTED 303
#define LIC2_STATUS_CERTIFICATE_SIGNATURE 304 /**< The issuer certificate's signature is not valid. */
/** The issuer certificate contains another one, is too long, or is not for the signing key. */
#define LIC2_STATUS_CERTIFICATE_INVALID 305
#define LIC2_STATUS_ISSUER_KIND 306          /**< The issuer may not sign this kind of document. */
#define LIC2_STATUS_ISSUER_DATE 307 /**< The code was issued outside the issuer certificate's validity. */
#define LIC2_STATUS_ISSUER_SCOPE 308         /**< The issuer may not sign codes for this product. */
#define LIC2_STATUS_ISSUER_TERM 309          /**< The license lasts longer than its issuer may grant. */
#define LIC2_STATUS_ISSUER_TEST_ONLY 310     /**< The issuer may sign test codes only. */
#define LIC2_STATUS_ISSUER_REVOKED 311       /**< The key that signed the document has been revoked. */
/** The document carries an issuer certificate, and this product trusts only its anchors. */
#define LIC2_STATUS_ISSUER_UNSUPPORTED 312

/* 401 to 499: the license does not permit it. */
#define LIC2_STATUS_PRODUCT_MISMATCH 401     /**< The code is for another product. */
#define LIC2_STATUS_TEST_CODE 402 /**< This is a test code, and this product does not accept test codes. */
#define LIC2_STATUS_VERSION_NOT_COVERED 403  /**< The license does not cover this version of the product. */
/** This build is newer than the end of the license's maintenance. */
#define LIC2_STATUS_MAINTENANCE_ENDED 404
#define LIC2_STATUS_DEVICE_MISMATCH 405      /**< The code is for another device. */
#define LIC2_STATUS_NOT_YET_VALID 406        /**< The license has not started yet. */
#define LIC2_STATUS_EXPIRED 407              /**< The license has expired. */
#define LIC2_STATUS_LEASE_OVERDUE 408        /**< The license is overdue for a refresh. */
#define LIC2_STATUS_FEATURE_UNKNOWN 409      /**< The license does not contain this feature. */
#define LIC2_STATUS_FEATURE_EXPIRED 410      /**< The feature has expired. */
/** The code is an add-on, and no license for the product itself is granted. */
#define LIC2_STATUS_BASE_MISSING 411
#define LIC2_STATUS_NOT_ACTIVATED 412        /**< No license is activated on this device. */
#define LIC2_STATUS_CODE_OLDER 413           /**< A later issue of this license is already activated. */
/** A different code of this license with the same serial is already activated. */
#define LIC2_STATUS_CODE_CONFLICT 414
#define LIC2_STATUS_LICENSE_RETURNED 415     /**< This device has returned the license. */
#define LIC2_STATUS_LICENSE_RELEASED 416     /**< The seller has released the license from this device. */
#define LIC2_STATUS_LICENSE_FROZEN 417       /**< The seller has frozen the license. */
#define LIC2_STATUS_LICENSE_REFUNDED 418     /**< The license was refunded. */
#define LIC2_STATUS_LICENSE_REPLACED 419     /**< The license was replaced by a later issue. */
#define LIC2_STATUS_LIST_OLDER 420           /**< A later revocation list is already stored. */
/** A different revocation list with the same number is already stored. */
#define LIC2_STATUS_LIST_CONFLICT 421
#define LIC2_STATUS_UNLOCK_MISMATCH 422      /**< The unlock does not answer this device's pending request. */
#define LIC2_STATUS_LICENSE_UNKNOWN 423      /**< This license is not activated on this device. */
#define LIC2_STATUS_QUOTA_EXHAUSTED 424      /**< Not enough of the quota is left. */
#define LIC2_STATUS_SEATS_TAKEN 425          /**< All seats of the feature are taken. */
/** This product is too old for the way in which the license grants this feature. */
#define LIC2_STATUS_RIGHT_UNKNOWN 426
#define LIC2_STATUS_LIST_PART_MISSING 427 /**< The part of the revocation list for this license is missing. */

/* 501 to 599: a fact is missing, or the device failed. */
#define LIC2_STATUS_TIME_UNKNOWN 501 /**< The license depends on the time, and the time is not known. */
#define LIC2_STATUS_CLOCK_BEHIND 502         /**< The clock shows a time that is certainly past. */
/** The license counts from its activation, and that time is not known. */
#define LIC2_STATUS_ACTIVATION_UNKNOWN 503
/** The license counts powered-on hours, and they are not known. */
#define LIC2_STATUS_POWERED_HOURS_UNKNOWN 504
#define LIC2_STATUS_PRODUCT_UNKNOWN 505      /**< The application did not pass its product id. */
/** The license covers certain versions, and the application did not pass its version. */
#define LIC2_STATUS_VERSION_UNKNOWN 506
/** The license covers builds up to a date, and the application did not pass its build time. */
#define LIC2_STATUS_BUILD_TIME_UNKNOWN 507
/** The license is bound to a device, and this device's identity is not known. */
#define LIC2_STATUS_DEVICE_UNKNOWN 508
/** The license depends on the time, and the device's clock is not set. */
#define LIC2_STATUS_CLOCK_UNSET 509
#define LIC2_STATUS_STORE_READ 510           /**< The stored activation could not be read. */
#define LIC2_STATUS_STORE_WRITE 511          /**< The activation could not be stored. */
#define LIC2_STATUS_STATE_CORRUPT 512        /**< The stored activation is damaged. */
#define LIC2_STATUS_STATE_FOREIGN 513 /**< The stored activation belongs to another device or product. */
/** The stored activation was written by a later version of the product. */
#define LIC2_STATUS_STATE_TOO_NEW 514
/** The stored activation was replaced by an earlier copy or removed. */
#define LIC2_STATUS_STATE_ROLLED_BACK 515
#define LIC2_STATUS_STATE_FULL 516           /**< The stored activation has no room for more. */
#define LIC2_STATUS_COUNTER_FAILED 517       /**< The device's monotonic counter does not work. */
#define LIC2_STATUS_SIGNING_FAILED 518       /**< Signing with the device's key failed. */
/** The stored activation has a draft format that no released version reads. */
#define LIC2_STATUS_STATE_TOO_OLD 519

#define LIC2_STATUS_SELFTEST_FAILED 901      /**< The library computes wrong results on this machine. */

#endif /* LIC2_H */
