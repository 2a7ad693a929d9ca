/* Whether everybody's choices in a simultaneous move are an equilibrium: a second opinion on together.c, from what the
 * solver says alone. See solve.verify_together for what is judged, and how. */
#include <math.h>

#include "check.h"

/* The states of a move's turns: for each the place of the state before the move, one of `bases`, and 1 where play comes
 * to the move. `row` is the first row of the group. What is found begins at `found`; `scratch` is room to work. */
typedef struct Seats {
    const Id *base;
    const double *entry;
    int64_t bases, turns, row, found, scratch;
} Seats;

/* What is found of a base, over its turns. */
enum { ODDS, REGRET, BOUND, STRAIN, TOLD };

/* Where play is, by state; and sums over the places of a turn, [bases, turns, options]: what an option is worth, how
 * likely it is, its least and largest share, and whether it is open. */
typedef struct {
    Cell *there, *worth, *share, *least, *most, *can;
} Sums;

static void pass_through(const Group *g, const Id *chunk, int64_t state, const Cell *values, const Cell *weights,
                         int64_t actors, const Sums *s) {
    const Seats *seats = g->seats;
    int64_t turn = chunk[2], width = g->branches, first = (seats->base[state] * seats->turns + turn) * width;
    const Cell *claimed = weights + g->base + state * (width + 2);
    Draws here = s->there[state];
    for (int64_t b = 0; b <= width; b++) {
        int64_t to = g->successors[b * g->states + state], next = to - seats->row, at = first + b;
        /* Where play cannot be while the step's links hold, these may lead astray, into another state's move. */
        int within = next >= 0 && next < g->states && seats->base[next] == seats->base[state];
        if (within) s->there[next] += here * claimed[b];
        if (b == width) continue;
        s->worth[at] += here * (values[to * actors + g->mover[turn]] + weights[g->own[b * g->states + state]]);
        s->share[at] += here * claimed[b];
        s->least[at] = -larger(-claimed[b], -s->least[at]);
        s->most[at] = larger(claimed[b], s->most[at]);
        if (to) s->can[at] = all(1.0);
    }
}

/* As judge_choice does it in check.c, of the sums over a turn's places that begin at `at`. */
static void judge_turn(const Sums *s, int64_t at, int64_t width, Draws precision, Cell *found) {
    Draws asked = all(0.0), mean = all(0.0), best = all(-INFINITY), against = all(0.0), wrong = all(0.0);
    Draws uneven = all(0.0), spoilt = all(0.0), odds[width];
    int64_t options = 0;
    for (int64_t b = 0; b < width; b++) {
        if (s->can[at + b][0] == 0.0) continue;
        options++;
        asked += s->share[at + b];
        mean += s->share[at + b] * s->worth[at + b];
        best = larger(s->worth[at + b], best);
        uneven = larger(s->most[at + b] - s->least[at + b], uneven);
    }
    for (int64_t b = 0; b < width; b++)
        odds[b] = s->can[at + b][0] == 0.0 ? all(-INFINITY) : precision * (s->worth[at + b] - best);
    decays(odds, width);
    for (int64_t b = 0; b < width; b++) against += odds[b];
    Marks live = asked > 0.0;
    Draws each = pick(live, 1.0 / pick(live, asked, all(1.0)), all(0.0));
    Draws ratio = pick(against > 0.0, asked / against, all(0.0));
    for (int64_t b = 0; b < width; b++) {
        Draws off = odds[b] * ratio - s->share[at + b];
        wrong = larger(size(off), wrong);
        spoilt += off * 0.0;
    }
    Draws lost = pick(live, best - mean * each, all(0.0));
    Draws bound = options > 1 ? log((double)options) / precision : all(0.0);
    found[ODDS] = larger(larger(wrong * each, uneven), found[ODDS]) + spoilt;
    found[STRAIN] = larger(pick((bound > 0.0) & (bound < INFINITY), lost / bound, all(0.0)), found[STRAIN]);
    Marks more = lost > found[REGRET];
    found[REGRET] = pick(more, lost, found[REGRET]);
    found[BOUND] = pick(more, bound, found[BOUND]);
}

/* Judges a simultaneous move, in all states before it: [bases, 4] from seats->found on. */
void judge_together(const Group *g, const Cell *values, const Cell *weights, const Cell *precision, int64_t actors,
                    Cell *found) {
    const Seats *seats = g->seats;
    int64_t size = seats->bases * seats->turns * g->branches;
    Cell *room = found + seats->scratch, *next = room + g->states;
    Sums s = {room, next, next + size, next + 2 * size, next + 3 * size, next + 4 * size};
    for (int64_t state = 0; state < g->states; state++) s.there[state] = all(seats->entry[state]);
    for (int64_t i = 0; i < size; i++) {
        s.worth[i] = s.share[i] = s.can[i] = all(0.0);
        s.least[i] = all(INFINITY), s.most[i] = all(-INFINITY);
    }
    for (const Id *chunk = g->order + 4 * (g->count - 1); chunk >= g->order; chunk -= 4)
        for (int64_t state = chunk[0]; state < chunk[0] + chunk[3]; state++)
            pass_through(g, chunk, state, values, weights, actors, &s);
    for (int64_t base = 0; base < seats->bases; base++) {
        Cell *here = found + seats->found + base * TOLD;
        for (int64_t i = 0; i < TOLD; i++) here[i] = all(i == REGRET ? -1.0 : 0.0);
        for (int64_t turn = 0; turn < seats->turns; turn++)
            judge_turn(&s, (base * seats->turns + turn) * g->branches, g->branches, precision[g->mover[turn]], here);
    }
}
