/* What the tests share: counting checks. */
#ifndef CHECK_H
#define CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "lic2.h"

static int check_count;
static int check_failures;

#define CHECK(condition) check_that((condition), #condition, __FILE__, __LINE__)

/* Counts a check and prints it if it failed. */
static void check_that(int passed, const char *text, const char *file, int line)
{
    check_count++;
    if (!passed) {
        check_failures++;
        printf("%s:%d: %s\n", file, line, text);
    }
}

/* Prints the result; the exit code of the program. */
static int check_report(void)
{
    printf("%d checks, %d failed\n", check_count, check_failures);
    return check_failures == 0 ? 0 : 1;
}

#endif
