/* A device with an engine: an identity, a clock, and a store of two pages. */
#ifndef ENGINE_H
#define ENGINE_H

#include "input.h"

extern lic2_engine engine;
/* As engine_start has filled it in. */
extern lic2_config engine_config;

/* Opens the engine on what the store holds. Returns whether that worked. */
int engine_start(const uint8_t *anchor);

/* Erases the store. */
void engine_erase(void);

/* Gives the engine a document. Returns the outcome; 0 if it was refused. */
uint32_t engine_paste(struct input document);

/* Whether the product may run. */
int engine_granted(void);

#endif
