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
 * Whether a decision or a feature, given by its address, permits. Tests two words, of which each is far from zero,
 * and the size, so that neither zeroed, nor damaged, nor never initialized memory permits.
 */
#define LIC2_GRANTED(x) \
    ((x)->struct_size >= sizeof *(x) && (x)->verdict == LIC2_VERDICT_GRANTED && \
     (x)->verdict_check == LIC2_VERDICT_DENIED)

/*
 * The version of a product build for lic2_facts: major and minor up to 65535, patch up to 4294967295. Larger numbers
 * give 0, an unknown version, which never grants.
 */
#define LIC2_VERSION(major, minor, patch) \
    (((uint64_t)(major) | (uint64_t)(minor)) > 0xFFFFu || (uint64_t)(patch) > 0xFFFFFFFFu \
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
#define LIC2_ABI_VERSION 1

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
 * What a call returns, and why a license or a feature was refused. Numbers are never changed or used again.
 *
 * 101 to 199: the call is wrong. 201 to 299: the text is. 301 to 399: the code is not authentic. 401 to 499: the
 * license does not permit it. 501 to 599: a fact is missing. 901: the library is broken.
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
     * The key ring or license was not set up by a call that succeeded.
     * What to do: check the status of lic2_keyring_init or lic2_code_verify before using its result.
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
     * The issuer certificate is malformed or certifies another key.
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
     * LIC2_FEATURE_FLAG, _LIMIT, _QUOTA or _TEXT; 0 if the license does not contain the feature.
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
 * The certificate has to be signed by an anchor of the ring. After a failure the ring is as it was.
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
 *           ISSUER_TEST_ONLY.
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
 *           ISSUER_DATE, ISSUER_SCOPE, ISSUER_TERM, ISSUER_TEST_ONLY. For decision.status of a refusal see
 *           lic2_license_decide.
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
 * @stack    3.6 kB (x86-64).
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
 *                       FEATURE_EXPIRED, or any refusal that lic2_license_decide names; or the return value when
 *                       the call fails.
 * @return   OK if a decision was made, also if it is a refusal; or: NULL_POINTER, STRUCT_SIZE, STRUCT_TOO_NEW,
 *           INVALID_ARGUMENT, NOT_INITIALIZED.
 * @threads  Needs the feature alone; any number at once on one license and facts.
 * @stack    At most 4.1 kB (x86-64).
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
 * @stack    At most 4.1 kB (x86-64).
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

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* LIC2_H */
