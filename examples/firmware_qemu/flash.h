/* The store of lic2 in flash: each of the two slots takes two pages. */
#ifndef FLASH_H
#define FLASH_H

#include "lic2.h"

/* Provides the pages to an engine. */
void flash_lend(lic2_store *store);

#endif
