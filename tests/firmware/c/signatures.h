/* Single signatures: what tests/firmware/src exports. */
#ifndef SIGNATURES_H
#define SIGNATURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether the compact verifier accepts the signature, its key of 32 bytes decoded again. */
bool firmware_signature(const uint8_t *key, const uint8_t *message, size_t message_len, const uint8_t *signature);

/* The same by ed25519-dalek's `verify_strict`. */
bool firmware_dalek_strict(const uint8_t *key, const uint8_t *message, size_t message_len, const uint8_t *signature);

#endif
