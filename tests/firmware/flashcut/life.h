/* What happens to a device, in steps that each write to its flash. */
#ifndef LIFE_H
#define LIFE_H

#include <stdint.h>

#define LIFE_STEPS 9u

/* How many uses were granted since the device left the factory; set back by a test that starts over. */
extern uint64_t life_granted;

/* The next step; 0 if everything in it was done and acknowledged. A step whose end was lost can be repeated. */
int life_step(uint32_t step);

/* How much more than granted a step may leave as used when it is cut off: what it reserves. */
uint64_t life_reserved(uint32_t step);

#endif
