/* The product: a data logger that may record on as many channels, and as many samples, as its license says. */
#ifndef LOGGER_H
#define LOGGER_H

#include <stdint.h>

/* Asks whether the logger may run, and starts or stops it. Prints the answer if it is another than before. */
void logger_watch(void);

/* Opens the channels up to this number. */
void logger_open_channels(uint32_t channels);

/* Records samples on the open channels. */
void logger_record(uint32_t samples);

#endif
