/* A device whose memory is lost whenever it is started; its flash stays. */
#ifndef DEVICE_H
#define DEVICE_H

#include "lic2.h"

extern lic2_engine engine;

/* Both slots of the store in the same pages: the mistake that the second slot is there to avoid. */
extern int device_has_one_slot;

/* Gives the device power and starts it; 0 if its license could be opened. */
int device_start(void);

/* What can be seen of the license. */
struct view {
    int32_t status;
    int32_t condition;
    uint32_t serial;
    uint32_t licenses;
    uint32_t lists;
    uint64_t used;
    uint64_t total;
};
void device_look(struct view *view);

#endif
