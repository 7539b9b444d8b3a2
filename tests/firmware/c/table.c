/*
 * Answers every signature of tests/firmware/ed25519.table, as the tests on the host do; tests/support/answer_table.rs
 * says what the bytes are. The table is part of the program.
 */
#include <string.h>

#include "print.h"
#include "signatures.h"

#define ACCEPTED 0x8000u

/* What a case consists of. */
struct entry {
    uint16_t key, r, s, message;
};

__asm__(".section .rodata.table, \"a\"\n"
        ".balign 4\n"
        ".global table\n"
        "table: .incbin \"ed25519.table\"\n"
        ".text\n");
extern const uint32_t table[];

void firmware(void)
{
    const uint32_t blocks = table[0], messages = table[1], cases = table[3];
    const uint8_t(*const block)[32] = (const uint8_t(*)[32])(table + 4);
    const uint16_t *const end = (const uint16_t *)(block + blocks);
    const struct entry *const list = (const struct entry *)(const void *)(end + messages);
    const uint8_t *const text = (const uint8_t *)(list + cases);
    uint32_t index, accepted = 0, wrong = 0;

    for (index = 0; index < cases; index++) {
        const struct entry *const entry = &list[index];
        const unsigned message = entry->message & ~ACCEPTED;
        const unsigned from = message == 0 ? 0 : end[message - 1];
        const bool expected = (entry->message & ACCEPTED) != 0;
        uint8_t signature[64];

        memcpy(signature, block[entry->r], 32);
        memcpy(signature + 32, block[entry->s], 32);
        accepted += expected;
        if (firmware_signature(block[entry->key], text + from, end[message] - from, signature) != expected) {
            print_number("wrong answer of case ", index);
            wrong++;
        }
    }
    print_number("cases ", cases);
    print_number("accepted ", accepted);
    print_number("wrong ", wrong);
}
