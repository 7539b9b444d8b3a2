/*
 * The four functions that the library needs. A product has them in its C library; these stand here so that what is
 * measured does not depend on which one that is. Words at a time where both ends are aligned.
 */
#include <stdint.h>
#include <string.h>

typedef uint32_t __attribute__((may_alias)) word;

#define ALIGNED(a, b) ((((uintptr_t)(a) | (uintptr_t)(b)) & 3) == 0)

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;

    if (ALIGNED(to, from)) {
        for (; n >= 4; n -= 4, t += 4, f += 4) {
            *(word *)(void *)t = *(const word *)(const void *)f;
        }
    }
    while (n-- != 0) {
        *t++ = *f++;
    }
    return to;
}

void *memmove(void *to, const void *from, size_t n)
{
    unsigned char *t = to;
    const unsigned char *f = from;

    if (t <= f || t >= f + n) {
        return memcpy(to, from, n);
    }
    while (n-- != 0) {
        t[n] = f[n];
    }
    return to;
}

void *memset(void *to, int value, size_t n)
{
    unsigned char *t = to;
    const word four = (unsigned char)value * 0x01010101u;

    if (ALIGNED(to, 0)) {
        for (; n >= 4; n -= 4, t += 4) {
            *(word *)(void *)t = four;
        }
    }
    while (n-- != 0) {
        *t++ = (unsigned char)value;
    }
    return to;
}

int memcmp(const void *a, const void *b, size_t n)
{
    const unsigned char *x = a, *y = b;

    for (; n != 0; n--, x++, y++) {
        if (*x != *y) {
            return *x - *y;
        }
    }
    return 0;
}
