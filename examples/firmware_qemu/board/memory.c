/* The four functions that lic2 needs, and strlen. If you link a C library, leave this file out. */
#include <stdint.h>
#include <string.h>

/* Bytes of any type, a word at a time. */
typedef uint32_t __attribute__((may_alias)) word;

static int on_words(const void *a, const void *b)
{
    return (((uintptr_t)a | (uintptr_t)b) & 3) == 0;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    uint8_t *out = to;
    const uint8_t *in = from;

    if (on_words(out, in)) {
        for (; n >= 4; n -= 4, out += 4, in += 4) {
            *(word *)out = *(const word *)in;
        }
    }
    while (n-- != 0) {
        *out++ = *in++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t n)
{
    uint8_t *out = to;
    const uint8_t *in = from;

    if ((uintptr_t)out - (uintptr_t)in >= n) {
        return memcpy(to, from, n);
    }
    while (n-- != 0) {
        out[n] = in[n];
    }
    return to;
}

void *memset(void *to, int value, size_t n)
{
    uint8_t *out = to;
    const word four = (uint8_t)value * 0x01010101u;

    if (on_words(out, out)) {
        for (; n >= 4; n -= 4, out += 4) {
            *(word *)out = four;
        }
    }
    while (n-- != 0) {
        *out++ = (uint8_t)value;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const uint8_t *x = a;
    const uint8_t *y = b;

    for (; n != 0; n--, x++, y++) {
        if (*x != *y) {
            return *x < *y ? -1 : 1;
        }
    }
    return 0;
}

size_t strlen(const char *text)
{
    size_t length = 0;

    while (text[length] != '\0') {
        length++;
    }
    return length;
}
