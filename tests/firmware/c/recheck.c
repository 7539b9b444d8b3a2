/* Asking again, after the usual code was activated. */
#include "anchor.h"
#include "bench.h"
#include "engine.h"

int bench_prepare(void)
{
    engine_erase();
    return engine_start(lic2_anchors) && engine_paste(input_usual) == LIC2_OUTCOME_ACTIVATED && engine_granted();
}

int bench_good(void)
{
    return engine_granted();
}

/* After a start under another anchor nothing is granted. */
int bench_forged(void)
{
    return engine_start(input_other_anchor()) && !engine_granted();
}
