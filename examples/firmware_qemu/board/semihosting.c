#include "semihosting.h"

#include <string.h>

enum operation {
    SYS_OPEN = 0x01,
    SYS_WRITE0 = 0x04,
    SYS_WRITE = 0x05,
    SYS_READ = 0x06,
    SYS_SEEK = 0x0A,
    SYS_FLEN = 0x0C,
    SYS_TIME = 0x11,
    SYS_EXIT_EXTENDED = 0x20
};

/* Modes of SYS_OPEN: as "rb", "r+b" and "w+b" of fopen. */
enum { READ = 1, UPDATE = 3, CREATE = 7 };

static uintptr_t call(enum operation operation, const void *argument)
{
#if defined(__arm__)
    register uintptr_t number __asm__("r0") = (uintptr_t)operation;
    register uintptr_t result __asm__("r1") = (uintptr_t)argument;

    __asm__ volatile("bkpt 0xAB" : "+r"(number) : "r"(result) : "memory");
    return number;
#else
    register uintptr_t number __asm__("a0") = (uintptr_t)operation;
    register uintptr_t pointer __asm__("a1") = (uintptr_t)argument;

    /* These three instructions, in one page, are the mark of a call. */
    __asm__ volatile(".balign 16\n"
                     ".option push\n"
                     ".option norvc\n"
                     "slli zero, zero, 0x1f\n"
                     "ebreak\n"
                     "srai zero, zero, 7\n"
                     ".option pop\n"
                     : "+r"(number)
                     : "r"(pointer)
                     : "memory");
    return number;
#endif
}

static int32_t open_mode(const char *name, uintptr_t mode)
{
    const uintptr_t arguments[3] = {(uintptr_t)name, mode, strlen(name)};

    return (int32_t)call(SYS_OPEN, arguments);
}

/* Bytes that were not transferred. */
static uintptr_t transfer(enum operation operation, int32_t file, const void *bytes, size_t bytes_len)
{
    const uintptr_t arguments[3] = {(uintptr_t)file, (uintptr_t)bytes, bytes_len};

    return call(operation, arguments);
}

static int transfer_at(enum operation operation, int32_t file, size_t place, const void *bytes, size_t bytes_len)
{
    const uintptr_t arguments[2] = {(uintptr_t)file, place};

    return call(SYS_SEEK, arguments) == 0 && transfer(operation, file, bytes, bytes_len) == 0;
}

void host_write(const char *text)
{
    call(SYS_WRITE0, text);
}

int host_read_line(char *line, size_t line_len)
{
    static int32_t console = -1;
    size_t length = 0;
    char byte;

    if (console < 0) {
        console = open_mode(":tt", READ);
    }
    for (;;) {
        if (transfer(SYS_READ, console, &byte, 1) != 0) {
            return 0;
        }
        if (byte == '\n') {
            line[length] = '\0';
            return 1;
        }
        if (length + 1 < line_len) {
            line[length++] = byte;
        }
    }
}

int32_t host_open(const char *name)
{
    const int32_t file = open_mode(name, UPDATE);

    return file >= 0 ? file : open_mode(name, CREATE);
}

size_t host_length(int32_t file)
{
    const uintptr_t arguments[1] = {(uintptr_t)file};

    return call(SYS_FLEN, arguments);
}

int host_read_at(int32_t file, size_t place, void *bytes, size_t bytes_len)
{
    return transfer_at(SYS_READ, file, place, bytes, bytes_len);
}

int host_write_at(int32_t file, size_t place, const void *bytes, size_t bytes_len)
{
    return transfer_at(SYS_WRITE, file, place, bytes, bytes_len);
}

uint64_t host_time(void)
{
    return (uint32_t)call(SYS_TIME, NULL);
}

void host_exit(int code)
{
    /* 0x20026: the program has ended. */
    const uintptr_t arguments[2] = {0x20026, (uintptr_t)code};

    for (;;) {
        call(SYS_EXIT_EXTENDED, arguments);
    }
}
