/* The emulated flash in a file of the computer that runs the emulator, which keeps it without power. */
#ifndef NOR_FILE_H
#define NOR_FILE_H

/* Fills the cells from the file; from a new file with ones, as flash leaves the factory. 0 if it worked. */
int nor_file_open(const char *name);

#endif
