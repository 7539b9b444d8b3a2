#include "logger.h"

#include "license.h"
#include "print.h"
#include "report.h"

static uint32_t open_channels;

/* The last reported decision. */
static int32_t told_status = -1;
static uint32_t told_serial;

/*
 * The decision is made again and tested before each protected action: a variable "is licensed" would be one byte to
 * flip.
 */
void logger_watch(void)
{
    lic2_decision decision;

    lic2_engine_check(&engine, &decision);
    if (!LIC2_GRANTED(&decision)) {
        open_channels = 0;
    }
    if (decision.status != told_status || decision.serial != told_serial) {
        told_status = decision.status;
        told_serial = decision.serial;
        report_decision(&decision);
    }
}

void logger_open_channels(uint32_t channels)
{
    lic2_feature feature;

    lic2_engine_feature(&engine, "channels", 8, &feature);
    if (!LIC2_GRANTED(&feature)) {
        report_refused(feature.status);
        return;
    }
    open_channels = channels < feature.value ? channels : (uint32_t)feature.value;
    print_number(open_channels);
    print(" channels open of ");
    print_number((uint32_t)feature.value);
    print(" licensed\n");
}

/*
 * Use is stored before it is granted. The reservation stores a hundred more samples as well, so that the
 * next uses write nothing; a power cut costs at most those.
 */
void logger_record(uint32_t samples)
{
    lic2_meter meter;

    lic2_engine_consume(&engine, "samples", 7, (uint64_t)samples * open_channels, 100, &meter);
    if (!LIC2_GRANTED(&meter)) {
        report_refused(meter.status);
        return;
    }
    print("recorded: ");
    print_number((uint32_t)meter.used);
    print(" of ");
    print_number((uint32_t)meter.total);
    print(" samples used\n");
}
