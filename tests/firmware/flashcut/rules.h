/* Whether the emulated flash is as strict as real flash: a driver that passes must have earned it. */
#ifndef RULES_H
#define RULES_H

/* 0 if it is. Leaves the flash blank. */
int rules_broken(void);

#endif
