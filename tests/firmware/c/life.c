/* A life with an engine: start, paste, ask, a limit, a meter. */
#include "anchor.h"
#include "bench.h"
#include "engine.h"

static lic2_feature feature;
static lic2_meter meter;

int bench_prepare(void)
{
    return 1;
}

int bench_good(void)
{
    engine_erase();
    if (!engine_start(lic2_anchors) || engine_paste(input_metered) != LIC2_OUTCOME_ACTIVATED || !engine_granted()) {
        return 0;
    }
    return lic2_engine_feature(&engine, "channels", 8, &feature) == LIC2_STATUS_OK && LIC2_GRANTED(&feature) &&
           feature.value == 2 && lic2_engine_consume(&engine, "scans", 5, 3, 0, &meter) == LIC2_STATUS_OK &&
           LIC2_GRANTED(&meter) && meter.used == 3;
}

int bench_forged(void)
{
    engine_erase();
    return engine_start(input_other_anchor()) && engine_paste(input_metered) == 0 && !engine_granted();
}
