#include "device.h"

#include "anchor.h"
#include "flash.h"
#include "nor.h"

lic2_engine engine;
int device_has_one_slot;

static lic2_keyring ring;
static lic2_config config;
static lic2_store pages;

static const char product[] = "data-logger";
static const char serial[] = "20521B3A003600414E3C1502";
static const lic2_component esn = {LIC2_COMPONENT_ESN, 0, (const uint8_t *)serial, sizeof serial - 1};

/* Stored activations are sealed, so that no signature has to be checked at each of many thousand starts. */
static const uint8_t secret[] = "a secret of this device alone";

static int32_t read_only_slot(void *context, uint32_t slot, uint8_t *memory, size_t memory_len, size_t *stored_len)
{
    (void)slot;
    return pages.read(context, LIC2_SLOT_A, memory, memory_len, stored_len);
}

static int32_t write_only_slot(void *context, uint32_t slot, const uint8_t *bytes, size_t bytes_len)
{
    (void)slot;
    return pages.write(context, LIC2_SLOT_A, bytes, bytes_len);
}

int device_start(void)
{
    nor_cut(0, NOR_CUT_BEFORE);
    flash_lend(&pages);
    LIC2_INIT(&config);
    config.product = product;
    config.product_len = sizeof product - 1;
    config.ring = &ring;
    config.store = pages;
    if (device_has_one_slot) {
        config.store.read = read_only_slot;
        config.store.write = write_only_slot;
    }
    config.identity.components = &esn;
    config.identity.components_count = 1;
    config.identity.secret = secret;
    config.identity.secret_len = sizeof secret - 1;
    return lic2_keyring_init(&ring, lic2_anchors, sizeof lic2_anchors) != LIC2_STATUS_OK ||
           lic2_engine_open(&engine, &config) != LIC2_STATUS_OK;
}

void device_look(struct view *view)
{
    static lic2_decision decision;
    static lic2_meter meter;
    static lic2_engine_info info;

    lic2_engine_check(&engine, &decision);
    lic2_engine_meter(&engine, "samples", 7, &meter);
    memset(view, 0, sizeof *view);
    view->condition = lic2_engine_status(&engine, &info);
    if (view->condition == LIC2_STATUS_OK) {
        view->condition = info.condition;
    }
    view->status = LIC2_GRANTED(&decision) ? LIC2_STATUS_OK : decision.status;
    view->serial = decision.serial;
    view->licenses = info.license_count;
    view->lists = info.list_count;
    view->used = meter.used;
    view->total = meter.total;
}
