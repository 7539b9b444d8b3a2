/*
 * Takes the power away at every erase and every write of a device's life, in each way that flash may be left, starts the
 * device again and looks at what it holds. Prints how many cuts there were and how many of them left something bad.
 */
#include "device.h"
#include "life.h"
#include "nor.h"
#include "print.h"
#include "rules.h"

/* Activated and used once: enough for a store that does not hold. */
#define CONTROL_STEPS 2u

/* The device as it is before a step, and after it. */
static struct nor_cells before, after;
static struct view old_view, new_view;
static uint64_t granted_before;

static uint32_t points;
static uint32_t bad;

/* Nothing but nor_cells has to survive. */
void nor_keep(const void *part, size_t part_len)
{
    (void)part;
    (void)part_len;
}

void nor_power_lost(void)
{
}

static int is_state(const struct view *seen, const struct view *state)
{
    return seen->status == state->status && seen->condition == state->condition && seen->serial == state->serial &&
           seen->licenses == state->licenses && seen->lists == state->lists && seen->total == state->total;
}

/* Before its first license the device has one slot at most, and can only say that it is damaged: enter the code again. */
static int is_first_write_cut(const struct view *seen)
{
    return old_view.status == LIC2_STATUS_NOT_ACTIVATED && seen->status == LIC2_STATUS_STATE_CORRUPT &&
           seen->condition == LIC2_STATUS_STATE_CORRUPT && seen->licenses == 0;
}

/*
 * The state before the step or the one behind it, and nothing between. Of the meter: never less than was granted, and
 * what it was, or what the step uses on top, with as much of a reservation as it had stored.
 */
static int is_sound(const struct view *seen, const struct view *from, uint32_t step)
{
    const uint64_t behind = from->used + (new_view.used - old_view.used);

    if (seen->used < life_granted) {
        return 0;
    }
    if (is_first_write_cut(seen) || (is_state(seen, from) && seen->used == from->used)) {
        return 1;
    }
    return is_state(seen, &new_view) && (seen->used == behind || (life_reserved(step) != 0 && seen->used > from->used &&
                                                                  seen->used <= behind + life_reserved(step)));
}

/* The device after a loss of power; 0 if it starts with something sound. */
static int restart(struct view *seen, const struct view *from, uint32_t step)
{
    if (device_start() != 0) {
        return 1;
    }
    device_look(seen);
    return !is_sound(seen, from, step);
}

/*
 * What the device holds after the cut; whether it bears another cut while the step is repeated; and whether the step can
 * be finished then, and lasts.
 */
static int survives(uint32_t step, uint32_t operation, enum nor_cut how)
{
    struct view first;
    struct view second;
    struct view last;
    struct view lasting;

    if (restart(&first, &old_view, step) != 0) {
        return 0;
    }
    nor_cut(operation, (enum nor_cut)((how + 1) % (NOR_CUT_AFTER + 1)));
    life_step(step);
    points += nor_operations() >= operation;
    if (restart(&second, &first, step) != 0 || life_step(step) != 0) {
        return 0;
    }
    device_look(&last);
    if (device_start() != 0) {
        return 0;
    }
    device_look(&lasting);
    return is_state(&last, &new_view) && is_state(&lasting, &new_view) && lasting.used == last.used &&
           lasting.used >= life_granted;
}

/* Not for the control, which is bad everywhere. */
static void tell_bad(uint32_t step, uint32_t operation, enum nor_cut how)
{
    if (device_has_one_slot) {
        return;
    }
    print("bad: step ");
    print_number(step);
    print(", operation ");
    print_number(operation);
    print(", way ");
    print_number((uint32_t)how);
    print("\n");
}

/* One cut, at an operation of a step. Returns 0 when the step has no such operation. */
static int cut(uint32_t step, uint32_t operation, enum nor_cut how)
{
    nor_cells = before;
    life_granted = granted_before;
    if (device_start() != 0) {
        bad++;
        return 0;
    }
    nor_cut(operation, how);
    life_step(step);
    if (nor_operations() < operation) {
        return 0;
    }
    points++;
    if (!survives(step, operation, how)) {
        bad++;
        tell_bad(step, operation, how);
    }
    return 1;
}

static int cut_everywhere(uint32_t step)
{
    uint64_t granted_after;
    uint32_t operation;
    int how;

    before = nor_cells;
    granted_before = life_granted;
    device_look(&old_view);
    if (device_start() != 0 || life_step(step) != 0 || device_start() != 0) {
        return 1;
    }
    device_look(&new_view);
    after = nor_cells;
    granted_after = life_granted;
    for (how = NOR_CUT_BEFORE; how <= NOR_CUT_AFTER; how++) {
        for (operation = 1; cut(step, operation, (enum nor_cut)how); operation++) {
        }
    }
    nor_cells = after;
    life_granted = granted_after;
    return device_start();
}

/* A life of so many steps, with cuts in it; 0 if it could be lived without them. */
static int live(uint32_t steps)
{
    uint32_t step;

    points = 0;
    bad = 0;
    life_granted = 0;
    memset(&nor_cells, 0xFF, sizeof nor_cells);
    if (device_start() != 0) {
        return 1;
    }
    for (step = 0; step < steps; step++) {
        if (cut_everywhere(step) != 0) {
            print("a step fails without a cut: ");
            print_number(step);
            print("\n");
            return 1;
        }
    }
    return 0;
}

static void report(const char *name, uint32_t number)
{
    print(name);
    print(" ");
    print_number(number);
    print(" points\n");
}

int main(void)
{
    if (rules_broken() != 0) {
        print("the emulated flash forgives what flash does not\n");
        return 1;
    }
    if (live(LIFE_STEPS) != 0) {
        return 1;
    }
    report("flashcut.points", points);
    report("flashcut.bad", bad);
    if (points == 0 || bad != 0) {
        return 1;
    }
    /* A store that has but one slot has to fail, or this program could not see it. */
    device_has_one_slot = 1;
    if (live(CONTROL_STEPS) != 0) {
        return 1;
    }
    report("flashcut.control_bad", bad);
    return bad == 0;
}
