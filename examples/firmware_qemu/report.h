/* What the device tells about its license. */
#ifndef REPORT_H
#define REPORT_H

#include "lic2.h"

/* Why not, and what to do about it. */
void report_refused(int32_t status);

/* What a decision permits. */
void report_decision(const lic2_decision *decision);

#endif
