/* Phases that may show a type: what is done in a state, and which beliefs that leads to. For the engine alone. Tables
 * of a kind are `far` cells apart, one for every belief and 8 draws; see Axis. */
#ifndef BELIEFS_H
#define BELIEFS_H
#include <math.h>

#include "signals.h"

/* How many rows among the weights a state of a turn has; see SignalArrays.size. */
static inline int64_t height(const Signal *s) { return 2 * (2 * s->branches + 2) + 2; }

/* The table of a belief along the coordinate, among those that differ in it alone; `rest` says in which of them. */
static inline int64_t table(const Axis *x, int64_t rest, int64_t node) {
    int64_t part = rest % x->parts, after = rest / x->parts % x->after, before = rest / x->parts / x->after;
    return ((before * x->along + node) * x->after + after) * x->parts + part;
}

static inline int64_t rests(const Axis *x) { return x->before * x->after * x->parts; }

/* How much each node counts for a belief. */
static inline void hats(const Draws *axis, const Draws *steep, int64_t along, Draws place, Draws *found) {
    Draws before = all(1.0);
    for (int64_t k = 0; k + 1 < along; k++) {
        Draws at = (place - axis[k]) * steep[k];
        Draws ramp = pick(at > 0.0, pick(at < 1.0, at, all(1.0)), all(0.0));
        found[k] = before - ramp;
        before = ramp;
    }
    found[along - 1] = before;
}

static inline void steepness(const Cell *nodes, int64_t along, Draws *axis, Draws *steep) {
    for (int64_t k = 0; k < along; k++) axis[k] = nodes[k];
    for (int64_t k = 0; k + 1 < along; k++) {
        Draws gap = axis[k + 1] - axis[k];
        steep[k] = pick(gap > 0.0, 1.0 / pick(gap > 0.0, gap, all(1.0)), all(TOGETHER));
    }
}

/* What each type does in a state, by type and branch, staying put last, and the logarithms of how likely all expect it
 * to, of which a type has `apart`. That a turn passed says nothing of types, and has none. */
typedef struct {
    const Cell *done, *said;
    int64_t apart;
} Deeds;

/* `room` is for four numbers a branch. */
static inline Deeds read(const Signal *s, int64_t state, const Cell *weights, Draws *room) {
    int64_t width = s->branches + 1;
    const Cell *decided = weights + s->base + state * height(s);
    if (s->turns) return (Deeds){decided, decided + 2 * width, s->branches};
    for (int64_t k = 0; k < 2 * width; k++) {
        Draws chance = room[k] = weights[s->chances[k * s->states + state]];
        for (int l = 0; l < DRAWS; l++) room[2 * width + k][l] = chance[l] > 0 ? log(chance[l]) : CLOSED;
    }
    return (Deeds){(const Cell *)room, (const Cell *)room + 2 * width, width};
}

/* How much each node counts for the belief after each branch, by branch and node, from a belief that is a node. */
static inline void turn(const Signal *s, const Cell *logs, const Deeds *d, const Draws *axis, const Draws *steep,
                 int64_t along, int64_t node, Draws *found) {
    int64_t width = s->branches + 1;
    for (int64_t b = 0; b < width; b++) {
        /* Who passes says nothing, and what is known for certain stays so. */
        if (node == 0 || node == along - 1 || (s->turns && b == s->branches)) {
            for (int64_t k = 0; k < along; k++) found[b * along + k] = all(k == node);
            continue;
        }
        Draws place = chance_of((logs[0] + d->said[b]) - (logs[1] + d->said[d->apart + b]));
        hats(axis, steep, along, place, found + b * along);
    }
}

/* What follows a branch in each of some columns, at the belief after it. `tables` are those along the coordinate. */
static inline void follow(const Cell *const *tables, int64_t along, int64_t cell, int64_t columns, const Draws *counts,
                   Draws *found) {
    for (int64_t c = 0; c < columns; c++) found[c] = all(0.0);
    for (int64_t k = 0; cell && k < along; k++) { /* nothing follows a branch that leads nowhere */
        Draws count = counts[k];
        if (!any(count != 0.0)) continue;
        const Cell *there = tables[k] + cell;
        for (int64_t c = 0; c < columns; c++) found[c] += count * there[c];
    }
}
#endif
