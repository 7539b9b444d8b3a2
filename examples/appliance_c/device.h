/* The device under the appliance: two pages of flash, a clock, a serial number. A real device has its own. */
#ifndef DEVICE_H
#define DEVICE_H

#include "lic2.h"

struct device {
    /* Two files represent the two pages of flash. */
    char pages[2][512];
    lic2_component esn;
};

/* A device with this serial number whose pages are in this directory; 0 if the name is too long. The serial number is
 * kept as a pointer. */
int device_init(struct device *device, const char *directory, const char *esn);

/* Provides the device to an engine. */
void device_lend(struct device *device, lic2_config *config);

#endif
