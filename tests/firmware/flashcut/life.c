#include "life.h"

#include "device.h"
#include "documents.h"

#define RESERVED 50

uint64_t life_granted;

static int apply(const char *text, size_t text_len)
{
    uint32_t outcome;

    return lic2_engine_apply(&engine, text, text_len, &outcome, NULL) != LIC2_STATUS_OK;
}

static int consume(uint64_t amount, uint64_t reservation)
{
    static lic2_meter meter;

    lic2_engine_consume(&engine, "samples", 7, amount, reservation, &meter);
    if (!LIC2_GRANTED(&meter)) {
        return 1;
    }
    life_granted += amount;
    return 0;
}

/* Uses that need no write, and what is left of the reservation given back. */
static int consume_ahead(void)
{
    return consume(7, RESERVED) != 0 || consume(1, 0) != 0 || lic2_engine_settle(&engine) != LIC2_STATUS_OK;
}

static int give_back(void)
{
    static char receipt[LIC2_DOCUMENT_BYTES];
    size_t receipt_len;

    return lic2_engine_deactivate(&engine, "DL-2", 4, NULL, 0, receipt, sizeof receipt, &receipt_len) !=
           LIC2_STATUS_OK;
}

int life_step(uint32_t step)
{
    switch (step) {
    case 0:
        return apply(document_first, sizeof document_first - 1);
    case 1:
        return consume(5, 0);
    case 2:
        return consume_ahead();
    case 3:
        return apply(document_renewal, sizeof document_renewal - 1);
    case 4:
        return consume(3, 0);
    case 5:
        return apply(document_second, sizeof document_second - 1);
    case 6:
        /* From here on the stored activation takes two pages. */
        return apply(document_list, sizeof document_list - 1);
    case 7:
        return consume(2, 0);
    default:
        return give_back();
    }
}

uint64_t life_reserved(uint32_t step)
{
    return step == 2 ? RESERVED : 0;
}
