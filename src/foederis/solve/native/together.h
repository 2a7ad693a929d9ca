/* A simultaneous move in one state before it, for 8 draws at once: what solve.matrices calls lanes. Options that are
 * not open have no place in it, nor has passing where nobody passes: such slots lead where others lead, or are never
 * taken. */
#ifndef TOGETHER_H
#define TOGETHER_H
#include "group.h"

/* The arrays of a simultaneous move in a step; see together.TableArrays. `bases` are reached by the step. What is found
 * is written among the notes of a pass, from `notes` on: for each base and turn the shares of the slots, 0, and what is
 * lost, as in matrices.decided, and then what follows. After all notes comes `scratch`, where there is room to work. */
typedef struct Joint {
    const Id *leads, *own, *choose, *counts, *mover, *base, *slots, *sizes;
    int64_t turns, width, length, bases, notes, scratch;
} Joint;

/* Of a base: what the solver came to (see principal), 1 where there is certainly one equilibrium only, how far the
 * branch was followed, and 1 where the slopes of the replies at the end may have an eigenvalue of 1 or more. */
enum { STATUS, ALONE, REACHED, STEEP, TOLD };
enum { CONVERGED, FELL_SHORT, BIFURCATION };

/* worth[turn][outcome] is what follows is worth to the turn's actor; an outcome is a slot of each turn, one of `deep`,
 * of which `count` are options; steps of one slot are `stride`. The unknowns of a turn begin at `first`. own, share,
 * what: [turn][width]; mix, which is how likely each slot is: [turn][width + 1]; choose, rational: [turn]. */
typedef struct {
    int64_t turns, width, outcomes, unknowns;
    int64_t *count, *deep, *stride, *first;
    Cell *worth, *own, *choose, *rational, *share, *mix, *what, *table;
    Cell *room;
} Move;

typedef struct {
    Cell *x; /* log-odds, [unknowns] */
    Marks done, crossed, folded;
    Draws reached, miss;
} Solved;

static inline Marks is_finite(Draws x) { return x - x == 0.0; }
static inline Cell *take(Move *m, int64_t cells) {
    Cell *room = m->room;
    m->room += cells;
    return room;
}

void decide_together(const Group *g, const Cell *values, Cell *weights, const Cell *rationality, int64_t actors,
                     Cell *notes);
void powers(Cell *x, int64_t count);
void reply(const Move *m, const Cell *x, Cell *value, Cell *slope);
Draws tolerance(const Move *m, const Cell *value, double relative);
Marks newton(Move *m, Solved *s, Marks skip);
Marks follow(Move *m, Solved *s, Marks skip);
Marks steep(Move *m, const Cell *x);
#endif
