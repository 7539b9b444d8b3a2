/* One piece of work that is measured. */
#ifndef BENCH_H
#define BENCH_H

/* Sets up what is not measured. Returns whether it worked. */
int bench_prepare(void);

/* The work on good input. Returns whether it was granted. */
int bench_good(void);

/* The same on forged input. Returns whether it was refused, as a forgery. */
int bench_forged(void);


#endif
