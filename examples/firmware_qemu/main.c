/*
 * A data logger on a microcontroller that is never online: two pages of flash for each of two slots, a serial number in
 * fuses, no operating system, no heap, no C library. run.sh tells its story.
 *
 * The service port takes lines: whatever the seller sent, or
 *     channels N   sample N   request   status   pass SECONDS   cut N HOW   reset   off
 */
#include <string.h>

#include "board.h"
#include "license.h"
#include "logger.h"
#include "nor.h"
#include "nor_file.h"
#include "print.h"
#include "report.h"
#include "semihosting.h"

/* Room for the longest code, and for what a customer pastes around it. */
static char line[LIC2_CODE_MAX + 64];

/* Takes in whatever the seller sent: a code, a revocation list, a time token, an unlock. */
static void apply(void)
{
    uint32_t outcome;
    const lic2_status status = lic2_engine_apply(&engine, line, strlen(line), &outcome, NULL);

    if (status != LIC2_STATUS_OK) {
        report_refused(status);
        return;
    }
    print("applied: ");
    print(lic2_outcome_text(outcome));
    print("\n");
}

/* Asks the seller for a license: a text that the customer carries. */
static void request(void)
{
    static char text[LIC2_DOCUMENT_BYTES];
    size_t text_len;
    const lic2_status status = lic2_engine_request(&engine, NULL, text, sizeof text, &text_len);

    if (status != LIC2_STATUS_OK) {
        report_refused(status);
        return;
    }
    print(text);
    print("\n");
}

/* What support staff want to see. */
static void show_status(void)
{
    static char text[2048];
    size_t text_len;

    if (lic2_engine_status_text(&engine, text, sizeof text, &text_len) == LIC2_STATUS_OK) {
        print(text);
    }
}

/* Before the power goes away in order: what was reserved and not used is stored as unused. */
static void switch_off(void)
{
    const lic2_status status = lic2_engine_settle(&engine);

    if (status != LIC2_STATUS_OK) {
        report_refused(status);
    }
    print("off\n");
    host_exit(0);
}

void nor_power_lost(void)
{
    print("the power fails\n");
    board_reset();
}

/* Whether the line begins with the word; the numbers behind it, 0 where there is none. */
static int is_command(const char *word, uint32_t numbers[2])
{
    const char *at = line + strlen(word);
    int index;

    if (memcmp(line, word, strlen(word)) != 0 || (*at != ' ' && *at != '\0')) {
        return 0;
    }
    for (index = 0; index < 2; index++) {
        numbers[index] = 0;
        while (*at == ' ') {
            at++;
        }
        while (*at >= '0' && *at <= '9') {
            numbers[index] = numbers[index] * 10 + (uint32_t)(*at++ - '0');
        }
    }
    return 1;
}

static void obey(void)
{
    uint32_t numbers[2];

    if (is_command("channels", numbers)) {
        logger_open_channels(numbers[0]);
    } else if (is_command("sample", numbers)) {
        logger_record(numbers[0]);
    } else if (is_command("request", numbers)) {
        request();
    } else if (is_command("status", numbers)) {
        show_status();
    } else if (is_command("pass", numbers)) {
        license_skip(numbers[0]);
    } else if (is_command("cut", numbers)) {
        nor_cut(numbers[0], (enum nor_cut)numbers[1]);
    } else if (is_command("reset", numbers)) {
        board_reset();
    } else if (is_command("off", numbers)) {
        switch_off();
    } else {
        apply();
    }
}

int main(void)
{
    char serial[BOARD_SERIAL_LEN + 1];
    const size_t serial_len = board_serial(serial);

    print("data-logger 1.0 with lic2 ");
    print(lic2_version());
    print(", serial number ");
    print(serial_len != 0 ? serial : "missing");
    print("\n");
    if (nor_file_open("flash.bin") != 0 || license_open() != 0) {
        return 1;
    }
    /* At the start, after everything that happens, and so at every deadline. */
    logger_watch();
    while (host_read_line(line, sizeof line)) {
        print("> ");
        print(strlen(line) > 60 ? "(a document)" : line);
        print("\n");
        obey();
        logger_watch();
    }
    return 0;
}
